import { describe, expect, test } from 'vitest';
import type { FlagValues } from '../../src/config/read-texts.ts';
import type { Report } from '../../src/report/report-schema.ts';
import type { Behaviour } from '../../src/sandbox/fleet/behaviour.ts';
import { startContainers } from '../../src/sandbox/fleet/containers.ts';
import { FleetBuilder, type Member } from '../../src/sandbox/fleet/fleet-builder.ts';
import { createWorld } from '../../src/sandbox/world/world.ts';
import { openWorker, PROBING, serve, ZONE_NAME } from '../end-to-end/support.ts';
import { OWN_BLOCK } from '../own-block.ts';
import { stopsTasks } from '../stopped-tasks.ts';

const NAMES = ['_orders._tcp', '_users._tcp', '_carts._tcp'];
const ONCE: FlagValues = { ...PROBING, '--health-attempts': '1', '--health-timeout': '2s' };
const STOPPING: FlagValues = { ...ONCE, '--stop-unhealthy-tasks': 'true' };
const LIVE = { expected: 'live', reason: 'healthy' } as const;

/** Names with a container each on every host in each zone. */
function fleetIn(zones: readonly string[], { names = NAMES, hostsOfZone = 3 } = {}) {
  const world = createWorld();
  const fleet = new FleetBuilder(world, world.addHostedZone({ name: ZONE_NAME, private: true }));
  const cluster = world.addCluster('blue');
  const machines = zones.flatMap((zone, n) =>
    Array.from({ length: hostsOfZone }, (_, i) =>
      world.addMachine({
        cluster,
        address: `127.${OWN_BLOCK}.${n}.${i + 1}`,
        availabilityZone: `us-east-1${zone}`,
        subnetId: `subnet-${zone}`,
      }),
    ),
  );
  fleet.machines.set(cluster, machines);
  const portMappings = [{ containerPort: 8080, hostPort: 0 }];
  const members = names.flatMap((name) => {
    const service = fleet.addService({ name, mode: 'bridge', cluster, portMappings });
    return machines.map((machine) => fleet.runAndRegister(service, { machine }, LIVE));
  });
  const inZone = (zone: string) => members.filter(({ task }) => task.availabilityZone === `us-east-1${zone}`);
  return { fleet, members, machines, inZone };
}

/** Runs something while some members behave as told and all others well. */
async function whileBad<T>(
  fleet: FleetBuilder,
  members: readonly Member[],
  run: () => Promise<T>,
  behaviourOf: (index: number) => Behaviour = () => ({ kind: 'refuse' }),
): Promise<T> {
  fleet.behaviours.clear();
  for (const [index, member] of members.entries()) fleet.behave(member, behaviourOf(index));
  const containers = await startContainers(fleet);
  try {
    return await run();
  } finally {
    await containers.close();
  }
}

function guardrailsOf({ heldBack }: Report): readonly string[] {
  return [...new Set(heldBack.map(({ guardrail }) => guardrail))];
}

describe.each([
  {
    zones: ['a', 'b'],
    detail:
      "9 of 18 probes (50 %) end with connection-refused, on 3 hosts: the checker's own network is the likelier cause",
    scope: 'run',
  },
  {
    zones: ['a', 'b', 'c'],
    detail:
      '9 of 9 probes (100 %) of availability zone us-east-1b end with connection-refused, on 3 hosts that ECS has running: the way there is the likelier cause',
    scope: 'availability zone us-east-1b',
  },
])('one of the zones $zones is out of reach of the worker alone', ({ zones, detail, scope }) => {
  test('its healthy containers keep their records, and a run that reaches them again has nothing to do', async () => {
    const { fleet, inZone } = fleetIn(zones);
    const before = fleet.zone.list();
    const worker = openWorker(await serve(fleet.world), ONCE);

    const good = await whileBad(fleet, [], () => worker.apply());
    const cut = await whileBad(fleet, inZone('b'), () => worker.apply());
    const again = await whileBad(fleet, [], () => worker.apply());

    expect(cut.summary).toMatchObject({ unhealthy: 9, removals: 0, heldBack: 9 });
    expect(guardrailsOf(cut)).toEqual(['network-self-test']);
    expect(cut.heldBack[0]?.detail).toBe(detail);
    expect(cut.networkSelfTest).toMatchObject({ scope, failing: 9, hosts: 3 });
    expect(fleet.zone.list()).toEqual(before);
    for (const { summary } of [good, again]) expect(summary).toMatchObject({ unhealthy: 0, removals: 0 });
  });

  test('nor is one of them stopped, whether it has a record or not', async () => {
    stopsTasks();
    const { fleet, inZone } = fleetIn(zones);
    const [unregistered] = inZone('b');
    fleet.zone.delete({
      Name: `_orders._tcp.${ZONE_NAME}.`,
      Type: 'SRV',
      SetIdentifier: `${unregistered?.host}:${unregistered?.containerId}`,
    });
    const before = fleet.zone.list();
    const server = await serve(fleet.world);
    const worker = openWorker(server, STOPPING);

    const reports = await whileBad(fleet, inZone('b'), async () => [
      await worker.apply(),
      await worker.apply(),
    ]);

    expect(reports.map(({ stopped }) => stopped.length)).toEqual([9, 9]);
    const stops = reports.flatMap(({ stopped }) => stopped);
    expect(new Set(stops.map((one) => one.detail))).toEqual(new Set([detail]));
    expect(server.counts()).not.toHaveProperty('ecs:StopTask');
    expect(fleet.zone.list()).toEqual(before);
  });
});

test.each([[['a', 'b']], [['a', 'b', 'c']]])(
  'one of the zones %j, each of a single host, is out of reach: its containers keep their records',
  async (zones) => {
    const { fleet, inZone } = fleetIn(zones, { hostsOfZone: 1 });
    const before = fleet.zone.list();
    const worker = openWorker(await serve(fleet.world), ONCE);

    const report = await whileBad(fleet, inZone('b'), () => worker.apply());

    expect(report.summary).toMatchObject({ unhealthy: 3, removals: 0, heldBack: 3 });
    expect(guardrailsOf(report)).toEqual(['network-self-test']);
    expect(report.heldBack[0]?.detail).toBe(
      '3 of 3 probes (100 %) of availability zone us-east-1b end with connection-refused, on 1 host that ECS has running: the way there may be the cause',
    );
    expect(fleet.zone.list()).toEqual(before);
  },
);

describe('what tells the way to a zone from what is in it', () => {
  test('a single host of a zone, one container of which fails, is within reach', async () => {
    const { fleet, inZone } = fleetIn(['a', 'b', 'c'], { hostsOfZone: 1 });
    const worker = openWorker(await serve(fleet.world), ONCE);

    const report = await whileBad(fleet, inZone('b').slice(0, 1), () => worker.apply());

    expect(report.networkSelfTest).toBeUndefined();
    expect(report.summary).toMatchObject({ unhealthy: 1, applied: 1 });
  });

  const ZONES = ['a', 'b', 'c'];

  test('different network ways count together', async () => {
    const { fleet, inZone } = fleetIn(ZONES);
    const worker = openWorker(await serve(fleet.world), ONCE);
    const way = (index: number): Behaviour => ({ kind: index % 2 === 0 ? 'refuse' : 'hang' });

    const report = await whileBad(fleet, inZone('b'), () => worker.apply(), way);

    expect(report.summary).toMatchObject({ unhealthy: 9, removals: 0 });
    expect(report.networkSelfTest?.detail).toContain('end with timeout or connection-refused');
  });

  test('where the agents of a zone are away as well, the zone is down, and its entries go', async () => {
    const { fleet, inZone, machines } = fleetIn(ZONES);
    for (const { ec2, containerInstance } of machines) {
      if (containerInstance !== undefined)
        containerInstance.agentConnected = ec2?.availabilityZone !== 'us-east-1b';
    }
    const worker = openWorker(await serve(fleet.world), ONCE);

    const report = await whileBad(fleet, inZone('b'), () => worker.apply());

    expect(report.networkSelfTest).toBeUndefined();
    expect(report.summary).toMatchObject({ unhealthy: 9, applied: 9 });
  });

  test('bad answers from there were carried by the network, and go', async () => {
    const { fleet, inZone } = fleetIn(ZONES);
    const worker = openWorker(await serve(fleet.world), ONCE);
    const broken = (): Behaviour => ({ kind: 'status', status: 503 });

    const report = await whileBad(fleet, inZone('b'), () => worker.apply(), broken);

    expect(report.summary).toMatchObject({ unhealthy: 9, applied: 9 });
  });

  test('one service whose deployment breaks it in every zone is not the path', async () => {
    const { fleet, members } = fleetIn(ZONES);
    const orders = members.slice(0, 9);
    const worker = openWorker(await serve(fleet.world), ONCE);

    const all = await whileBad(fleet, orders, () => worker.plan());
    const some = await whileBad(
      fleet,
      [0, 1, 3, 4].flatMap((i) => orders[i] ?? []),
      () => worker.apply(),
    );

    expect(all.networkSelfTest).toBeUndefined();
    expect(guardrailsOf(all)).toEqual(['panic-threshold']);
    expect(some.summary).toMatchObject({ unhealthy: 4, applied: 4 });
  });

  test('nor is a service of one zone alone that fails next to others that answer there', async () => {
    const { fleet, inZone, machines } = fleetIn(ZONES);
    const [machine] = machines;
    if (machine?.cluster === undefined) throw new TypeError('there is no machine');
    const service = fleet.addService({
      name: '_batch._tcp',
      mode: 'bridge',
      cluster: machine.cluster,
      portMappings: [{ containerPort: 8080, hostPort: 0 }],
    });
    const here = machines.filter(({ ec2 }) => ec2?.availabilityZone === 'us-east-1b');
    const own = [0, 1, 2, 3, 4, 5, 6, 7, 8].map((i) =>
      fleet.runAndRegister(service, { machine: here[i % here.length] ?? machine }, LIVE),
    );
    const worker = openWorker(await serve(fleet.world), { ...ONCE, '--guardrails-panic-percent': '100' });

    const report = await whileBad(fleet, own, () => worker.plan());
    const strict = openWorker(await serve(fleet.world), ONCE);
    const held = await whileBad(fleet, own, () => strict.plan());

    expect(inZone('b')).toHaveLength(9);
    expect(report.networkSelfTest).toBeUndefined();
    expect(held.networkSelfTest).toBeUndefined();
    expect(guardrailsOf(held)).toEqual(['panic-threshold']);
  });

  describe('EC2 leaves out one of three hosts of a zone', () => {
    test('and the others fail: they keep their records, for two hosts may be all of the zone', async () => {
      const { fleet, inZone, machines } = fleetIn(ZONES);
      const [, , , hidden] = machines;
      fleet.world.instances.delete(hidden?.instanceId ?? '');
      const before = fleet.zone.list();
      const worker = openWorker(await serve(fleet.world), ONCE);

      const report = await whileBad(fleet, inZone('b'), () => worker.apply());

      expect(guardrailsOf(report)).toEqual(['network-self-test']);
      expect(report.networkSelfTest?.detail).toBe(
        '6 of 6 probes (100 %) of availability zone us-east-1b end with connection-refused, on 2 hosts that ECS has running, and nothing was heard of 1 more: the way there may be the cause',
      );
      expect(fleet.zone.list()).toEqual(before);
    });

    test('and one of the others answers: what fails on the last one goes', async () => {
      const { fleet, inZone, machines } = fleetIn(ZONES);
      const [, , , hidden, sick] = machines;
      fleet.world.instances.delete(hidden?.instanceId ?? '');
      const failing = inZone('b').filter(({ host }) => host === sick?.privateDnsName);
      const worker = openWorker(await serve(fleet.world), ONCE);

      const report = await whileBad(fleet, failing, () => worker.apply());

      expect(report.networkSelfTest).toBeUndefined();
      expect(report.summary).toMatchObject({ unhealthy: 3, applied: 3 });
    });
  });

  test('--force lifts it for one run', async () => {
    const { fleet, inZone } = fleetIn(ZONES);
    const worker = openWorker(await serve(fleet.world), ONCE);

    const report = await whileBad(fleet, inZone('b'), () => worker.apply({ force: true }));

    expect(report.summary).toMatchObject({ unhealthy: 9, applied: 9 });
  });
});

describe('tasks with a network interface of their own', () => {
  test('are known by the zone and the subnet that ECS tells', async () => {
    const world = createWorld();
    const fleet = new FleetBuilder(world, world.addHostedZone({ name: ZONE_NAME, private: true }));
    const cluster = world.addCluster('blue');
    const members = NAMES.flatMap((name, n) => {
      const service = fleet.addService({ name, mode: 'awsvpc', cluster, portMappings: [8080] });
      return ['a', 'b', 'c'].flatMap((zone, z) =>
        [1, 2].map((i) =>
          fleet.runAndRegister(
            service,
            {
              address: `127.${OWN_BLOCK}.${n}.${10 * z + i}`,
              availabilityZone: `us-east-1${zone}`,
              subnetId: `subnet-${zone}`,
            },
            LIVE,
          ),
        ),
      );
    });
    const before = fleet.zone.list();
    const worker = openWorker(await serve(world), ONCE);
    const cut = members.filter(({ task }) => task.availabilityZone === 'us-east-1c');

    const report = await whileBad(fleet, cut, () => worker.apply());

    expect(report.networkSelfTest).toMatchObject({ scope: 'availability zone us-east-1c', failing: 6 });
    expect(fleet.zone.list()).toEqual(before);
  });
});

describe('the thresholds of a run', () => {
  test('half of two stays what it was: one of two sick containers goes', async () => {
    const { fleet, members } = fleetIn(['a'], { names: ['_orders._tcp'] });
    for (const { host, containerId } of members.slice(2))
      fleet.zone.delete({
        Name: `_orders._tcp.${ZONE_NAME}.`,
        Type: 'SRV',
        SetIdentifier: `${host}:${containerId}`,
      });
    const worker = openWorker(await serve(fleet.world), ONCE);

    const report = await whileBad(fleet, members.slice(0, 1), () => worker.apply());

    expect(report.summary).toMatchObject({ unhealthy: 1, live: 1, applied: 1 });
  });

  test('half of a whole fleet that answers badly is held', async () => {
    const { fleet, members } = fleetIn(['a', 'b']);
    const broken = (): Behaviour => ({ kind: 'status', status: 503 });
    const half = members.filter((_, i) => i % 2 === 0);
    const worker = openWorker(await serve(fleet.world), ONCE);

    const report = await whileBad(fleet, half, () => worker.apply(), broken);

    expect(report.summary).toMatchObject({ unhealthy: 9, removals: 0, heldBack: 9 });
    expect(report.heldBack.map(({ detail }) => detail)).toContain(
      '9 of 18 checked entries of the run fail (50 %), at least 50 %',
    );
  });
});
