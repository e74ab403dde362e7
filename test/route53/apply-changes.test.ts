import { describe, expect, it } from 'vitest';
import type { ChangeGroup } from '../../src/model/change.ts';
import { type RecordSet, recordSetKey, valuesOf, withValues } from '../../src/model/record-set.ts';
import { applyChanges } from '../../src/route53/apply-changes.ts';
import { awsError } from '../aws/support.ts';
import {
  DENIED,
  groupOf,
  hostSet,
  inMemoryRoute53,
  multiValueSets,
  namedSet,
  srvSet,
  THROTTLE,
  type ZoneWorld,
} from './support.ts';
import { virtualClock } from './virtual-clock.ts';

async function apply(groups: readonly ChangeGroup[], world: ZoneWorld, signal?: AbortSignal) {
  const api = inMemoryRoute53(world);
  const outcomes = await applyChanges('Z1', groups, { api, clock: virtualClock(), signal });
  expect([...outcomes.keys()].toSorted()).toEqual(groups.map(({ key }) => key).toSorted());
  return { api, outcomes, statuses: countStatuses([...outcomes.values()]) };
}

function countStatuses(outcomes: readonly { readonly status: string }[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { status } of outcomes) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

const remove = (list: readonly RecordSet[]) => list.map((set) => groupOf(set));
const key = recordSetKey;

describe('batches', () => {
  it.each([
    ['nothing takes no request', 0, 0],
    ['one set takes one', 1, 1],
    ['500 sets take one', 500, 1],
    ['2,000 sets take as many as the characters of their values need', 2_000, 4],
  ])('%s', async (_, count, requests) => {
    const zone = multiValueSets(count);
    const { api, statuses } = await apply(remove(zone), { sets: [...zone, hostSet(1)] });
    expect(api.requests).toHaveLength(requests);
    expect(statuses).toEqual(count === 0 ? {} : { applied: count });
    expect(api.keys()).toEqual([key(hostSet(1))]);
  });

  it('never read the zone when all goes well', async () => {
    const { api } = await apply(remove(multiValueSets(3)), { sets: multiValueSets(3) });
    expect(api.readings).toEqual([]);
  });

  it('leave what stays of a set with several values', async () => {
    const values = ['1 1 80 a', '1 1 81 b', '1 1 82 c'];
    const set = withValues(srvSet(1), values);
    const { api, statuses } = await apply([groupOf(set, { staying: ['1 1 81 b'] })], { sets: [set] });
    expect(statuses).toEqual({ applied: 1 });
    const { recordSets } = await api.listRecordSets('Z1', {}, undefined);
    expect(recordSets.map(valuesOf)).toEqual([['1 1 81 b']]);
  });

  it('wait out a throttle', async () => {
    const { api, statuses } = await apply(remove(multiValueSets(2)), {
      sets: multiValueSets(2),
      replies: [{ error: THROTTLE }],
    });
    expect(statuses).toEqual({ applied: 2 });
    expect(api.requests).toHaveLength(2);
  });
});

describe('a set that another writer has taken out already', () => {
  const GONE = {
    status: 'already-done',
    code: 'already-gone',
    detail: 'another look, run or tool was first',
  };

  it('is told as that, and takes one look and one more request for all the others', async () => {
    const zone = multiValueSets(500);
    const { api, outcomes, statuses } = await apply(remove(zone), {
      sets: zone.filter((_, index) => index !== 250),
    });
    expect(statuses).toEqual({ applied: 499, 'already-done': 1 });
    expect(api.requests.map((changes) => changes.length)).toEqual([500, 499]);
    // The name has more sets than a page.
    expect(api.readings).toHaveLength(2);
    expect(outcomes.get(key(srvSet(250)))).toEqual(GONE);
    expect(api.keys()).toEqual([]);
  });

  it('can be several of one batch, told apart by one answer and one look', async () => {
    const zone = multiValueSets(20);
    const { api, statuses } = await apply(remove(zone), { sets: zone.slice(5) });
    expect(statuses).toEqual({ applied: 15, 'already-done': 5 });
    expect([api.requests, api.readings].map(({ length }) => length)).toEqual([2, 1]);
  });

  it('can be all of a batch', async () => {
    const { api, statuses } = await apply(remove(multiValueSets(5)), {});
    expect(statuses).toEqual({ 'already-done': 5 });
    expect([api.requests, api.readings].map(({ length }) => length)).toEqual([1, 1]);
  });

  it('holds up nothing that has to come after it', async () => {
    const groups = [groupOf(hostSet(1), { after: [srvSet(1)] }), groupOf(srvSet(1))];
    const { api, statuses } = await apply(groups, { sets: [hostSet(1)] });
    expect(statuses).toEqual({ 'already-done': 1, applied: 1 });
    expect(api.keys()).toEqual([]);
  });

  it('is one that has lost the same values to it', async () => {
    const set = withValues(srvSet(1), ['1 1 80 a', '1 1 81 b']);
    const group = groupOf(set, { staying: ['1 1 81 b'] });
    const { outcomes } = await apply([group], { sets: [withValues(set, ['1 1 81 b'])] });
    expect(outcomes.get(group.key)).toEqual(GONE);
  });

  it.each([
    ['name', { Name: '_data-protection._tcp.discovery.internal.' }],
    ['identifier', { SetIdentifier: 'protected host:000000000001' }],
  ])('is under no protection where its %s says so', async (_, fields) => {
    const set = srvSet(1, fields);
    const { outcomes } = await apply([groupOf(set)], {});
    expect(outcomes.get(key(set))).toEqual(GONE);
    const changed = await apply([groupOf(set)], { sets: [{ ...set, TTL: 60 }] });
    expect(changed.outcomes.get(key(set))).toEqual({ status: 'conflict', detail: expect.any(String) });
  });

  it('is in conflict where it has lost others, or was written anew since', async () => {
    const set = withValues(srvSet(1), ['1 1 80 a', '1 1 81 b']);
    const group = groupOf(set, { staying: ['1 1 81 b'] });
    const { statuses } = await apply([group], { sets: [withValues(set, ['1 1 80 a'])] });
    expect(statuses).toEqual({ conflict: 1 });
  });

  it('is in conflict where the agent has written it anew by the time of the look', async () => {
    const sets: RecordSet[] = [];
    const api = inMemoryRoute53({ sets });
    const writing = {
      ...api,
      listRecordSets: async () => ({ recordSets: [srvSet(1, { TTL: 7 })], next: undefined }),
    };
    const group = groupOf(srvSet(1));
    const outcomes = await applyChanges('Z1', [group], {
      api: writing,
      clock: virtualClock(),
      signal: undefined,
    });
    expect(outcomes.get(group.key)).toMatchObject({
      status: 'conflict',
      detail: expect.stringMatching(/^Tried to delete .* but it was not found$/),
    });
  });

  it('is in conflict where the zone cannot be read to see', async () => {
    const { statuses } = await apply(remove(multiValueSets(2)), { sets: [srvSet(0)], readError: THROTTLE });
    expect(statuses).toEqual({ applied: 1, conflict: 1 });
  });
});

describe('a conflict', () => {
  it('is what a protection refuses, without a look, even where the zone holds what was asked for', async () => {
    const set = srvSet(1);
    const message = `[Tried to delete resource record set [name='${set.Name}', type='SRV', set-identifier='${set.SetIdentifier}'] but it is protected by a resource record set protection]`;
    const refusal = { error: awsError('InvalidChangeBatch', { message, status: 400 }) };
    const { api, outcomes } = await apply([groupOf(set)], { replies: [refusal] });
    expect(outcomes.get(key(set))).toMatchObject({ status: 'conflict', code: 'name-protected' });
    expect(api.readings).toEqual([]);
  });

  it('is left alone and takes one more request for all the others, and no look', async () => {
    const zone = multiValueSets(500);
    const { api, statuses } = await apply(remove(zone), {
      sets: zone.map((set, index) => (index === 250 ? { ...set, TTL: 60 } : set)),
    });
    expect(statuses).toEqual({ applied: 499, conflict: 1 });
    expect(api.requests.map((changes) => changes.length)).toEqual([500, 499]);
    expect(api.readings).toEqual([]);
    expect(api.keys()).toEqual([key(srvSet(250))]);
  });

  it.each<[string, RecordSet]>([
    ['has other values', withValues(srvSet(1), ['1 1 9 elsewhere'])],
    ['has one value more', withValues(srvSet(1), [...valuesOf(srvSet(1)), '1 1 9 elsewhere'])],
    ['has another weight', srvSet(1, { Weight: 2 })],
    ['has another TTL', srvSet(1, { TTL: 60 })],
  ])('is a set that meanwhile %s', async (_, current) => {
    const { api, outcomes } = await apply(remove(multiValueSets(3)), {
      sets: [srvSet(0), current, srvSet(2)],
    });
    expect(outcomes.get(key(current))).toMatchObject({
      status: 'conflict',
      detail: expect.stringContaining('do not match the current values'),
    });
    expect(api.keys()).toEqual([key(current)]);
  });

  it('can be several of one batch, told apart by one answer', async () => {
    const zone = multiValueSets(20);
    const sets = zone.map((set, index) => (index < 5 ? { ...set, Weight: 9 } : set));
    const { api, statuses } = await apply(remove(zone), { sets });
    expect(statuses).toEqual({ applied: 15, conflict: 5 });
    expect(api.requests).toHaveLength(2);
  });
});

describe('a rejection that names nothing', () => {
  it.each<[string, number, number, string, string]>([
    ['one of 16', 16, 1, 'InvalidInput', 'failed'],
    ['one of 16, as a matter of the batch', 16, 1, 'InvalidChangeBatch', 'conflict'],
    ['two of 16', 16, 2, 'InvalidInput', 'failed'],
    ['one alone', 1, 1, 'InvalidInput', 'failed'],
  ])('is traced to its culprit: %s', async (_, count, culprits, poisonError, status) => {
    const zone = multiValueSets(count, namedSet);
    const bad = new Set(zone.slice(0, culprits).map(key));
    const poison = (set: RecordSet) => bad.has(key(set));
    const { api, outcomes, statuses } = await apply(remove(zone), { sets: zone, poison, poisonError });
    const applied = count - culprits;
    expect(statuses).toEqual({ [status]: culprits, ...(applied === 0 ? {} : { applied }) });
    for (const one of bad)
      expect(outcomes.get(one)).toMatchObject({ status, detail: `${poisonError}: Invalid Resource Record` });
    expect(api.requests.length).toBeLessThanOrEqual(1 + culprits * 2 * Math.log2(count));
    expect(api.keys()).toEqual([...bad].toSorted());
  });
});

describe('an error that speaks of no record', () => {
  it('fails the whole batch after one request', async () => {
    const { api, outcomes, statuses } = await apply(remove(multiValueSets(5)), {
      sets: multiValueSets(5),
      replies: [{ error: DENIED }],
    });
    expect(statuses).toEqual({ failed: 5 });
    expect(outcomes.get(key(srvSet(0)))).toEqual({ status: 'failed', detail: 'AccessDenied: not you' });
    expect(api.requests).toHaveLength(1);
    expect(api.keys()).toHaveLength(5);
  });

  it('fails the batch after the last throttle, with nothing to look up', async () => {
    const replies = Array.from({ length: 8 }, () => ({ error: THROTTLE }));
    const { api, outcomes, statuses } = await apply(remove(multiValueSets(2)), {
      sets: multiValueSets(2),
      replies,
    });
    expect(statuses).toEqual({ failed: 2 });
    expect(outcomes.get(key(srvSet(0)))).toMatchObject({ detail: 'Throttling: Rate exceeded' });
    expect(api.readings).toEqual([]);
  });
});

describe('the A set of a host', () => {
  const pointing = [srvSet(1), srvSet(2)];
  const groups = [...remove(pointing), groupOf(hostSet(1), { after: pointing })];

  it('goes with the SRV sets that point at it', async () => {
    const { api, statuses } = await apply(groups, { sets: [...pointing, hostSet(1)] });
    expect(statuses).toEqual({ applied: 3 });
    expect(api.requests).toHaveLength(1);
  });

  it('stays with an SRV set that stays', async () => {
    const changed = srvSet(1, { TTL: 60 });
    const { api, outcomes } = await apply(groups, { sets: [changed, srvSet(2), hostSet(1)] });
    expect(api.keys()).toEqual([key(changed), key(hostSet(1))].toSorted());
    expect(outcomes.get(key(hostSet(1)))).toEqual({
      status: 'conflict',
      detail: `not sent: ${key(changed)} has to come first`,
    });
    expect(outcomes.get(key(srvSet(2)))).toEqual({ status: 'applied' });
  });

  it('stays with an SRV set that is found to be the culprit', async () => {
    const poison = (set: RecordSet) => key(set) === key(srvSet(2));
    const { api, statuses } = await apply(groups, { sets: [...pointing, hostSet(1)], poison });
    expect(statuses).toEqual({ applied: 1, failed: 1, conflict: 1 });
    expect(api.keys()).toEqual([key(srvSet(2)), key(hostSet(1))].toSorted());
  });
});

describe('a group that exceeds a request', () => {
  it.each([
    ['by its elements', Array.from({ length: 1_001 }, (_, index) => `1 1 ${index + 1} h`)],
    ['by its characters', ['x'.repeat(32_001)]],
  ])('%s fails without one', async (_, values) => {
    const large = withValues(namedSet(1), values);
    const { api, outcomes } = await apply(remove([large, srvSet(1)]), { sets: [large, srvSet(1)] });
    expect(outcomes.get(key(large))).toEqual({
      status: 'failed',
      detail: 'the set exceeds the size of a Route 53 request',
    });
    expect(outcomes.get(key(srvSet(1)))).toEqual({ status: 'applied' });
    expect(api.requests).toHaveLength(1);
  });
});

describe('an abort', () => {
  it('before the first batch fails everything, unsent', async () => {
    const { api, outcomes } = await apply(
      remove(multiValueSets(3)),
      { sets: multiValueSets(3) },
      AbortSignal.abort(),
    );
    expect([...outcomes.values()]).toEqual(
      multiValueSets(3).map(() => ({ status: 'failed', detail: 'not sent: the run was stopped' })),
    );
    expect(api.requests).toEqual([]);
  });

  it('during the first batch lets it end and fails the rest', async () => {
    const controller = new AbortController();
    const zone = multiValueSets(1_500);
    const world = { sets: zone, onChange: () => controller.abort() };
    const { api, statuses } = await apply(remove(zone), world, controller.signal);
    expect(api.requests).toHaveLength(1);
    expect(statuses).toEqual({ applied: 1_500 - api.keys().length, failed: api.keys().length });
    expect(api.keys().length).toBeGreaterThan(0);
  });
});

describe('a deadline', () => {
  async function applyUntil(groups: readonly ChangeGroup[], world: ZoneWorld, deadline: number) {
    const api = inMemoryRoute53(world);
    const clock = virtualClock([1]);
    const outcomes = await applyChanges('Z1', groups, { api, clock, signal: undefined, deadline });
    return { api, outcomes, statuses: countStatuses([...outcomes.values()]) };
  }

  it('that is over leaves everything unsent', async () => {
    const { api, outcomes } = await applyUntil(remove(multiValueSets(2)), { sets: multiValueSets(2) }, 0);
    const unsent = { status: 'unsent', detail: 'not sent: time ran out', code: 'deadline' };
    expect([...outcomes.values()]).toEqual([unsent, unsent]);
    expect(api.requests).toEqual([]);
    expect(api.keys()).toHaveLength(2);
  });

  it('that passes while one batch is throttled leaves it and the rest unsent', async () => {
    const zone = multiValueSets(1_500);
    const world = { sets: zone, replies: [undefined, { error: THROTTLE }] };
    const { api, statuses } = await applyUntil(remove(zone), world, 500);
    expect(api.requests).toHaveLength(2);
    expect(statuses).toEqual({ applied: 1_500 - api.keys().length, unsent: api.keys().length });
    expect(api.keys().length).toBeGreaterThan(0);
  });

  it('that passes after a lost reply does not keep the zone from being looked at', async () => {
    const lost = { error: awsError('InternalFailure', { status: 500 }), carriedOut: true };
    const { api, statuses } = await applyUntil(
      remove(multiValueSets(2)),
      { sets: multiValueSets(2), replies: [lost] },
      500,
    );
    expect(statuses).toEqual({ applied: 2 });
    expect(api.readings).toHaveLength(1);
  });
});
