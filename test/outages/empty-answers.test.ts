import { describe, expect, test } from 'vitest';
import type { FleetBuilder } from '../../src/sandbox/fleet/fleet-builder.ts';
import type { Json } from '../../src/sandbox/service.ts';
import { addService, addStale, newFleet, openWorker, serve, without } from '../end-to-end/support.ts';
import type { FaultRule } from '../sandbox/faults.ts';

const BLUE_AND_GREEN = { clusters: ['blue', 'green'] };
/** The other guardrails on stale entries, out of the way. */
const WITHOUT_BUDGET = { '--guardrails-removal-budget-percent': '100' };

function twoClusters(): FleetBuilder {
  const fleet = newFleet(BLUE_AND_GREEN);
  addService(fleet, '_orders._tcp', { live: 6 });
  addService(fleet, '_users._tcp', { cluster: 'green', live: 4 });
  for (const { privateDnsName, address } of fleet.world.machines.values())
    fleet.plantHost(privateDnsName, address, { expected: 'live', reason: 'host-present' });
  return fleet;
}

/** The operation answers with an empty list, and no error. */
function emptied(operation: string, field: string, cluster?: string): FaultRule {
  return {
    operation,
    ...(cluster === undefined
      ? {}
      : { when: ({ input }) => String(input['cluster']).endsWith(`/${cluster}`) }),
    effect: { kind: 'transform', transform: (output) => ({ ...output, [field]: [] }) },
  };
}

describe('a source that answers empty without an error removes nothing', () => {
  test.each<{ what: string; faults: readonly FaultRule[] }>([
    { what: 'no clusters', faults: [emptied('ecs:ListClusters', 'clusterArns')] },
    { what: 'no tasks', faults: [emptied('ecs:ListTasks', 'taskArns')] },
    { what: 'no instances', faults: [emptied('ecs:ListContainerInstances', 'containerInstanceArns')] },
    {
      what: 'neither tasks nor instances',
      faults: [
        emptied('ecs:ListTasks', 'taskArns'),
        emptied('ecs:ListContainerInstances', 'containerInstanceArns'),
      ],
    },
    { what: 'no descriptions of tasks', faults: [emptied('ecs:DescribeTasks', 'tasks')] },
    {
      what: 'no descriptions of instances',
      faults: [emptied('ecs:DescribeContainerInstances', 'containerInstances')],
    },
    { what: 'no EC2 instances', faults: [emptied('ec2:DescribeInstances', 'Reservations')] },
    { what: 'no tasks in one cluster', faults: [emptied('ecs:ListTasks', 'taskArns', 'green')] },
    {
      what: 'nothing of one cluster',
      faults: [
        emptied('ecs:ListTasks', 'taskArns', 'green'),
        emptied('ecs:ListContainerInstances', 'containerInstanceArns', 'green'),
      ],
    },
  ])('$what', async ({ faults }) => {
    const fleet = twoClusters();
    const before = fleet.zone.list();
    const server = await serve(fleet.world);
    for (const fault of faults) server.addFault(fault);

    await openWorker(server, WITHOUT_BUDGET).apply();

    expect(fleet.zone.list()).toEqual(before);
    expect(server.counts()).not.toHaveProperty('route53:ChangeResourceRecordSets');
  });

  test('one cluster fewer in the list', async () => {
    const fleet = twoClusters();
    const before = fleet.zone.list();
    const server = await serve(fleet.world);
    const { arn } = fleet.world.cluster('blue');
    server.addFault({
      operation: 'ecs:ListClusters',
      effect: { kind: 'transform', transform: () => ({ clusterArns: [arn] }) },
    });

    const { heldBack } = await openWorker(server, WITHOUT_BUDGET).apply();

    expect(new Set(heldBack.map(({ guardrail }) => guardrail))).toEqual(new Set(['host-not-covered']));
    expect(fleet.zone.list()).toEqual(before);
  });
});

describe('a source that answers empty for a while is not believed at the confirmation', () => {
  const TASKS = { operation: 'ecs:ListTasks', field: 'taskArns' };
  const MACHINES = { operation: 'ecs:DescribeContainerInstances', field: 'containerInstances' };
  const INSTANCES = { operation: 'ec2:DescribeInstances', field: 'Reservations' };

  /** ECS says that no task runs on the machines of green, in the first answer. */
  function countingNone(): FaultRule {
    const withoutTasks = (output: Json) => ({
      ...output,
      containerInstances: [output['containerInstances']]
        .flat()
        .map((one) => ({ ...Object(one), runningTasksCount: 0, pendingTasksCount: 0 })),
    });
    return {
      operation: MACHINES.operation,
      when: ({ input }) => String(input['cluster']).endsWith('/green'),
      times: 1,
      effect: { kind: 'transform', transform: withoutTasks },
    };
  }

  test.each<{ what: string; faults: readonly FaultRule[]; held: boolean }>([
    {
      what: 'tasks of one cluster, and the counts of its machines with them: the tasks are found',
      faults: [{ ...emptied(TASKS.operation, TASKS.field, 'green'), times: 1 }, countingNone()],
      held: false,
    },
    {
      what: 'tasks of one cluster for good, the counts of its machines at first',
      faults: [emptied(TASKS.operation, TASKS.field, 'green'), countingNone()],
      held: true,
    },
  ])('$what', async ({ faults, held }) => {
    const fleet = twoClusters();
    const before = fleet.zone.list();
    const server = await serve(fleet.world);
    for (const fault of faults) server.addFault(fault);

    const { summary, heldBack } = await openWorker(server, WITHOUT_BUDGET).apply();

    expect(summary).toMatchObject({ stale: held ? 4 : 0, removals: 0, heldBack: held ? 4 : 0 });
    for (const { guardrail, detail } of heldBack) {
      expect(guardrail).toBe('not-confirmed');
      expect(detail).toMatch(/^ECS counts 2 tasks on i-\w+, of which 0 could be read$/);
    }
    expect(fleet.zone.list()).toEqual(before);
  });

  test.each([
    { what: 'descriptions of machines', source: MACHINES, detail: /^i-\w+ could not be confirmed/ },
    { what: 'instances of a name', source: INSTANCES, detail: /^EC2 no longer has i-\w+ of the name ip-/ },
    { what: 'tasks', source: TASKS, detail: /^ECS counts \d+ tasks on i-\w+, / },
  ])('$what, at the confirmation alone', async ({ source, detail }) => {
    const fleet = twoClusters();
    const before = fleet.zone.list();
    const stale = addStale(fleet, '_orders._tcp', 2);
    const server = await serve(fleet.world);
    const { heldBack } = await openWorker(server, WITHOUT_BUDGET).apply({
      approve: async () => {
        server.addFault(emptied(source.operation, source.field));
        return true;
      },
    });

    expect(heldBack).toHaveLength(detail === undefined ? 0 : stale.length);
    for (const held of heldBack) expect(held.detail).toMatch(detail ?? /never/);
    expect(without(fleet.zone.list(), stale)).toEqual(before);
  });

  test.each([
    { what: 'instances, once, while an agent is not connected', times: 1 },
    { what: 'instances, for good, while an agent is not connected', times: 100 },
  ])('$what', async ({ times }) => {
    const fleet = twoClusters();
    const before = fleet.zone.list();
    const machine = fleet.machine(fleet.world.cluster('blue'), 0);
    Object.assign(machine.containerInstance ?? {}, { agentConnected: false });
    const server = await serve(fleet.world);
    server.addFault({ ...emptied(INSTANCES.operation, INSTANCES.field), times });
    server.addFault({ ...emptied('ec2:DescribeNetworkInterfaces', 'NetworkInterfaces'), times });

    const { summary } = await openWorker(server, WITHOUT_BUDGET).apply();

    expect(summary.applied).toBe(0);
    expect(fleet.zone.list()).toEqual(before);
  });
});

describe('when really nothing runs any more', () => {
  /** All tasks stopped; the machines are still there. */
  async function emptyFleet() {
    const fleet = newFleet();
    const { live, liveSets } = addService(fleet, '_orders._tcp', { live: 6 });
    for (const { task } of live) fleet.world.stopTask(task);
    return { fleet, sets: liveSets, before: fleet.zone.list(), server: await serve(fleet.world) };
  }

  test('every stale entry is held back, with the guardrail that says so', async () => {
    const { fleet, before, server } = await emptyFleet();

    const { summary, heldBack } = await openWorker(server).apply();

    expect(summary).toMatchObject({ stale: 6, heldBack: 6, removals: 0 });
    expect(new Set(heldBack.map(({ guardrail }) => guardrail))).toEqual(new Set(['empty-inventory']));
    expect(fleet.zone.list()).toEqual(before);
  });

  test('--force does not lift it', async () => {
    const { fleet, before, server } = await emptyFleet();

    await openWorker(server).apply({ force: true });

    expect(fleet.zone.list()).toEqual(before);
  });

  test('--allow-empty lifts it', async () => {
    const { fleet, sets, before, server } = await emptyFleet();

    const { summary } = await openWorker(server, { '--allow-empty': true }).apply();

    expect(summary).toMatchObject({ stale: 6, applied: 6, heldBack: 0 });
    expect(fleet.zone.list()).toEqual(without(before, sets));
  });
});

describe('more stale entries than the removal budget allows', () => {
  test.each([
    { stale: 7, force: false, removed: 0 },
    { stale: 7, force: true, removed: 7 },
    { stale: 5, force: false, removed: 0 },
    { stale: 3, force: false, removed: 3 },
  ])('$stale of 5 more, force $force: $removed go', async ({ stale, force, removed }) => {
    const fleet = newFleet();
    const { staleSets } = addService(fleet, '_orders._tcp', { live: 5, stale });
    const before = fleet.zone.list();
    const server = await serve(fleet.world);

    const { summary, heldBack } = await openWorker(server).apply({ force });

    expect(summary).toMatchObject({ stale, removals: removed, heldBack: stale - removed });
    expect(heldBack.every(({ guardrail }) => guardrail === 'removal-budget')).toBe(true);
    expect(fleet.zone.list()).toEqual(removed === 0 ? before : without(before, staleSets));
  });
});
