import { describe, expect, test } from 'vitest';
import { normalizeName } from '../../src/model/dns-name.ts';
import { type RecordSet, valuesOf } from '../../src/model/record-set.ts';
import type { FleetBuilder, Member } from '../../src/sandbox/fleet/fleet-builder.ts';
import { newFleet, openWorker, serve } from '../end-to-end/support.ts';
import { type KnownContainer, startAgent } from './old-agents.ts';

const AGENTS = 9;
const ONE_PORT = '_orders._tcp';
const TWO_PORTS = '_pairs._tcp';
const SYNC = { '--policy': 'sync', '--guardrails-removal-budget-percent': '100' };

interface TwoPorts extends Member {
  readonly ports: readonly number[];
}

/** Nine machines, on each of which run a container with one port, and one with two ports under one name. */
function nineMachines() {
  const fleet = newFleet({ machines: AGENTS });
  const cluster = fleet.world.cluster('blue');
  const common = { mode: 'bridge', cluster } as const;
  const single = fleet.addService({
    ...common,
    name: ONE_PORT,
    portMappings: [{ containerPort: 8080, hostPort: 0 }],
  });
  const both = [8080, 9090].map((containerPort) => ({ containerPort, hostPort: 0 }));
  const double = fleet.addService({
    ...common,
    name: TWO_PORTS,
    portMappings: both,
    namedPorts: [8080, 9090],
  });
  const machines = fleet.machinesOf(cluster);
  return {
    fleet,
    machines,
    singles: machines.map((machine) => fleet.run(single, { machine })),
    doubles: machines.map((machine): TwoPorts => {
      const member = fleet.run(double, { machine });
      const ports = member.task.containers.flatMap(({ networkBindings }) =>
        (networkBindings ?? []).flatMap(({ hostPort }) => hostPort ?? []),
      );
      return { ...member, ports };
    }),
  };
}

type Machines = ReturnType<typeof nineMachines>;

/** All agents start again; of a container with two ports each has kept the port at an index. */
function startAgents({ fleet, machines, singles, doubles }: Machines, kept: 0 | 1): void {
  for (const [index, { privateDnsName, address }] of machines.entries()) {
    const known = [
      ...known1(singles[index], ONE_PORT),
      ...known1(doubles[index], TWO_PORTS, doubles[index]?.ports[kept]),
    ];
    startAgent(fleet.zone, privateDnsName, address, known);
  }
}

function known1(member: Member | undefined, name: string, port = member?.port): readonly KnownContainer[] {
  return member === undefined || port === undefined ? [] : [{ containerId: member.containerId, name, port }];
}

/** Where the SRV sets of a name lead, each value as often as it stands there. */
function targets({ zone }: FleetBuilder, name: string): readonly string[] {
  return sets(zone.list(), name).flatMap(valuesOf).toSorted();
}

function sets(all: readonly RecordSet[], name: string): readonly RecordSet[] {
  return all.filter((set) => set.Type === 'SRV' && normalizeName(set.Name).startsWith(name));
}

describe('nine host agents that start again, and take out what begins with their host’s name and is not theirs', () => {
  test.each([0, 1] as const)(
    'lose none of the worker’s sets, and leave no duplicate (port %s kept)',
    async (kept) => {
      const all = nineMachines();
      const { fleet, singles, doubles } = all;
      const worker = openWorker(await serve(fleet.world), SYNC);
      const expected: Readonly<Record<string, readonly string[]>> = {
        [ONE_PORT]: singles.map(({ host, port }) => `1 1 ${port} ${host}`).toSorted(),
        [TWO_PORTS]: doubles
          .flatMap(({ host, ports }) => ports.map((port) => `1 1 ${port} ${host}`))
          .toSorted(),
      };

      await worker.apply();
      for (const name of [ONE_PORT, TWO_PORTS]) expect(targets(fleet, name)).toEqual(expected[name]);
      const before = fleet.zone.list();

      startAgents(all, kept);
      const keys = new Set(fleet.zone.list().map(({ Name, SetIdentifier }) => `${Name} ${SetIdentifier}`));
      for (const { Name, SetIdentifier } of before) expect(keys).toContain(`${Name} ${SetIdentifier}`);

      await worker.apply();
      await worker.apply();
      for (const name of [ONE_PORT, TWO_PORTS]) expect(targets(fleet, name)).toEqual(expected[name]);
      startAgents(all, kept);
      expect((await worker.plan()).changes).toEqual([]);
    },
  );

  test('find the sets of second ports in the old form moved before they start, each in one batch', async () => {
    const all = nineMachines();
    const { fleet, doubles } = all;
    const worker = openWorker(await serve(fleet.world), SYNC);
    await worker.apply();
    const now = sets(fleet.zone.list(), TWO_PORTS).filter((set) => set.SetIdentifier?.startsWith('ecs-dns:'));
    expect(now).toHaveLength(AGENTS);
    for (const set of now) {
      fleet.zone.records.delete(set);
      fleet.zone.put({ ...set, SetIdentifier: String(set.SetIdentifier).slice('ecs-dns:'.length) });
    }

    const prune = openWorker(await serve(fleet.world), { '--guardrails-removal-budget-percent': '100' });
    expect((await prune.apply()).changes).toEqual([]);
    const { changes } = await worker.apply();

    expect(changes.map(({ action, reasons }) => `${action} ${reasons.join()}`).toSorted()).toEqual([
      ...Array.from({ length: AGENTS }, () => 'CREATE moved'),
      ...Array.from({ length: AGENTS }, () => 'DELETE moved'),
    ]);
    startAgents(all, 0);
    expect(targets(fleet, TWO_PORTS)).toHaveLength(2 * doubles.length);
    expect((await worker.plan()).changes).toEqual([]);
  });

  test('that write both ports into one set: the second one goes from it', async () => {
    const { fleet, doubles } = nineMachines();
    const worker = openWorker(await serve(fleet.world), SYNC);
    await worker.apply();
    const expected = targets(fleet, TWO_PORTS);
    for (const { host, ports, containerId } of doubles) {
      const there = sets(fleet.zone.list(), TWO_PORTS).find(
        (set) => set.SetIdentifier === `${host}:${containerId}`,
      );
      if (there === undefined) throw new TypeError(`no set of ${host}`);
      fleet.zone.put({ ...there, ResourceRecords: ports.map((port) => ({ Value: `1 1 ${port} ${host}` })) });
    }
    expect(targets(fleet, TWO_PORTS)).toHaveLength(3 * doubles.length);

    await worker.apply();

    expect(targets(fleet, TWO_PORTS)).toEqual(expected);
    expect((await worker.plan()).changes).toEqual([]);
  });
});
