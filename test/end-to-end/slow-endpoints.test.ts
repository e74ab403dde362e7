import { createServer } from 'node:http';
import { describe, expect, test } from 'vitest';
import { systemClock } from '../../src/aws/system-clock.ts';
import type { FlagValues } from '../../src/config/read-texts.ts';
import { entriesOf } from '../../src/model/entry.ts';
import type { RecordSet } from '../../src/model/record-set.ts';
import type { Report } from '../../src/report/report-schema.ts';
import type { FleetBuilder, Member } from '../../src/sandbox/fleet/fleet-builder.ts';
import { addService, answerFor, listen, newFleet, openWorker, PROBING, serve } from './support.ts';

/** One attempt, and far more time for it than a test takes: whatever waits for it in vain fails. */
const PATIENT: FlagValues = {
  ...PROBING,
  '--health-timeout': '60s',
  '--health-attempts': '1',
  '--policy': 'sync',
};

/** The member's server keeps its answer to itself until the zone is as `isReady` says. */
async function answerOnce(fleet: FleetBuilder, member: Member, isReady: () => boolean) {
  fleet.behave(member, { kind: 'refuse' });
  const server = createServer((_, response) => {
    const answer = () => void (isReady() ? response.end('ok') : setTimeout(answer, 5));
    answer();
  });
  await answerFor(member, server);
}

function open(server: Awaited<ReturnType<typeof serve>>, flags: FlagValues = {}) {
  return openWorker(server, { ...PATIENT, ...flags }, undefined, systemClock);
}

function has(fleet: FleetBuilder, identifier: string): boolean {
  return fleet.zone.list().some(({ SetIdentifier }) => SetIdentifier === identifier);
}

function idOf({ host, containerId }: Member): string {
  return `${host}:${containerId}`;
}

/** The identifiers of the sets that `addService` has planted for containers that are gone. */
function staleIds(staleSets: readonly RecordSet[]): readonly [string] {
  const [first] = staleSets;
  if (first?.SetIdentifier === undefined) throw new TypeError('one is stale');
  return [first.SetIdentifier];
}

describe('while a slow endpoint is still asked', () => {
  test('what is decided is applied, and the report tells all of it', async () => {
    const fleet = newFleet();
    const { service, staleSets } = addService(fleet, '_orders._tcp', { live: 9, stale: 1 });
    const [stale] = staleIds(staleSets);
    const started = fleet.run(service, { machine: fleet.machine(service.cluster, 1) });
    const slow = addService(fleet, '_slow._tcp', { live: 2 }).live;
    const [hanging, failing] = slow;
    if (hanging === undefined || failing === undefined) throw new TypeError('two run');
    fleet.behave(failing, { kind: 'refuse' });
    const added = idOf(started);
    const seen: boolean[] = [];
    await answerOnce(fleet, hanging, () => {
      const isReady = has(fleet, added) && !has(fleet, stale);
      // What goes for its health waits for the answer of all others.
      if (isReady) seen.push(has(fleet, idOf(failing)));
      return isReady;
    });
    await listen(fleet);
    const server = await serve(fleet.world);
    const before = entriesOf(fleet.zone.list()).length;

    const { summary, changes, entries } = await open(server).apply({ inParts: true });

    expect(seen).toEqual([true]);
    expect(summary).toMatchObject({ removals: 2, unverified: 0, live: 10 });
    const ofServices = changes.filter(({ recordSet }) => recordSet.Type === 'SRV');
    expect(ofServices.map(({ kind, reasons, status }) => [kind, reasons, status])).toEqual([
      ['registration', ['missing'], 'applied'],
      ['removal', ['task-gone'], 'applied'],
      ['removal', ['connection-refused'], 'applied'],
    ]);
    expect(entries.map(({ verdict }) => verdict).filter((verdict) => verdict !== 'live')).toEqual(
      expect.arrayContaining(['stale', 'unhealthy']),
    );
    expect(entries).toHaveLength(before);
  });

  test('a name keeps what it has until what is to be registered there has answered', async () => {
    const fleet = newFleet();
    const { staleSets } = addService(fleet, '_orders._tcp', { live: 9, stale: 1 });
    const calc = addService(fleet, '_calc._tcp', { live: 0, stale: 1 });
    const [[stale], [last]] = [staleIds(staleSets), staleIds(calc.staleSets)];
    const successor = fleet.run(calc.service, { machine: fleet.machine(calc.service.cluster, 1) });
    const added = idOf(successor);
    const kept: boolean[] = [];
    await answerOnce(fleet, successor, () => {
      if (!has(fleet, stale)) kept.push(has(fleet, last) && !has(fleet, added));
      return !has(fleet, stale);
    });
    await listen(fleet);
    const server = await serve(fleet.world);

    const { summary } = await open(server).apply({ inParts: true });

    expect(kept).toEqual([true]);
    expect(summary).toMatchObject({ removals: 2, conflicts: 0, failed: 0 });
    expect([has(fleet, last), has(fleet, added)]).toEqual([false, true]);
  });
});

test('where an operator is asked, nothing is applied before all is known', async () => {
  const fleet = newFleet();
  const { staleSets } = addService(fleet, '_orders._tcp', { live: 9, stale: 1 });
  const [stale] = staleIds(staleSets);
  const [slow] = addService(fleet, '_slow._tcp', { live: 1 }).live;
  if (slow === undefined) throw new TypeError('one is slow');
  let [looks, wasThere] = [0, false];
  await answerOnce(fleet, slow, () => ++looks > 200 || !has(fleet, stale));
  await listen(fleet);
  const server = await serve(fleet.world);

  await open(server).apply({
    approve: async () => {
      wasThere = has(fleet, stale);
      return true;
    },
  });

  expect([looks > 200, wasThere, has(fleet, stale)]).toEqual([true, true, false]);
});

test('what a run does not wait for is asked on, and the next run hears it', async () => {
  const fleet = newFleet();
  addService(fleet, '_orders._tcp', { live: 2 });
  const [slow] = addService(fleet, '_slow._tcp', { live: 1 }).live;
  if (slow === undefined) throw new TypeError('one is slow');
  let isUp = false;
  let asked = 0;
  fleet.behave(slow, { kind: 'refuse' });
  const slowServer = createServer((_, response) => {
    asked += 1;
    const answer = () => void (isUp ? response.end('ok') : setTimeout(answer, 5));
    answer();
  });
  await answerFor(slow, slowServer);
  await listen(fleet);
  const worker = open(await serve(fleet.world));
  const entryOf = ({ entries }: Report) => entries.find(({ name }) => name.startsWith('_slow.'));

  const first = await worker.apply({ inParts: true, waitUntil: Date.now() + 1_000 });
  isUp = true;
  const second = await worker.apply({ inParts: true, waitUntil: Date.now() + 60_000 });

  expect(entryOf(first)).toMatchObject({ verdict: 'unverified', reason: 'deadline' });
  expect(entryOf(second)).toMatchObject({ verdict: 'live', reason: 'healthy' });
  expect(asked).toBe(1);
});
