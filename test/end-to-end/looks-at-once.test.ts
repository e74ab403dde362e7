import { readdir, readFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { RecordSet } from '../../src/model/record-set.ts';
import type { Scope } from '../../src/model/scope.ts';
import type { FleetBuilder } from '../../src/sandbox/fleet/fleet-builder.ts';
import type { Task } from '../../src/sandbox/world/ecs-shapes.ts';
import type { ScopeRecord } from '../../src/worker.ts';
import { gated } from '../outages/gated-requests.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { addService, listen, newFleet, openWorker, PROBING, serve, without } from './support.ts';

const CHANGE = 'route53:ChangeResourceRecordSets';
const LIST = 'route53:ListResourceRecordSets';
const GONE = { status: 'already-done', code: 'already-gone' };
const THERE = { status: 'already-done', code: 'already-there' };

/** A name with four entries, and a worker whose first two requests for changes are held until both have been made. */
async function twoAtOnce(fleet: FleetBuilder, flags = {}) {
  const server = await serve(fleet.world);
  const waiting: (() => void)[] = [];
  const isChange = ({ method, url }: Pick<IncomingMessage, 'method' | 'url'>) =>
    method === 'POST' && url?.includes('/rrset') === true;
  let isOpen = false;
  const before = (request: Pick<IncomingMessage, 'method' | 'url'>) =>
    new Promise<void>((resolve) => {
      if (isOpen || !isChange(request)) return resolve();
      waiting.push(resolve);
      if (waiting.length < 2) return;
      isOpen = true;
      for (const go of waiting) go();
    });
  const worker = openWorker(await gated(server, { before }), { '--policy': 'sync', ...flags });
  return { server, worker };
}

function taskScope({ clusterArn: cluster, taskArn }: Task): Scope {
  return { kind: 'task', cluster, taskArn };
}

function endsOf(records: readonly ScopeRecord[]) {
  return records
    .flatMap(({ runs }) => runs.flatMap(({ report }) => report.changes))
    .map(({ recordSet, status, code }) => ({ set: recordSet.SetIdentifier, status, ...(code && { code }) }));
}

function applied({ SetIdentifier: set }: RecordSet) {
  return { set, status: 'applied' };
}

function sorted<T extends { readonly set: string | undefined; readonly status: string }>(ends: readonly T[]) {
  return ends.toSorted((a, b) => `${a.set}${a.status}`.localeCompare(`${b.set}${b.status}`));
}

describe('two looks at once', () => {
  test('that take out the same entry: the second is told that it is gone already, and sends its others at once', async () => {
    const fleet = newFleet();
    const { live, liveSets } = addService(fleet, '_orders._tcp', { live: 5 });
    const [one, both, other] = liveSets;
    const ended = live.slice(0, 3).map(({ task }) => task);
    for (const task of ended) fleet.world.stopTask(task);
    const before = fleet.zone.list();
    const { server, worker } = await twoAtOnce(fleet);
    if (one === undefined || both === undefined || other === undefined)
      throw new TypeError('three have ended');

    const records = await Promise.all([
      worker.runScopes(ended.slice(0, 2).map(taskScope)),
      worker.runScopes(ended.slice(1).map(taskScope)),
    ]);

    const gone = { set: both.SetIdentifier, ...GONE };
    expect(sorted(endsOf(records))).toEqual(sorted([applied(one), gone, applied(both), applied(other)]));
    expect(records.map(({ failure, waiting }) => [failure, waiting])).toEqual([
      [undefined, []],
      [undefined, []],
    ]);
    expect(fleet.zone.list()).toEqual(without(before, [one, both, other]));
    // The names that they read, and the one that the second reads anew; a request each, and the rest of the second.
    const { [CHANGE]: changes, [LIST]: listings } = server.counts();
    expect([changes, listings]).toEqual([3, 3]);
  });

  test('that register the same task: it is there once, and the second is told that it is there already', async () => {
    const fleet = newFleet();
    const { service } = addService(fleet, '_orders._tcp', { live: 1 });
    const { task } = fleet.run(service, { machine: fleet.machine(fleet.world.cluster('blue'), 1) });
    const { worker } = await twoAtOnce(fleet);

    const records = await Promise.all([
      worker.runScopes([taskScope(task)]),
      worker.runScopes([taskScope(task)]),
    ]);

    expect(sorted(endsOf(records))).toMatchObject([THERE, { status: 'applied' }]);
    expect(records.map(({ waiting }) => waiting)).toEqual([[], []]);
  });

  test('that lean on the entry that the other takes out: the second leans on what is left, and takes out its own', async () => {
    const fleet = newFleet();
    const { live, liveSets } = addService(fleet, '_orders._tcp', { live: 4 });
    await listen(fleet);
    const ends = live.slice(0, 2);
    for (const { task } of ends)
      Object.assign(task, { desiredStatus: 'STOPPED', lastStatus: 'DEACTIVATING' });
    const before = fleet.zone.list();
    const { worker, server } = await twoAtOnce(fleet, { ...PROBING, '--guardrails-min-endpoints': '2' });

    const records = await Promise.all(ends.map(({ task }) => worker.runScopes([taskScope(task)])));

    expect(endsOf(records).map(({ status }) => status)).toEqual(['applied', 'applied']);
    expect(fleet.zone.list()).toEqual(without(before, liveSets.slice(0, 2)));
    expect(server.counts()[CHANGE]).toBe(3);
  });
});

describe('a look and a run at once', () => {
  test('that take out the same entry: whichever is second says that it is gone already', async () => {
    const fleet = newFleet();
    const { live, liveSets, staleSets } = addService(fleet, '_orders._tcp', { live: 4, stale: 2 });
    const [ended] = live;
    const [both] = liveSets;
    if (ended === undefined || both === undefined) throw new TypeError('one has ended');
    fleet.world.stopTask(ended.task);
    const before = fleet.zone.list();
    const journal = await temporaryDirectory();
    const { worker } = await twoAtOnce(fleet, {
      '--policy': 'prune',
      '--journal': journal,
      '--guardrails-removal-budget-percent': '100',
    });

    const [look, run] = await Promise.all([worker.runScopes([taskScope(ended.task)]), worker.apply()]);

    const ofLook = endsOf([look]);
    const ofRun = run.changes.map(({ recordSet, status }) => ({ set: recordSet.SetIdentifier, status }));
    expect([ofLook, ofRun].map(({ length }) => length)).toEqual([1, 3]);
    const ends = [...ofLook, ...ofRun].filter(({ set }) => set === both.SetIdentifier);
    expect(ends.map(({ status }) => status).toSorted()).toEqual(['already-done', 'applied']);
    expect([look.failure, run.summary.conflicts]).toEqual([undefined, 0]);
    const gone = [both, ...staleSets];
    expect(fleet.zone.list()).toEqual(without(before, gone));

    // Each journal puts back what its own run has removed, and no other; the late one has the first chance.
    const files = await readdir(journal);
    const journals = await Promise.all(files.map((file) => readFile(join(journal, file), 'utf8')));
    const late = journals.filter((text) => text.includes('already-done'));
    expect(late).toHaveLength(1);
    for (const text of [...late, ...journals.filter((one) => !late.includes(one))]) {
      const { summary } = await worker.restore(text);
      expect(summary.restored).toBe(text.match(/"status":"applied"/g)?.length ?? 0);
    }
    expect(fleet.zone.list()).toEqual(before);
  });
});

test('what an agent writes anew meanwhile is in conflict, and stays', async () => {
  const fleet = newFleet();
  const { live, liveSets } = addService(fleet, '_orders._tcp', { live: 3 });
  const [ended] = live;
  const [set] = liveSets;
  if (ended === undefined || set === undefined) throw new TypeError('one has ended');
  fleet.world.stopTask(ended.task);
  const server = await serve(fleet.world);
  const anew = { ...set, ResourceRecords: [{ Value: '1 1 20999 ip-10-0-0-1.ec2.internal' }] };
  const before = () => fleet.zone.put(anew);
  server.addFault({ operation: CHANGE, times: 1, effect: { kind: 'before', before } });

  const record = await openWorker(server, { '--policy': 'sync' }).runScopes([taskScope(ended.task)]);

  expect(endsOf([record])).toMatchObject([{ set: set.SetIdentifier, status: 'conflict' }]);
  expect(fleet.zone.records.get(set)).toEqual(anew);
});
