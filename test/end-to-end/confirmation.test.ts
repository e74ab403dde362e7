import { describe, expect, test } from 'vitest';
import type { Json } from '../../src/sandbox/service.ts';
import type { FaultEffect, FaultRule } from '../sandbox/faults.ts';
import type { TestServer } from '../sandbox/test-server.ts';
import { addService, addStale, newFleet, openWorker, serve, srvSet, without } from './support.ts';

const LISTING = 'ecs:ListTasks';
const MACHINES = 'ecs:DescribeContainerInstances';
const INSTANCES = 'ec2:DescribeInstances';
const CHANGE = 'route53:ChangeResourceRecordSets';

/** Six live entries and two stale ones on two machines. */
function fleetWithStale() {
  const fleet = newFleet();
  const { service, live, liveSets, staleSets } = addService(fleet, '_orders._tcp', { live: 6, stale: 2 });
  return { fleet, service, live, liveSets, staleSets, before: fleet.zone.list() };
}

/** Leaves something out of the list that a field of the answer is. */
function leavingOut(field: string, value: unknown): FaultEffect {
  const transform = (output: Json) => {
    const list: unknown = output[field];
    return { ...output, [field]: Array.isArray(list) ? list.filter((one) => one !== value) : list };
  };
  return { kind: 'transform', transform };
}

/** Meets every call of an operation but so many first ones. */
function afterFirst(server: TestServer, calls: number, operation: string, effect: FaultEffect): void {
  let seen = 0;
  server.addFault({
    operation,
    when: () => {
      seen += 1;
      return seen > calls;
    },
    effect,
  });
}

describe('a listing that leaves out a task that runs', () => {
  test('at first, and not at the confirmation: its entry is live, and the stale ones go', async () => {
    const { fleet, live, staleSets, before } = fleetWithStale();
    const server = await serve(fleet.world);
    const task = live[0]?.task.taskArn;
    server.addFault({ operation: LISTING, times: 1, effect: leavingOut('taskArns', task) });

    const { summary, entries } = await openWorker(server).apply();

    expect(fleet.zone.list()).toEqual(without(before, staleSets));
    expect(summary).toMatchObject({ live: 6, stale: 2, applied: 2, heldBack: 0 });
    const found = entries.find(({ setIdentifier }) => setIdentifier?.endsWith(live[0]?.containerId ?? '-'));
    expect(found).toMatchObject({ verdict: 'live', reason: 'running', evidence: { task } });
  });

  test('every time: what ECS counts on its machine holds its entry, and all that wait for it', async () => {
    const { fleet, live, staleSets, before } = fleetWithStale();
    const server = await serve(fleet.world);
    server.addFault({ operation: LISTING, effect: leavingOut('taskArns', live[0]?.task.taskArn) });
    const [onMachine] = staleSets;
    const machine = fleet.machine(fleet.world.cluster('blue'), 0);

    const { summary, heldBack, incomplete } = await openWorker(server).apply();

    const detail = `ECS counts 3 tasks on ${machine.instanceId}, of which 2 could be read`;
    expect(heldBack.map((one) => [one.setIdentifier, one.guardrail, one.detail])).toEqual(
      [
        [onMachine?.SetIdentifier, 'not-confirmed', detail],
        [`${live[0]?.host}:${live[0]?.containerId}`, 'not-confirmed', detail],
      ].toSorted(([a = ''], [b = '']) => (a < b ? -1 : 1)),
    );
    expect(summary).toMatchObject({ stale: 3, heldBack: 2, applied: 1, failed: 0 });
    expect(incomplete).toEqual([]);
    expect(fleet.zone.list()).toEqual(without(before, staleSets.slice(1)));
  });

  test('of a whole machine, every time: none of its entries goes', async () => {
    const { fleet, live, liveSets, before } = fleetWithStale();
    const server = await serve(fleet.world);
    const own = new Set(live.filter((_, i) => i % 2 === 0).map(({ task }) => task.taskArn));
    const transform = (output: Json) => {
      const { taskArns } = output;
      return { ...output, taskArns: Array.isArray(taskArns) ? taskArns.filter((arn) => !own.has(arn)) : [] };
    };
    server.addFault({ operation: LISTING, effect: { kind: 'transform', transform } });

    const { heldBack } = await openWorker(server).apply();

    expect(heldBack.filter(({ guardrail }) => guardrail === 'not-confirmed').length).toBeGreaterThanOrEqual(
      3,
    );
    for (const set of liveSets) expect(fleet.zone.list()).toContainEqual(set);
    expect(fleet.zone.list().length).toBeGreaterThanOrEqual(before.length - 1);
  });
});

describe('the confirmation that fails', () => {
  test.each<{ what: string; effect: FaultEffect; error: string }>([
    {
      what: 'because it is not allowed',
      effect: { kind: 'error', code: 'AccessDeniedException', message: 'not authorized' },
      error: 'AccessDeniedException: not authorized',
    },
    {
      what: 'with a failure of a machine',
      effect: {
        kind: 'transform',
        transform: ({ containerInstances }) => ({
          containerInstances: [],
          failures: Array.isArray(containerInstances)
            ? containerInstances.map(() => ({ arn: 'arn:x', reason: 'INTERNAL' }))
            : [],
        }),
      },
      error: 'INTERNAL for arn:x',
    },
    {
      what: 'by saying nothing',
      effect: { kind: 'transform', transform: () => ({ containerInstances: [], failures: [] }) },
      error: '2 of 2 were left out of the answer',
    },
  ])('$what holds what waits for it, and is in the report', async ({ effect, error }) => {
    const { fleet, before } = fleetWithStale();
    const server = await serve(fleet.world);
    afterFirst(server, 1, MACHINES, effect);

    const { summary, heldBack, incomplete } = await openWorker(server).apply();

    expect(summary).toMatchObject({ stale: 2, removals: 0, heldBack: 2, applied: 0, failed: 0 });
    for (const { guardrail, detail } of heldBack) {
      expect(guardrail).toBe('not-confirmed');
      expect(detail).toMatch(/^i-\w+ could not be confirmed: ecs:DescribeContainerInstances /);
      expect(detail).toContain(error);
    }
    expect(incomplete).toEqual([
      { scope: 'cluster/blue', operation: MACHINES, error: expect.stringContaining(error) },
    ]);
    expect(server.counts()).not.toHaveProperty(CHANGE);
    expect(fleet.zone.list()).toEqual(before);
  });

  test('for a machine that was deregistered in between holds its entries', async () => {
    const { fleet, staleSets, before } = fleetWithStale();
    const machine = fleet.machine(fleet.world.cluster('blue'), 0);
    const { heldBack } = await openWorker(await serve(fleet.world)).apply({
      approve: async () => {
        fleet.world.deregisterMachine(machine);
        return true;
      },
    });

    expect(heldBack).toMatchObject([
      { guardrail: 'not-confirmed', detail: `ECS no longer has ${machine.instanceId} registered` },
    ]);
    expect(fleet.zone.list()).toEqual(without(before, staleSets.slice(1)));
  });
});

describe('an entry whose host nobody has registered', () => {
  /** Live entries, and one of a container that is gone from a machine of no cluster. */
  async function withUnknownHost() {
    const { fleet } = fleetWithStale();
    const stranger = fleet.world.addMachine({ address: '10.77.0.9' });
    const owner = { host: stranger.privateDnsName, containerId: fleet.deadContainerId() };
    fleet.plantSrv('_users._tcp', owner, [32_768], { expected: 'stale', reason: 'task-gone' });
    return { fleet, stranger, set: srvSet(fleet, '_users._tcp', owner), server: await serve(fleet.world) };
  }

  const interfaceOf = ({ instanceId }: { readonly instanceId: string }) => `eni-${instanceId.slice(2)}`;
  const byName = ({ input }: { readonly input: Json }) =>
    JSON.stringify(input).includes('private-ip-address');
  const empty: FaultEffect = { kind: 'transform', transform: (output) => ({ ...output, Reservations: [] }) };
  const unseen = (times?: number): FaultRule => ({
    operation: INSTANCES,
    when: byName,
    ...(times === undefined ? {} : { times }),
    effect: empty,
  });

  test('goes where EC2 does not have the host', async () => {
    const { fleet, stranger, set, server } = await withUnknownHost();
    fleet.world.removeMachine(stranger);
    await openWorker(server).apply();
    expect(fleet.zone.records.get(set)).toBeUndefined();
  });

  test('stays where EC2 describes the host at the confirmation only', async () => {
    const { fleet, stranger, set, server } = await withUnknownHost();
    server.addFault(unseen(1));

    const { heldBack } = await openWorker(server).apply();

    expect(heldBack).toMatchObject([
      {
        setIdentifier: set.SetIdentifier,
        reason: 'host-not-covered',
        guardrail: 'host-not-covered',
        detail: `EC2 has ${interfaceOf(stranger)} at 10.77.0.9, the address of ${stranger.privateDnsName}`,
      },
    ]);
    expect(fleet.zone.records.get(set)).toEqual(set);
  });

  test('stays where EC2 never describes the host, but its network interface', async () => {
    const { fleet, stranger, set, server } = await withUnknownHost();
    server.addFault(unseen());

    const { heldBack, awsCalls } = await openWorker(server).apply();

    // What it describes of no host, it does not confirm of others either.
    expect(heldBack.filter(({ guardrail }) => guardrail === 'not-confirmed')).toHaveLength(2);
    expect(heldBack.filter(({ guardrail }) => guardrail !== 'not-confirmed')).toMatchObject([
      {
        guardrail: 'host-not-covered',
        detail: `EC2 has ${interfaceOf(stranger)} at 10.77.0.9, the address of ${stranger.privateDnsName}`,
      },
    ]);
    expect(awsCalls['ec2:DescribeNetworkInterfaces']).toBe(1);
    expect(fleet.zone.records.get(set)).toEqual(set);
  });

  test('stays where the name cannot be looked up again', async () => {
    const { fleet, set, server } = await withUnknownHost();
    server.addFault(unseen(1));
    server.addFault({
      operation: 'ec2:DescribeNetworkInterfaces',
      effect: { kind: 'error', code: 'UnauthorizedOperation', status: 403, message: 'no' },
    });
    server.addFault(unseen());

    const { heldBack, incomplete } = await openWorker(server).apply();

    const uncovered = heldBack.filter(({ guardrail }) => guardrail !== 'not-confirmed');
    expect(uncovered).toMatchObject([{ guardrail: 'host-not-covered' }]);
    expect(uncovered[0]?.detail).toContain('may be out of sight: ec2:DescribeNetworkInterfaces');
    expect(incomplete).toMatchObject([{ operation: 'ec2:DescribeNetworkInterfaces' }]);
    expect(fleet.zone.records.get(set)).toEqual(set);
  });

  test('stays where EC2 first describes nothing of a host whose agent is connected', async () => {
    const { fleet, staleSets, before } = fleetWithStale();
    const server = await serve(fleet.world);
    server.addFault({ operation: INSTANCES, times: 2, effect: empty });

    const { heldBack } = await openWorker(server).apply();

    expect(heldBack.map(({ guardrail }) => guardrail)).toEqual(['host-not-covered', 'host-not-covered']);
    expect(fleet.zone.list()).toEqual(before);

    await openWorker(server).apply();
    expect(fleet.zone.list()).toEqual(without(before, staleSets));
  });

  test('stays where its host’s name is also that of a machine in another VPC, of a cluster that is not read', async () => {
    const fleet = newFleet({ clusters: ['blue', 'green'], machines: 1 });
    addService(fleet, '_orders._tcp', { live: 6 });
    const [own] = fleet.machinesOf(fleet.world.cluster('blue'));
    if (own === undefined) throw new TypeError('no machine');
    const namesake = fleet.world.addMachine({
      cluster: 'green',
      address: own.address,
      privateDnsName: own.privateDnsName,
      vpcId: 'vpc-ffffffffffffffff1',
    });
    const [set] = addStale(fleet, '_users._tcp', 1);
    const before = fleet.zone.list();
    const server = await serve(fleet.world);

    const { heldBack } = await openWorker(server, { '--clusters': 'blue' }).apply();

    expect(heldBack).toMatchObject([
      {
        setIdentifier: set?.SetIdentifier,
        guardrail: 'not-confirmed',
        detail: `EC2 has ${namesake.instanceId} of the name ${own.privateDnsName}, which no cluster is known to have registered`,
      },
    ]);
    expect(fleet.zone.list()).toEqual(before);

    const all = await openWorker(server).apply();
    expect(all.summary).toMatchObject({ applied: 1, heldBack: 0 });
  });
});

describe('a task that is asked to stop while its process still answers', () => {
  test.each([
    { what: 'on a draining machine', status: 'DRAINING' },
    { what: 'on any other', status: 'ACTIVE' },
  ])('$what: its entry goes before the process does', async ({ status }) => {
    const { fleet, live, liveSets, staleSets, before } = fleetWithStale();
    const [stopping] = live;
    const machine = fleet.machine(fleet.world.cluster('blue'), 0);
    if (stopping === undefined || machine.containerInstance === undefined) throw new TypeError('no task');
    machine.containerInstance.status = status;
    Object.assign(stopping.task, { desiredStatus: 'STOPPED', lastStatus: 'RUNNING' });

    const { changes, summary } = await openWorker(await serve(fleet.world)).apply();

    expect(summary).toMatchObject({ live: 5, stale: 3, applied: 3, heldBack: 0 });
    const change = changes.find(({ recordSet }) => recordSet.SetIdentifier?.endsWith(stopping.containerId));
    expect(change).toMatchObject({ action: 'DELETE', status: 'applied', reasons: ['task-stopping'] });
    expect(fleet.zone.list()).toEqual(without(before, [...liveSets.slice(0, 1), ...staleSets]));
  });

  test('on a draining machine the entries of tasks that are to run stay', async () => {
    const { fleet, liveSets, staleSets } = fleetWithStale();
    for (const { containerInstance } of fleet.machinesOf(fleet.world.cluster('blue')))
      Object.assign(containerInstance ?? {}, { status: 'DRAINING' });

    await openWorker(await serve(fleet.world)).apply();

    for (const set of liveSets) expect(fleet.zone.records.get(set)).toEqual(set);
    for (const set of staleSets) expect(fleet.zone.records.get(set)).toBeUndefined();
  });
});

describe('a plan', () => {
  test('takes no confirmation: it makes the fewest calls', async () => {
    const { fleet } = fleetWithStale();
    const server = await serve(fleet.world);

    const { summary, awsCalls } = await openWorker(server).plan();

    expect(summary).toMatchObject({ stale: 2, removals: 2, applied: 0 });
    const once = ['ecs:ListClusters', LISTING, 'ecs:DescribeTasks', 'ecs:ListContainerInstances', MACHINES];
    const others = [INSTANCES, 'ecs:DescribeTaskDefinition', 'route53:ListHostedZonesByName'];
    const zone = ['route53:ListResourceRecordSets', 'route53:ListResourceRecordSetProtections'];
    // Whether the role sees all networks of the zone, of what a name alone tells.
    const coverage = ['route53:GetHostedZone', 'ec2:DescribeVpcs'];
    const calls = [...once, ...others, ...zone, ...coverage];
    expect(awsCalls).toEqual(Object.fromEntries(calls.map((name) => [name, 1])));
  });

  test('that is applied looks at machines, their names and tasks once more, and at nothing else', async () => {
    const { fleet } = fleetWithStale();
    const server = await serve(fleet.world);
    const worker = openWorker(server);
    const { awsCalls: planned } = await worker.plan();

    const { awsCalls } = await worker.apply();

    const { 'ecs:DescribeTaskDefinition': _cached, ...inventory } = planned;
    expect(awsCalls).toEqual({
      ...inventory,
      [MACHINES]: 2,
      [INSTANCES]: 2,
      [LISTING]: 3,
      [CHANGE]: 1,
    });
  });

  test('with nothing to remove looks at nothing again, nor one that is not approved', async () => {
    const { fleet, staleSets } = fleetWithStale();
    const server = await serve(fleet.world);
    const worker = openWorker(server);

    const refused = await worker.apply({ approve: async () => false });
    expect(refused.awsCalls[MACHINES]).toBe(1);
    for (const set of staleSets) fleet.zone.records.delete(set);
    expect((await worker.apply()).awsCalls[MACHINES]).toBe(1);
  });
});
