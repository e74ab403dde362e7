import { describe, expect, test } from 'vitest';
import type { FaultRule } from '../../src/sandbox/faults.ts';
import type { FleetBuilder } from '../../src/sandbox/fleet/fleet-builder.ts';
import { addService, newFleet, openWorker, serve, without } from '../end-to-end/support.ts';

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
    { stale: 5, force: false, removed: 5 },
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
