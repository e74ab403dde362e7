import { describe, expect, test } from 'vitest';
import type { FlagValues } from '../../src/config/read-texts.ts';
import type { RecordSet } from '../../src/model/record-set.ts';
import type { FleetBuilder, Member } from '../../src/sandbox/fleet/fleet-builder.ts';
import { addService, newFleet, openWorker, serve, without, ZONE_NAME } from '../end-to-end/support.ts';

const NAME = '_orders._tcp';
const SETTINGS = {
  convention: { '--manage': 'convention' },
  patterns: { '--manage': ['_orders*', 'ip-*'] },
  zone: { '--manage': 'zone' },
} as const satisfies Record<string, FlagValues>;
type Setting = keyof typeof SETTINGS;
const ALL: readonly Setting[] = ['convention', 'patterns', 'zone'];
const WITHOUT_BUDGET = { '--guardrails-removal-budget-percent': '100' };

interface Registration {
  readonly host: string;
  readonly containerId: string;
  readonly port: number;
}

/** The ways in which agents, older and newer ones, write a set for a container. */
const FORMS: Readonly<Record<string, (of: Registration) => RecordSet>> = {
  'the full id, as agents write it now': (of) => srv(of, `${of.host}:${of.containerId}`),
  'the short id': (of) => srv(of, `${of.host}:${of.containerId.slice(0, 12)}`),
  'the bare name of the host': (of) => srv(of, `${label(of.host)}:${of.containerId}`),
  'the bare name, and the short id': (of) => srv(of, `${label(of.host)}:${of.containerId.slice(0, 12)}`),
  'the host in capitals, with a dot': (of) => srv(of, `${of.host.toUpperCase()}.:${of.containerId}`),
  'the host by its name in the zone': (of) =>
    srv({ ...of, host: `${label(of.host)}.${ZONE_NAME}` }, `${of.host}:${of.containerId}`),
  'a weight and a TTL of its own': (of) => ({
    ...srv(of, `${of.host}:${of.containerId}`),
    Weight: 10,
    TTL: 60,
  }),
};

function srv({ host, port }: Registration, SetIdentifier: string): RecordSet {
  const ResourceRecords = [{ Value: `1 1 ${port} ${host}` }];
  return { Name: `${NAME}.${ZONE_NAME}.`, Type: 'SRV', SetIdentifier, Weight: 1, TTL: 0, ResourceRecords };
}

/** A set of each form, each under a name of its own: some forms differ in the value alone. */
function inAllForms(of: Registration): readonly RecordSet[] {
  return Object.values(FORMS).map((form, i) => ({ ...form(of), Name: `_orders-${i}._tcp.${ZONE_NAME}.` }));
}

function label(host: string): string {
  return host.split('.')[0] ?? host;
}

/** Live containers of another name, so that nothing but ownership decides. */
function fleetWith(): FleetBuilder {
  const fleet = newFleet();
  addService(fleet, '_users._tcp', { live: 4 });
  return fleet;
}

/** A running container, and one that is gone from the same machine. */
function runningAndGone(fleet: FleetBuilder): { readonly running: Member; readonly gone: Registration } {
  const cluster = fleet.world.cluster('blue');
  const port = { containerPort: 8080, hostPort: 0 };
  const service = fleet.addService({ name: NAME, mode: 'bridge', cluster, portMappings: [port] });
  const machine = fleet.machine(cluster, 0);
  const running = fleet.run(service, { machine });
  const gone = {
    host: machine.privateDnsName,
    containerId: fleet.deadContainerId(),
    port: machine.takePorts(),
  };
  return { running, gone };
}

/** Sets that cannot be told to be an agent's: of another tool, or of people. */
function strangeSets({ host, port }: Registration): readonly RecordSet[] {
  const named = (name: string, over: Partial<RecordSet> = {}) => {
    const { SetIdentifier: _id, Weight: _weight, ...simple } = srv({ host, port, containerId: '' }, '');
    return { ...simple, Name: `${name}.${ZONE_NAME}.`, ...over };
  };
  return [
    named('_by-hand._tcp'),
    named('_primary._tcp', { SetIdentifier: 'primary', Weight: 1 }),
    named('_other-tool._tcp', { SetIdentifier: `${host}/abc`, Weight: 1 }),
    named('_latency._tcp', { SetIdentifier: `${host}:${'a'.repeat(64)}`, Region: 'us-east-1' }),
    named('_multi._tcp', { SetIdentifier: `${host}:${'a'.repeat(64)}`, MultiValueAnswer: true }),
  ];
}

describe('records that lose their owner, or get another one, when the worker is set up in another way', () => {
  test('none is orphaned and none is taken, from one setting to the next and back', async () => {
    const fleet = fleetWith();
    const others = fleet.zone.list();
    const { running, gone } = runningAndGone(fleet);
    const strange = strangeSets(gone);
    const live = inAllForms(running);
    for (const set of [...live, ...strange]) fleet.zone.put(set);
    const server = await serve(fleet.world);
    const expected = fleet.zone.list();

    for (const setting of ['convention', 'patterns', 'convention', 'patterns'] as const) {
      for (const set of inAllForms(gone)) fleet.zone.put(set);
      const worker = openWorker(server, { ...WITHOUT_BUDGET, ...SETTINGS[setting] });
      const { summary } = await worker.apply();
      expect(summary).toMatchObject({ conflicts: 0, failed: 0, heldBack: 0 });
      expect(fleet.zone.list()).toEqual(expected);
    }

    await openWorker(server, { ...WITHOUT_BUDGET, ...SETTINGS.zone }).apply();
    expect(fleet.zone.list()).toEqual(without(expected, strange));
    expect(without(fleet.zone.list(), live)).toEqual(others);
  });
});

describe.each(ALL)('with manage: %s', (setting) => {
  const flags = { ...WITHOUT_BUDGET, ...SETTINGS[setting] };

  test.each(Object.entries(FORMS))(
    'a set identified by %s stays while its container runs, and goes after it',
    async (_, form) => {
      const fleet = fleetWith();
      const { running, gone } = runningAndGone(fleet);
      const [live, stale] = [form(running), form(gone)];
      for (const set of [live, stale]) fleet.zone.put(set);
      const worker = openWorker(await serve(fleet.world), flags);

      const first = await worker.apply();

      expect(first.summary).toMatchObject({ applied: 1, heldBack: 0 });
      expect(fleet.zone.records.get(live)).toEqual(live);
      expect(fleet.zone.records.get(stale)).toBeUndefined();

      fleet.world.stopTask(running.task);
      await worker.apply();
      expect(fleet.zone.records.get(live)).toBeUndefined();
    },
  );

  test('the sets of a host that is gone go, whoever wrote them', async () => {
    const fleet = fleetWith();
    const expected = fleet.zone.list();
    const host = fleet.world.privateDnsNameOf('10.66.0.1');
    const gone = { host, containerId: fleet.deadContainerId(), port: 32_768 };
    for (const set of inAllForms(gone)) fleet.zone.put(set);
    fleet.plantHost(host, '10.66.0.1', { expected: 'stale', reason: 'instance-gone' });

    const { summary } = await openWorker(await serve(fleet.world), flags).apply();

    expect(summary).toMatchObject({ heldBack: 0, failed: 0 });
    expect(fleet.zone.list()).toEqual(expected);
  });

  test('a Fargate task’s set goes with its interface, and stays until then', async () => {
    const fleet = fleetWith();
    const cluster = fleet.world.cluster('blue');
    const service = fleet.addService({ name: NAME, mode: 'awsvpc', cluster, portMappings: [8080] });
    const member = fleet.run(service, { address: '10.2.0.1' });
    const set = srv({ ...member, port: 8080 }, `${member.host}:${member.containerId}`);
    fleet.zone.put(set);
    const worker = openWorker(await serve(fleet.world), flags);

    expect(member.containerId).toMatch(/^[0-9a-f]{32}-\d+$/);
    await worker.apply();
    expect(fleet.zone.records.get(set)).toEqual(set);

    fleet.world.stopTask(member.task);
    fleet.world.removeTask(member.task);
    await worker.apply();
    expect(fleet.zone.records.get(set)).toBeUndefined();
  });
});

describe('a second worker with another setting', () => {
  test.each([
    ['convention', 'zone'],
    ['zone', 'patterns'],
    ['patterns', 'convention'],
  ] as const)(
    '%s beside %s: what is live stays, what is stale goes once, nothing fails',
    async (first, second) => {
      const fleet = fleetWith();
      const { running, gone } = runningAndGone(fleet);
      for (const set of inAllForms(running)) fleet.zone.put(set);
      const expected = fleet.zone.list();
      const stale = inAllForms(gone);
      for (const set of stale) fleet.zone.put(set);
      const server = await serve(fleet.world);
      const workers = [first, second].map((one) =>
        openWorker(server, { ...WITHOUT_BUDGET, ...SETTINGS[one] }),
      );

      const reports = await Promise.all(workers.map((worker) => worker.apply()));

      expect(fleet.zone.list()).toEqual(expected);
      for (const { summary } of reports) expect(summary.failed).toBe(0);
      expect(reports.reduce((sum, { summary }) => sum + summary.applied, 0)).toBe(stale.length);
      for (const worker of workers) expect((await worker.plan()).changes).toEqual([]);
    },
  );

  test('that manages other names leaves this one’s alone, stale or not', async () => {
    const fleet = fleetWith();
    const { gone } = runningAndGone(fleet);
    const stale = inAllForms(gone);
    for (const set of stale) fleet.zone.put(set);
    const before = fleet.zone.list();
    const server = await serve(fleet.world);

    const other = await openWorker(server, { ...WITHOUT_BUDGET, '--manage': ['_invoices.*'] }).apply();
    expect(other.changes).toEqual([]);
    expect(fleet.zone.list()).toEqual(before);

    const own = await openWorker(server, { ...WITHOUT_BUDGET, ...SETTINGS.patterns }).apply();
    expect(own.summary.applied).toBe(stale.length);
  });
});

describe('an agent that registers its containers anew, in a newer form', () => {
  test('takes over: the older set of the same container stays beside it, and both go with the container', async () => {
    const fleet = fleetWith();
    const { running } = runningAndGone(fleet);
    const [newer, older] = Object.values(FORMS).map((form) => form(running));
    if (newer === undefined || older === undefined) throw new TypeError('too few forms');
    for (const set of [older, newer]) fleet.zone.put(set);
    const worker = openWorker(await serve(fleet.world), WITHOUT_BUDGET);

    expect((await worker.apply()).changes).toEqual([]);

    fleet.world.stopTask(running.task);
    expect((await worker.apply()).summary).toMatchObject({ applied: 2, heldBack: 0 });
    expect(fleet.zone.records.get(older)).toBeUndefined();
    expect(fleet.zone.records.get(newer)).toBeUndefined();
  });

  test('of a new container on the same host and port: the old set goes once the new one is there', async () => {
    const fleet = fleetWith();
    const { running } = runningAndGone(fleet);
    const [full, short] = Object.values(FORMS);
    if (full === undefined || short === undefined) throw new TypeError('too few forms');
    const old = short({ ...running, containerId: fleet.deadContainerId() });
    fleet.zone.put(old);
    const worker = openWorker(await serve(fleet.world), WITHOUT_BUDGET);

    expect((await worker.apply()).changes).toEqual([]);
    expect(fleet.zone.records.get(old)).toEqual(old);

    fleet.zone.put(full(running));
    const { changes } = await worker.apply();
    expect(changes).toMatchObject([{ recordSet: old, reasons: ['superseded'], status: 'applied' }]);
    expect(fleet.zone.records.get(full(running))).toBeDefined();
  });
});
