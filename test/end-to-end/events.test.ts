import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { FlagValues } from '../../src/config/read-texts.ts';
import { reportSchema } from '../../src/report/report-schema.ts';
import { received } from '../publish/support.ts';
import type { FaultEffect } from '../sandbox/faults.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import {
  addService,
  cliEnv,
  newFleet,
  openWorker,
  runCli,
  serve,
  srvSet,
  without,
  ZONE_NAME,
} from './support.ts';

const PUT = 'events:PutEvents';
const CHANGE = 'route53:ChangeResourceRecordSets';
const LIFTED: FlagValues = { '--guardrails-removal-budget-percent': '100' };
const TELLING: FlagValues = { ...LIFTED, '--event-bus': 'dns' };

/** Live entries, two stale ones, a set that keeps one of its two values, and a bus. */
async function fleetWithBus() {
  const fleet = newFleet();
  const bus = fleet.world.addEventBus('dns');
  const { service, live, staleSets } = addService(fleet, '_orders._tcp', { live: 4, stale: 2 });
  const { live: many } = addService(fleet, '_many._tcp', { live: 1 });
  const [member] = many;
  if (member === undefined) throw new TypeError('a service needs a member');
  const own = srvSet(fleet, '_many._tcp', member);
  fleet.zone.records.delete(own);
  const ResourceRecords = [member.port, 9].map((port) => ({ Value: `1 1 ${port} ${member.host}` }));
  fleet.zone.put({ ...own, SetIdentifier: 'ecs-dns:many', ResourceRecords });
  return {
    fleet,
    bus,
    service,
    live,
    staleSets,
    before: fleet.zone.list(),
    server: await serve(fleet.world),
  };
}

/** What the events tell that changed: which set, and which of its values. */
function changesIn(events: ReturnType<typeof received>) {
  return events.map(({ 'detail-type': type, detail }) => ({
    type,
    set: detail.recordSet.SetIdentifier,
    values: detail.values.map(({ value }) => value),
  }));
}

describe('a run with an event bus', () => {
  test('tells it of each removal, with what is known of it', async () => {
    const { fleet, bus, staleSets, server } = await fleetWithBus();

    const report = await openWorker(server, TELLING).apply();

    const events = received(bus.events);
    const removed = report.changes.filter(({ action }) => action === 'DELETE');
    expect(report.notices).toEqual([]);
    expect(report.awsCalls[PUT]).toBe(1);
    expect(events.map(({ detail }) => detail.recordSet)).toEqual(removed.map(({ recordSet }) => recordSet));
    expect(new Set(events.map(({ 'detail-type': type }) => type))).toEqual(
      new Set(['ECS DNS Record Removed']),
    );
    const [machine] = fleet.machinesOf(fleet.world.cluster('blue'));
    const [stale] = staleSets;
    expect(
      events.find(({ detail }) => detail.recordSet.SetIdentifier === stale?.SetIdentifier),
    ).toMatchObject({
      detail: {
        zone: { id: fleet.zone.id, name: fleet.zone.name },
        reasons: ['task-gone'],
        values: [
          {
            value: stale?.ResourceRecords?.[0]?.Value,
            reason: 'task-gone',
            cluster: 'blue',
            instance: machine?.instanceId,
            containerId: stale?.SetIdentifier?.split(':')[1],
          },
        ],
      },
    });
    const partly = events.find(({ detail }) => detail.recordSet.Name.startsWith('_many.'))?.detail;
    expect(partly?.values).toHaveLength(1);
    expect(partly).toMatchObject({
      replacedBy: fleet.zone.list().find(({ Name }) => Name.startsWith('_many.')),
    });
  });

  test('tells it the hosts, and the tasks that are known', async () => {
    const { fleet, bus, service, live, server } = await fleetWithBus();
    const [ended] = live;
    if (ended === undefined) throw new TypeError('nothing runs');
    fleet.world.stopTask(ended.task);
    fleet.run(service, { machine: fleet.machine(service.cluster, 0) });

    await openWorker(server, { ...TELLING, '--policy': 'sync' }).apply();

    const kept = bus.events.filter(({ detailType }) => /Registered|Removed/.test(detailType));
    const [events, hosts] = [
      received(kept),
      new Set(fleet.machinesOf(service.cluster).map((m) => m.privateDnsName)),
    ];
    for (const [index, { resources }] of kept.entries()) {
      expect(hosts).toContain(resources[0]);
      expect(events[index]?.detail.values[0]?.host).toBe(resources[0]);
    }
    const removed = events.find(({ detail }) => detail.values[0]?.containerId === ended.containerId);
    expect(removed?.detail.values).toMatchObject([{ task: ended.task.taskArn, host: ended.host }]);
    const registered = events.filter(({ 'detail-type': type }) => type.endsWith('Registered'));
    expect(registered.some(({ detail }) => detail.values[0]?.task !== undefined)).toBe(true);
  });

  test('tells it in the words of the host agent, where that is asked for', async () => {
    const { bus, live, fleet, server } = await fleetWithBus();
    const [ended] = live;
    if (ended === undefined) throw new TypeError('nothing runs');
    fleet.world.stopTask(ended.task);

    const report = await openWorker(server, { ...TELLING, '--event-format': 'agent' }).apply();

    expect(report.notices).toEqual([]);
    expect(bus.events.every(({ source }) => source === 'awslabs.ecs.container')).toBe(true);
    expect(bus.events.map(({ detailType }) => detailType)).toContain('Task Stopped');
    const told = bus.events.find(({ detail }) => detail.includes(ended.containerId));
    expect(told?.resources).toEqual([ended.host]);
    expect(JSON.parse(told?.detail ?? '')).toEqual({
      dockerId: ended.containerId,
      TaskArn: ended.task.taskArn,
    });
  });

  test('sends nothing when it is dry, answered with no, or has nothing to do', async () => {
    const { bus, server } = await fleetWithBus();
    const worker = openWorker(server, TELLING);

    await worker.plan();
    await worker.apply({ approve: async () => false });
    expect(server.counts()[PUT]).toBeUndefined();

    await worker.apply();
    const sent = bus.events.length;
    await worker.apply();
    expect([bus.events.length, server.counts()[PUT]]).toEqual([sent, 1]);
  });

  test('tells it only of what was applied', async () => {
    const { fleet, bus, staleSets, server } = await fleetWithBus();
    const [taken, ...others] = staleSets;
    if (taken === undefined) throw new TypeError('nothing is stale');
    // Another tool removes it first.
    server.addFault({
      operation: CHANGE,
      times: 1,
      effect: { kind: 'before', before: () => void fleet.zone.records.delete(taken) },
    });

    await openWorker(server, TELLING).apply();

    const sets = changesIn(received(bus.events)).map(({ set }) => set);
    expect(sets).not.toContain(taken.SetIdentifier);
    expect(sets).toEqual(expect.arrayContaining(others.map(({ SetIdentifier }) => SetIdentifier)));
  });

  test('tells it of nothing when nothing could be changed', async () => {
    const { server } = await fleetWithBus();
    server.addFault({ operation: CHANGE, effect: { kind: 'error', code: 'AccessDenied', status: 403 } });

    const { summary } = await openWorker(server, TELLING).apply();

    expect(summary.failed).toBeGreaterThan(0);
    expect(server.counts()[PUT]).toBeUndefined();
  });
});

test('a run without an event bus sends it nothing at all', async () => {
  const { server, bus } = await fleetWithBus();
  const { summary } = await openWorker(server, LIFTED).apply();
  expect(summary.applied).toBeGreaterThan(0);
  expect(server.counts()[PUT]).toBeUndefined();
  expect(bus.events).toEqual([]);
});

test('restore tells the bus what it has put back', async () => {
  const { fleet, bus, before, server } = await fleetWithBus();
  const journal = await temporaryDirectory();
  await openWorker(server, { ...TELLING, '--journal': journal }).apply();
  const removed = changesIn(received(bus.events.splice(0)));
  const [file = ''] = await readdir(journal);

  const { notices } = await openWorker(server, TELLING).restore(await readFile(join(journal, file), 'utf8'));

  expect(fleet.zone.list()).toEqual(before);
  expect(notices).toEqual([]);
  const events = received(bus.events);
  const byValue = (changes: typeof removed) =>
    changes.map(({ set, values }) => `${set} ${values.join()}`).toSorted();
  expect(byValue(changesIn(events))).toEqual(byValue(removed));
  for (const event of events)
    expect(event).toMatchObject({
      'detail-type': 'ECS DNS Record Registered',
      detail: { reasons: ['restored'] },
    });
});

const TROUBLES: readonly { readonly what: string; readonly effect: FaultEffect }[] = [
  { what: 'is out of reach', effect: { kind: 'drop' } },
  { what: 'is throttled on and on', effect: { kind: 'throttle' } },
  { what: 'is not for this worker', effect: { kind: 'error', code: 'AccessDeniedException', status: 403 } },
];

describe.each(TROUBLES)('an event bus that $what', ({ effect }) => {
  test('is a notice, and the run has done its work', async () => {
    const { fleet, bus, staleSets, before, server } = await fleetWithBus();
    server.addFault({ operation: PUT, effect });

    const report = await openWorker(server, TELLING).apply();

    expect(bus.events).toEqual([]);
    expect(report.summary).toMatchObject({ conflicts: 0, failed: 0 });
    expect(fleet.zone.list()).toHaveLength(without(before, staleSets).length);
    expect(report.notices).toEqual([
      { subject: 'worker', detail: expect.stringMatching(/^eventBus: 3 of 3 events were not sent to dns: /) },
    ]);
  });

  test('is a notice of restore, too', async () => {
    const { fleet, before, server } = await fleetWithBus();
    const journal = await temporaryDirectory();
    await openWorker(server, { ...LIFTED, '--journal': journal }).apply();
    server.addFault({ operation: PUT, effect });
    const [file = ''] = await readdir(journal);

    const { notices } = await openWorker(server, TELLING).restore(
      await readFile(join(journal, file), 'utf8'),
    );

    expect(fleet.zone.list()).toEqual(before);
    expect(notices).toEqual([
      { subject: 'worker', detail: expect.stringMatching(/^eventBus: 3 of 3 events were not sent to dns: /) },
    ]);
  });
});

describe('the command', () => {
  const apply = ['apply', '--yes', '--zone', ZONE_NAME, '--no-health-enabled', '--output', 'json'];
  const flags = ['--guardrails-removal-budget-percent', '100', '--event-bus', 'dns'];

  test('sends events to the bus', async () => {
    const { bus, server } = await fleetWithBus();

    const { code, stdout, stderr } = await runCli([...apply, ...flags], cliEnv(server.url));

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(reportSchema.parse(JSON.parse(stdout)).notices).toEqual([]);
    expect(received(bus.events)).toHaveLength(3);
  });

  test('ends well when the bus cannot be told, and says so', async () => {
    const { server } = await fleetWithBus();
    server.addFault({ operation: PUT, effect: { kind: 'error', code: 'AccessDeniedException' } });

    const { code, stdout } = await runCli([...apply, ...flags], cliEnv(server.url));

    expect(code).toBe(0);
    expect(reportSchema.parse(JSON.parse(stdout))).toMatchObject({
      summary: { failed: 0, conflicts: 0 },
      notices: [{ subject: 'worker', detail: expect.stringContaining('AccessDeniedException') }],
    });
  });
});
