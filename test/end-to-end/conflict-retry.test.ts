import { describe, expect, test } from 'vitest';
import type { RecordSet } from '../../src/model/record-set.ts';
import { type Report, reportSchema } from '../../src/report/report-schema.ts';
import { runHere } from '../cli/support.ts';
import type { TestServer } from '../sandbox/test-server.ts';
import { addService, newFleet, serve, without, ZONE_NAME } from './support.ts';

const CHANGE = 'route53:ChangeResourceRecordSets';
const LIST = 'route53:ListResourceRecordSets';
const ARGS = `apply --yes --zone ${ZONE_NAME} --no-health-enabled --output json`.split(' ');

/** Live entries, and two stale ones of another name, the first of which is written to meanwhile. */
async function fleetInConflict() {
  const fleet = newFleet();
  const orders = addService(fleet, '_orders._tcp', { live: 6, stale: 1 });
  const users = addService(fleet, '_users._tcp', { live: 4, stale: 2 });
  const [set] = users.staleSets;
  if (set === undefined) throw new TypeError('too few sets');
  const stale = [...orders.staleSets, ...users.staleSets];
  return { fleet, set, stale, live: users, before: fleet.zone.list(), server: await serve(fleet.world) };
}

/** Another writer is there right before each of the first requests that would change the zone. */
function writing(server: TestServer, write: (nth: number) => void, times = 1): void {
  let nth = 0;
  server.addFault({ operation: CHANGE, times, effect: { kind: 'before', before: () => write(++nth) } });
}

async function apply(
  server: TestServer,
  flags: readonly string[] = [],
): Promise<{ readonly code: number; readonly report: Report }> {
  const { code, stdout } = await runHere([...ARGS, ...flags], server.url);
  return { code, report: reportSchema.parse(JSON.parse(stdout)) };
}

function changeOf({ changes }: Report, { SetIdentifier }: RecordSet) {
  return changes.filter(({ recordSet }) => recordSet.SetIdentifier === SetIdentifier);
}

describe('a stale set that was changed meanwhile', () => {
  test.each<{ what: string; change: Partial<RecordSet> }>([
    { what: 'its TTL', change: { TTL: 30 } },
    { what: 'its weight', change: { Weight: 7 } },
    { what: 'both', change: { TTL: 30, Weight: 7 } },
  ])('but is as stale as before, with $what changed, goes at the second attempt', async ({ change }) => {
    const { fleet, set, stale, before, server } = await fleetInConflict();
    const changed = { ...set, ...change };
    writing(server, () => fleet.zone.put(changed));

    const { code, report } = await apply(server);

    expect(code).toBe(0);
    expect(report.summary).toMatchObject({ stale: 3, applied: 3, conflicts: 0, failed: 0 });
    expect(changeOf(report, set)).toEqual([
      { action: 'DELETE', recordSet: changed, kind: 'removal', reasons: ['task-gone'], status: 'applied' },
    ]);
    expect(fleet.zone.list()).toEqual(without(before, stale));
    const { [CHANGE]: changes, [LIST]: listings } = server.counts();
    expect([changes, listings]).toEqual([3, 2]);
    expect(report.awsCalls).toEqual(server.counts());
  });

  test('costs one more reading, of its name alone', async () => {
    const { fleet, set, server } = await fleetInConflict();
    writing(server, () => fleet.zone.put({ ...set, TTL: 30 }));

    await apply(server);

    const read = server.log.filter(({ operation }) => operation === LIST).map(({ input }) => input);
    expect(read).toHaveLength(2);
    expect(read[1]).toMatchObject({ StartRecordName: set.Name });
  });

  test('and by then has a value more loses the one that was to go, and keeps the other', async () => {
    const { fleet, set, stale, before, server } = await fleetInConflict();
    const [mine = { Value: '' }] = set.ResourceRecords ?? [];
    const other = { Value: '1 1 20999 ip-127-60-0-1.ec2.internal' };
    writing(server, () => fleet.zone.put({ ...set, ResourceRecords: [mine, other] }));

    const { code, report } = await apply(server);

    expect(code).toBe(0);
    expect(report.summary).toMatchObject({ conflicts: 0, failed: 0 });
    const left = { ...set, ResourceRecords: [other] };
    expect(fleet.zone.records.get(set)).toEqual(left);
    expect(without(fleet.zone.list(), [set])).toEqual(without(before, stale));
  });
});

describe('a stale set that has become something else meanwhile', () => {
  test.each<{ what: string; write: (set: RecordSet, live: RecordSet) => RecordSet }>([
    {
      what: 'another value',
      write: (set) => ({ ...set, ResourceRecords: [{ Value: '1 1 20999 ip-127-60-0-1.ec2.internal' }] }),
    },
    {
      what: 'the value of a container that runs',
      write: (set, live) => ({ ...set, ResourceRecords: live.ResourceRecords }),
    },
    {
      what: 'a set of another kind, which is not ours',
      write: ({ Weight: _weight, ...set }) => ({ ...set, Region: 'us-east-1' }),
    },
  ])('$what: is a conflict, and stays as it is now', async ({ write }) => {
    const { fleet, set, stale, live, before, server } = await fleetInConflict();
    const [running = set] = live.liveSets;
    const written = write(set, running);
    writing(server, () => fleet.zone.put(written));

    const { code, report } = await apply(server);

    expect(code).toBe(3);
    expect(report.summary).toMatchObject({ applied: 2, conflicts: 1, failed: 0 });
    expect(changeOf(report, set)).toMatchObject([{ status: 'conflict', recordSet: set }]);
    expect(fleet.zone.records.get(set)).toEqual(written);
    expect(without(fleet.zone.list(), [set])).toEqual(without(before, stale));
    const { [CHANGE]: changes, [LIST]: listings } = server.counts();
    expect([changes, listings]).toEqual([2, 2]);
  });

  test('nothing: is told to be gone already, and nothing is tried again', async () => {
    const { fleet, set, stale, before, server } = await fleetInConflict();
    writing(server, () => fleet.zone.delete(set));

    const { code, report } = await apply(server);

    expect(code).toBe(0);
    expect(report.summary).toMatchObject({ applied: 2, alreadyDone: 1, conflicts: 0, failed: 0 });
    expect(changeOf(report, set)).toMatchObject([{ status: 'already-done', code: 'already-gone' }]);
    expect(fleet.zone.list()).toEqual(without(before, stale));
    expect(server.counts()[CHANGE]).toBe(2);
  });
});

describe('a second attempt', () => {
  test('that ends in a conflict again is the last one', async () => {
    const { fleet, set, stale, before, server } = await fleetInConflict();
    const write = (nth: number) => {
      if (nth !== 2) fleet.zone.put({ ...set, TTL: 30 + nth });
    };
    writing(server, write, 10);

    const { code, report } = await apply(server);

    expect(code).toBe(3);
    expect(report.summary).toMatchObject({ applied: 2, conflicts: 1 });
    expect(changeOf(report, set)).toMatchObject([
      { status: 'conflict', recordSet: { TTL: 31 }, detail: expect.stringContaining('do not match') },
    ]);
    expect(server.counts()[CHANGE]).toBe(3);
    expect(server.counts()[LIST]).toBe(2);
    expect(fleet.zone.records.get(set)).toEqual({ ...set, TTL: 33 });
    expect(without(fleet.zone.list(), [set])).toEqual(without(before, stale));
  });

  test('is none where the name cannot be read again: the conflict stands', async () => {
    const { fleet, set, server } = await fleetInConflict();
    writing(server, () => fleet.zone.put({ ...set, TTL: 30 }));
    server.addFault({
      operation: LIST,
      when: ({ input }) => input['StartRecordName'] !== undefined,
      effect: { kind: 'error', code: 'AccessDenied', status: 403 },
    });

    const { code, report } = await apply(server);

    expect(code).toBe(3);
    expect(changeOf(report, set)).toMatchObject([{ status: 'conflict' }]);
    expect(server.counts()[CHANGE]).toBe(2);
    expect(fleet.zone.records.get(set)).toEqual({ ...set, TTL: 30 });
  });

  test('that Route 53 does not carry out is told as it ended', async () => {
    const { fleet, set, server } = await fleetInConflict();
    writing(server, () => fleet.zone.put({ ...set, TTL: 30 }));
    let nth = 0;
    server.addFault({
      operation: CHANGE,
      when: () => {
        nth += 1;
        return nth === 3;
      },
      effect: { kind: 'error', code: 'AccessDenied', status: 403, message: 'not any more' },
    });

    const { code, report } = await apply(server);

    expect(code).toBe(3);
    expect(changeOf(report, set)).toMatchObject([
      { status: 'failed', recordSet: { TTL: 30 }, detail: expect.stringContaining('not any more') },
    ]);
    expect(fleet.zone.records.get(set)).toEqual({ ...set, TTL: 30 });
  });
});

test('with nothing else to change, one attempt and one more are two requests', async () => {
  const fleet = newFleet();
  const { staleSets } = addService(fleet, '_orders._tcp', { live: 6, stale: 1 });
  const [set] = staleSets;
  if (set === undefined) throw new TypeError('no stale set');
  const server = await serve(fleet.world);
  writing(server, () => fleet.zone.put({ ...set, TTL: 30 }));

  const { code, report } = await apply(server);

  expect(code).toBe(0);
  expect(server.counts()[CHANGE]).toBe(2);
  expect(changeOf(report, set)).toMatchObject([{ status: 'applied', recordSet: { TTL: 30 } }]);
  expect(fleet.zone.records.get(set)).toBeUndefined();
});

describe('the A set of a host whose SRV sets go with it', () => {
  async function goneHost() {
    const fleet = newFleet();
    addService(fleet, '_orders._tcp', { live: 6 });
    const live = fleet.zone.list();
    const host = fleet.world.privateDnsNameOf('10.66.0.1');
    const gone = { expected: 'stale', reason: 'instance-gone' } as const;
    fleet.plantHost(host, '10.66.0.1', gone);
    fleet.plantSrv('_orders._tcp', { host, containerId: 'a'.repeat(64) }, [32_768], gone);
    const own = without(fleet.zone.list(), live);
    const [srv, address] = ['SRV', 'A'].map((type) => own.find(({ Type }) => Type === type));
    if (srv === undefined || address === undefined) throw new TypeError('too few sets');
    return { fleet, live, srv, address, server: await serve(fleet.world) };
  }

  test('goes with them at the second attempt', async () => {
    const { fleet, live, srv, server } = await goneHost();
    writing(server, () => fleet.zone.put({ ...srv, Weight: 9 }));

    const { code, report } = await apply(server);

    expect(code).toBe(0);
    expect(report.summary).toMatchObject({ applied: 2, conflicts: 0 });
    expect(fleet.zone.list()).toEqual(live);
  });

  test('stays where it was written to as well, although they go', async () => {
    const { fleet, live, srv, address, server } = await goneHost();
    const renewed = { ...address, TTL: 30 };
    writing(server, () => fleet.zone.put({ ...srv, Weight: 9 }).put(renewed));

    const { code, report } = await apply(server);

    expect(code).toBe(3);
    expect(changeOf(report, srv)).toMatchObject([{ status: 'applied', recordSet: { Weight: 9 } }]);
    expect(fleet.zone.records.get(address)).toEqual(renewed);
    expect(without(fleet.zone.list(), [address])).toEqual(live);
  });
});

describe('a set that names no container, and was written to meanwhile', () => {
  test('stays: the same value may lead to a container that is there since', async () => {
    const { fleet, stale, live, before, server } = await fleetInConflict();
    const machine = fleet.machine(live.service.cluster, 0);
    const port = machine.takePorts();
    const Value = `1 1 ${port} ${machine.privateDnsName}`;
    const Name = `_legacy._tcp.${ZONE_NAME}.`;
    const simple = { Name, Type: 'SRV', TTL: 60, ResourceRecords: [{ Value }] };
    fleet.zone.put(simple);
    writing(server, () => {
      const definition = fleet.world.addTaskDefinition({
        family: 'legacy',
        containers: [
          {
            portMappings: [{ containerPort: 80, hostPort: port }],
            environment: { SERVICE_80_NAME: '_legacy._tcp' },
          },
        ],
      });
      fleet.world.addTask({ cluster: 'blue', machine, taskDefinition: definition });
      fleet.zone.put({ ...simple, TTL: 30 });
    });

    const { code, report } = await apply(server, ['--manage', 'zone']);

    expect(code).toBe(3);
    expect(report.changes.filter(({ status }) => status === 'conflict')).toMatchObject([
      { recordSet: simple },
    ]);
    expect(fleet.zone.records.get(simple)).toEqual({ ...simple, TTL: 30 });
    expect(without(fleet.zone.list(), [simple])).toEqual(without(before, stale));
  });

  test('stays, as the A set of a host: one of that name may be there since', async () => {
    const { fleet, stale, before, server } = await fleetInConflict();
    const host = fleet.world.privateDnsNameOf('10.66.0.1');
    fleet.plantHost(host, '10.66.0.1', { expected: 'stale', reason: 'instance-gone' });
    const [set] = fleet.zone.list().filter(({ SetIdentifier }) => SetIdentifier === host);
    if (set === undefined) throw new TypeError('no set');
    writing(server, () => fleet.zone.put({ ...set, TTL: 30 }));

    const { code } = await apply(server);

    expect(code).toBe(3);
    expect(fleet.zone.records.get(set)).toEqual({ ...set, TTL: 30 });
    expect(without(fleet.zone.list(), [set])).toEqual(without(before, stale));
  });
});
