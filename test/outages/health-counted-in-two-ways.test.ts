import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { FlagValues } from '../../src/config/read-texts.ts';
import type { Report } from '../../src/report/report-schema.ts';
import type { FleetBuilder, FleetService, Member } from '../../src/sandbox/fleet/fleet-builder.ts';
import { listen, newFleet, openWorker, PROBING, serve, ZONE_NAME } from '../end-to-end/support.ts';
import type { FaultRule } from '../sandbox/faults.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

const ANY = { expected: 'live', reason: 'healthy' } as const;
const FAILING = { kind: 'status', status: 503 } as const;
const NAME = '_orders._tcp';
/** One attempt each: how often is not the point here. */
const FLAGS: FlagValues = { ...PROBING, '--health-attempts': '1' };

function newService(fleet: FleetBuilder, name: string, cluster = 'blue'): FleetService {
  const portMappings = [8080, 8081].map((containerPort) => ({ containerPort, hostPort: 0 }));
  return fleet.addService({
    name,
    mode: 'bridge',
    cluster: fleet.world.cluster(cluster),
    portMappings,
    namedPorts: [8080, 8081],
  });
}

interface Health {
  readonly healthy?: number;
  readonly failing?: number;
  /** Failing, but started a moment ago. */
  readonly young?: number;
}

/** Containers of a service on its machines in turn, each with an entry of its own. */
function populate(fleet: FleetBuilder, service: FleetService, health: Health): readonly Member[] {
  const startedAt = Date.now() / 1000 - 5;
  const kinds = [
    ...Array<'healthy'>(health.healthy ?? 0).fill('healthy'),
    ...Array<'failing'>(health.failing ?? 0).fill('failing'),
    ...Array<'young'>(health.young ?? 0).fill('young'),
  ];
  return kinds.map((kind, i) => {
    const machine = fleet.machine(service.cluster, i);
    const member = fleet.run(service, { machine, ...(kind === 'young' ? { startedAt } : {}) });
    fleet.register(service, member, ANY);
    if (kind !== 'healthy') fleet.behave(member, FAILING);
    return member;
  });
}

function nameOf(service: string): string {
  return `${service}.${ZONE_NAME}.`;
}

/** How a name fares by the report's own entries: the one way of counting that every rule has to agree with. */
function tally({ entries }: Report, service = NAME) {
  const own = entries.filter(({ name, verdict }) => name === nameOf(service) && verdict !== 'foreign');
  const isFailing = ({ verdict, reason }: (typeof own)[number]) =>
    verdict === 'unhealthy' || reason === 'below-threshold';
  const failing = own.filter(isFailing).length;
  const passing = own.filter(({ reason }) => reason === 'healthy' || reason === 'recovering').length;
  return { entries: own.length, failing, checked: failing + passing };
}

function panicNumbers({ heldBack }: Report): readonly (readonly number[])[] {
  return heldBack.flatMap(({ guardrail, detail }) => {
    const numbers = /^(\d+) of (\d+) checked entries of /.exec(detail);
    return guardrail === 'panic-threshold' && numbers ? [[Number(numbers[1]), Number(numbers[2])]] : [];
  });
}

function entriesLeft({ zone }: FleetBuilder, service = NAME): number {
  const sets = zone.list().filter(({ Name }) => Name === nameOf(service));
  return sets.flatMap(({ ResourceRecords }) => ResourceRecords ?? []).length;
}

/** Names other than the one in question, so that this one alone decides and not the whole run. */
function addBystanders(fleet: FleetBuilder): void {
  populate(fleet, newService(fleet, '_bystanders._tcp'), { healthy: 8 });
}

describe('health is agreed on in one place, and counted in another', () => {
  test.each<{ what: string; health: Health; flags?: FlagValues; goes: number; held: string | undefined }>([
    {
      what: 'entries in grace fail on neither side of the panic threshold',
      health: { healthy: 1, failing: 1, young: 2 },
      goes: 1,
      held: undefined,
    },
    {
      what: 'nor do they pass',
      health: { healthy: 1, failing: 2, young: 2 },
      goes: 0,
      held: 'panic-threshold',
    },
    {
      what: 'entries in grace stay, and so count for the minimum',
      health: { healthy: 1, failing: 1, young: 2 },
      flags: { '--guardrails-min-endpoints': '3' },
      goes: 1,
      held: undefined,
    },
    {
      what: 'and no more than they are',
      health: { healthy: 1, failing: 1, young: 2 },
      flags: { '--guardrails-min-endpoints': '4' },
      goes: 0,
      held: 'min-endpoints',
    },
    {
      what: 'what the minimum holds counts as failing all the same',
      health: { healthy: 2, failing: 2 },
      flags: { '--guardrails-min-endpoints': '3' },
      goes: 1,
      held: 'min-endpoints',
    },
  ])('$what', async ({ health, flags, goes, held }) => {
    const fleet = newFleet();
    addBystanders(fleet);
    populate(fleet, newService(fleet, NAME), health);
    await listen(fleet);
    const entries = entriesLeft(fleet);

    const report = await openWorker(await serve(fleet.world), { ...FLAGS, ...flags }).apply();

    const { failing, checked } = tally(report);
    expect([failing, checked]).toEqual([health.failing, (health.failing ?? 0) + (health.healthy ?? 0)]);
    expect(entriesLeft(fleet)).toBe(entries - goes);
    const others = report.heldBack.filter(({ guardrail }) => guardrail !== 'grace-period');
    expect(new Set(others.map(({ guardrail }) => guardrail))).toEqual(
      new Set(held === undefined ? [] : [held]),
    );
    for (const numbers of panicNumbers(report)) expect(numbers).toEqual([failing, checked]);
    const inGrace = report.heldBack.filter(({ guardrail }) => guardrail === 'grace-period');
    expect(inGrace).toHaveLength(health.young ?? 0);
  });
});

describe('a set of several values counts by its values', () => {
  async function withSetOfTwo(second: 'healthy' | 'failing') {
    const fleet = newFleet();
    addBystanders(fleet);
    const service = newService(fleet, NAME);
    const member = fleet.run(service, { machine: fleet.machine(service.cluster, 0) });
    const ports = member.task.containers[0]?.networkBindings.map(({ hostPort = 0 }) => hostPort) ?? [];
    fleet.plantSrv(NAME, member, ports, ANY);
    fleet.behave(member, FAILING, ports[0] ?? 0);
    if (second === 'failing') fleet.behave(member, FAILING, ports[1] ?? 0);
    populate(fleet, service, { healthy: 1 });
    await listen(fleet);
    return { fleet, server: await serve(fleet.world) };
  }

  test('in the panic threshold: two of three fail, although it is one set of two', async () => {
    const { fleet, server } = await withSetOfTwo('failing');

    const report = await openWorker(server, FLAGS).apply();

    expect(tally(report)).toEqual({ entries: 3, failing: 2, checked: 3 });
    expect(panicNumbers(report)).toEqual([
      [2, 3],
      [2, 3],
    ]);
    expect(entriesLeft(fleet)).toBe(3);
  });

  test.each([
    { minimum: 2, left: 2 },
    { minimum: 3, left: 3 },
  ])('in the minimum of $minimum: $left of three values are left', async ({ minimum, left }) => {
    const { fleet, server } = await withSetOfTwo('healthy');

    const flags = { ...FLAGS, '--guardrails-min-endpoints': String(minimum) };
    const report = await openWorker(server, flags).apply();

    expect(tally(report)).toEqual({ entries: 3, failing: 1, checked: 3 });
    expect(entriesLeft(fleet)).toBe(left);
  });
});

describe('one endpoint behind several names', () => {
  /** The failing one is behind three names; the first two have others, the third has it alone. */
  async function fleetWithShared() {
    const fleet = newFleet();
    addBystanders(fleet);
    const service = newService(fleet, NAME);
    const [, shared] = populate(fleet, service, { healthy: 1, failing: 1 });
    if (shared === undefined) throw new TypeError('too few containers');
    populate(fleet, newService(fleet, '_users._tcp'), { healthy: 2 });
    for (const name of ['_users._tcp', '_alone._tcp']) fleet.plantSrv(name, shared, [shared.port], ANY);
    await listen(fleet);
    const server = await serve(fleet.world);
    const memory = join(await temporaryDirectory(), 'state.json');
    const flags = { ...FLAGS, '--state': memory, '--health-unhealthy-threshold': '3' };
    return { fleet, server, flags, names: [NAME, '_users._tcp', '_alone._tcp'] };
  }

  test('fails once a run, however many entries lead to it', async () => {
    const { fleet, server, flags, names } = await fleetWithShared();

    const [first, second] = [
      await openWorker(server, flags).apply(),
      await openWorker(server, flags).apply(),
    ];

    for (const [run, { entries }] of [first, second].entries()) {
      const failing = entries.filter(({ reason }) => reason === 'below-threshold');
      expect(failing.map(({ evidence }) => evidence['failingRuns'])).toEqual(Array(3).fill(run + 1));
    }
    expect(first.probes).toEqual({ healthy: 11, unhealthy: 1, indeterminate: 0 });
    expect(names.map((name) => entriesLeft(fleet, name))).toEqual([2, 3, 1]);
  });

  test('is out of every name at the same time, but of the one that it would leave empty', async () => {
    const { fleet, server, flags, names } = await fleetWithShared();
    for (let run = 0; run < 2; run++) await openWorker(server, flags).apply();

    const third = await openWorker(server, flags).apply();

    expect(third.summary).toMatchObject({ unhealthy: 3, applied: 2 });
    expect(names.map((name) => entriesLeft(fleet, name))).toEqual([1, 2, 1]);
    expect(third.heldBack).toMatchObject([{ name: nameOf('_alone._tcp'), guardrail: 'panic-threshold' }]);
    expect(panicNumbers(third)).toEqual([[1, 1]]);
  });
});

describe('entries that a threshold spares', () => {
  async function remembering(health: Health, flags: FlagValues) {
    const fleet = newFleet();
    addBystanders(fleet);
    const members = populate(fleet, newService(fleet, NAME), health);
    const server = await serve(fleet.world);
    const memory = join(await temporaryDirectory(), 'state.json');
    const run = async (failing: readonly (Member | undefined)[], mode: 'apply' | 'plan' = 'apply') => {
      for (const member of members)
        fleet.behave(member, failing.includes(member) ? FAILING : { kind: 'healthy' });
      const containers = await listen(fleet);
      const report = await openWorker(server, { ...FLAGS, '--state': memory, ...flags })[mode]();
      await containers.close();
      return report;
    };
    return { fleet, members, run };
  }

  test('because they have not failed often enough still count as failing, and as being there', async () => {
    const { fleet, members, run } = await remembering(
      { healthy: 3 },
      { '--health-unhealthy-threshold': '2' },
    );
    const [old, recent] = members;
    await run([old]);

    const report = await run([old, recent]);

    const own = report.entries.filter(({ name }) => name === nameOf(NAME));
    expect(own.map(({ reason }) => reason).toSorted()).toEqual(['below-threshold', 'healthy', 'http-status']);
    expect(tally(report)).toEqual({ entries: 3, failing: 2, checked: 3 });
    expect(panicNumbers(report)).toEqual([[2, 3]]);
    expect(entriesLeft(fleet)).toBe(3);

    const flags = { '--guardrails-panic-percent': '100', '--guardrails-min-endpoints': '2' };
    const lenient = await remembering({ healthy: 3 }, { '--health-unhealthy-threshold': '2', ...flags });
    await lenient.run(lenient.members.slice(0, 1));
    expect((await lenient.run(lenient.members.slice(0, 2))).summary.applied).toBe(1);
    expect(entriesLeft(lenient.fleet)).toBe(2);
  });

  test('because they have not passed often enough count as passing, and as being there', async () => {
    const { fleet, members, run } = await remembering(
      { healthy: 2 },
      { '--health-healthy-threshold': '2', '--health-unhealthy-threshold': '1' },
    );
    const [first] = members;
    const held = await run(members);
    expect(panicNumbers(held)).toEqual([
      [2, 2],
      [2, 2],
    ]);

    const report = await run([first]);

    const own = report.entries.filter(({ name }) => name === nameOf(NAME));
    expect(own.map(({ reason }) => reason).toSorted()).toEqual(['http-status', 'recovering']);
    expect(tally(report)).toEqual({ entries: 2, failing: 1, checked: 2 });
    expect(report.summary.applied).toBe(1);
    expect(entriesLeft(fleet)).toBe(1);
  });
});

describe('entries of a cluster that was not read completely', () => {
  test('are held, and count as failing and as being there, as those of any other', async () => {
    const fleet = newFleet({ clusters: ['blue', 'green'] });
    addBystanders(fleet);
    populate(fleet, newService(fleet, NAME), { healthy: 2, failing: 1 });
    const green = newService(fleet, NAME, 'green');
    populate(fleet, green, { failing: 2 });
    await listen(fleet);
    const server = await serve(fleet.world);
    server.addFault(withFailure());

    const report = await openWorker(server, FLAGS).apply();

    expect(tally(report)).toEqual({ entries: 5, failing: 3, checked: 5 });
    expect(panicNumbers(report)).toEqual([[3, 5]]);
    expect(report.heldBack.map(({ guardrail }) => guardrail).toSorted()).toEqual([
      'inventory-incomplete',
      'inventory-incomplete',
      'panic-threshold',
    ]);
    expect(entriesLeft(fleet)).toBe(5);

    const minimum = { '--guardrails-panic-percent': '100', '--guardrails-min-endpoints': '4' };
    const lenient = await openWorker(server, { ...FLAGS, ...minimum }).apply();
    expect(lenient.summary.applied).toBe(1);
    expect(entriesLeft(fleet)).toBe(4);
  });

  /** One task of green could not be described; the others were. */
  function withFailure(): FaultRule {
    return {
      operation: 'ecs:DescribeTasks',
      when: ({ input }) => String(input['cluster']).endsWith('/green'),
      effect: {
        kind: 'transform',
        transform: (output) => ({ ...output, failures: [{ arn: 'arn:x', reason: 'INTERNAL' }] }),
      },
    };
  }
});
