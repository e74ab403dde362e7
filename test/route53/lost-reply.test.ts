import { describe, expect, it } from 'vitest';
import type { ChangeGroup } from '../../src/model/change.ts';
import { type RecordSet, recordSetKey, withValues } from '../../src/model/record-set.ts';
import { applyChanges } from '../../src/route53/apply-changes.ts';
import { awsError, networkError } from '../aws/support.ts';
import {
  DENIED,
  FAULT,
  groupOf,
  inMemoryRoute53,
  multiValueSets,
  namedSet,
  type Reply,
  srvSet,
  THROTTLE,
  type ZoneWorld,
} from './support.ts';
import { virtualClock } from './virtual-clock.ts';

async function apply(
  groups: readonly ChangeGroup[],
  world: ZoneWorld,
  { signal, inDoubt }: { readonly signal?: AbortSignal; readonly inDoubt?: ReadonlySet<string> } = {},
) {
  const api = inMemoryRoute53(world);
  const outcomes = await applyChanges('Z1', groups, { api, clock: virtualClock(), signal, inDoubt });
  return { api, outcomes: groups.map(({ key }) => outcomes.get(key)) };
}

const remove = (list: readonly RecordSet[]) => list.map((set) => groupOf(set));
const times = (count: number, reply: Reply): readonly Reply[] => Array.from({ length: count }, () => reply);
const APPLIED = { status: 'applied' };

/** Carried out, but the reply never came. */
const LOST: Reply = { error: FAULT, carriedOut: true };
/** Not carried out, and no answer said so. */
const VOID: Reply = { error: FAULT };

describe('a batch whose reply was lost', () => {
  it.each<[string, Error]>([
    ['a server fault', FAULT],
    ['a timeout', awsError('TimeoutError')],
    ['a reset', networkError('ECONNRESET')],
  ])('to %s is applied when the zone agrees, although it is "not found" the next time', async (_, error) => {
    const { api, outcomes } = await apply(remove(multiValueSets(3)), {
      sets: multiValueSets(3),
      replies: [{ error, carriedOut: true }],
    });
    expect(outcomes).toEqual([APPLIED, APPLIED, APPLIED]);
    expect(api.requests).toHaveLength(2);
    expect(api.readings).toHaveLength(1);
  });

  it('is sent again, and needs no look, when it had not been carried out', async () => {
    const { api, outcomes } = await apply(remove(multiValueSets(3)), {
      sets: multiValueSets(3),
      replies: [VOID],
    });
    expect(outcomes).toEqual([APPLIED, APPLIED, APPLIED]);
    expect(api.requests).toHaveLength(2);
    expect(api.readings).toEqual([]);
  });

  it('is applied where a set was narrowed and the zone holds what stays', async () => {
    const set = withValues(srvSet(1), ['1 1 80 a', '1 1 81 b']);
    const group = groupOf(set, { staying: ['1 1 81 b'] });
    const { outcomes } = await apply([group], { sets: [set], replies: [LOST] });
    expect(outcomes).toEqual([APPLIED]);
  });

  it('is a conflict where a set was to be narrowed and someone else has changed it', async () => {
    const set = withValues(srvSet(1), ['1 1 80 a', '1 1 81 b']);
    const current = withValues(srvSet(1), ['1 1 82 c']);
    const group = groupOf(set, { staying: ['1 1 81 b'] });
    const { api, outcomes } = await apply([group], { sets: [current], replies: [VOID] });
    expect(outcomes).toMatchObject([{ status: 'conflict' }]);
    expect(api.keys()).toEqual([recordSetKey(current)]);
  });

  it('is a conflict for the set that someone else changed, and applied for the others', async () => {
    const changed = srvSet(1, { TTL: 60 });
    const { api, outcomes } = await apply(remove(multiValueSets(3)), {
      sets: [srvSet(0), changed, srvSet(2)],
      replies: [VOID],
    });
    expect(outcomes).toMatchObject([APPLIED, { status: 'conflict' }, APPLIED]);
    expect(api.keys()).toEqual([recordSetKey(changed)]);
  });

  it('is traced to the culprit all the same when the next answer names nothing', async () => {
    const zone = multiValueSets(4, namedSet);
    const poison = (set: RecordSet) => set.Name === namedSet(2).Name;
    const { api, outcomes } = await apply(remove(zone), { sets: zone, replies: [VOID], poison });
    expect(outcomes).toMatchObject([APPLIED, APPLIED, { status: 'failed' }, APPLIED]);
    expect(api.keys()).toEqual([recordSetKey(namedSet(2))]);
  });
});

describe('a batch whose reply was lost, when the next answer is an error of another kind', () => {
  const NO_SUCH_ZONE = awsError('NoSuchHostedZone', { message: 'gone', status: 404 });

  it.each<[string, Error]>([
    ['the right to change was taken away', DENIED],
    ['the credentials have expired', awsError('ExpiredToken', { status: 403 })],
    ['the zone is gone', NO_SUCH_ZONE],
    ['a bug of the client', networkError('ERR_INVALID_ARG_VALUE')],
  ])('is applied all the same where the zone agrees: %s', async (_, error) => {
    const { api, outcomes } = await apply(remove(multiValueSets(2)), {
      sets: multiValueSets(2),
      replies: [LOST, { error }],
    });
    expect(outcomes).toEqual([APPLIED, APPLIED]);
    expect(api.readings).toHaveLength(1);
  });

  it('fails with that error where the zone shows that it was not carried out', async () => {
    const { outcomes } = await apply(remove(multiValueSets(2)), {
      sets: [srvSet(1)],
      replies: [VOID, { error: DENIED }],
    });
    expect(outcomes).toEqual([APPLIED, { status: 'failed', detail: 'AccessDenied: not you' }]);
  });

  it('is looked up where its own reply was a success that was cut off', async () => {
    const cutOff = awsError('SyntaxError', { message: 'unexpected end', status: 200 });
    const { api, outcomes } = await apply(remove(multiValueSets(2)), {
      sets: multiValueSets(2),
      replies: [{ error: cutOff, carriedOut: true }, { error: DENIED }],
    });
    expect(outcomes).toEqual([APPLIED, APPLIED]);
    expect(api.requests).toHaveLength(2);
  });
});

describe('a batch whose reply was lost, when the run is being stopped', () => {
  it.each<[string, Reply, object]>([
    ['is applied where the zone agrees', LOST, APPLIED],
    ['failed where it does not', VOID, { status: 'failed', detail: 'InternalFailure: try again' }],
  ])('%s', async (_, reply, outcome) => {
    const controller = new AbortController();
    const { api, outcomes } = await apply(
      remove(multiValueSets(2)),
      { sets: multiValueSets(2), replies: [reply], onChange: () => controller.abort() },
      { signal: controller.signal },
    );
    expect(outcomes).toEqual([outcome, outcome]);
    expect(api.requests).toHaveLength(1);
    expect(api.readings).toHaveLength(1);
  });
});

describe('a batch that is never answered', () => {
  it.each<[string, readonly Reply[], object]>([
    [
      'fails when the zone shows that it was not carried out',
      times(8, VOID),
      { status: 'failed', detail: 'InternalFailure: try again' },
    ],
    ['is applied when the zone shows that it was', [...times(7, VOID), LOST], APPLIED],
    [
      'is applied when it was before throttles without end',
      [LOST, ...times(7, { error: THROTTLE })],
      APPLIED,
    ],
    [
      'fails when it was not before throttles without end',
      [VOID, ...times(7, { error: THROTTLE })],
      { status: 'failed' },
    ],
  ])('%s', async (_, replies, outcome) => {
    const { api, outcomes } = await apply(remove(multiValueSets(2)), { sets: multiValueSets(2), replies });
    expect(outcomes).toMatchObject([outcome, outcome]);
    expect(api.requests).toHaveLength(8);
    expect(api.readings).toHaveLength(1);
  });

  it('is told set by set', async () => {
    const { outcomes } = await apply(remove(multiValueSets(2)), {
      sets: [srvSet(1)],
      replies: times(8, VOID),
    });
    expect(outcomes).toMatchObject([APPLIED, { status: 'failed' }]);
  });

  it('fails, and says so, when the zone cannot be read either', async () => {
    const { outcomes } = await apply(remove(multiValueSets(2)), {
      sets: multiValueSets(2),
      replies: times(8, VOID),
      readError: DENIED,
    });
    const detail =
      'no answer, and the zone could not be read to see whether it was applied: AccessDenied: not you';
    expect(outcomes).toEqual([
      { status: 'failed', detail, code: 'no-answer' },
      { status: 'failed', detail, code: 'no-answer' },
    ]);
  });
});

describe('what an earlier request of the run may have deleted', () => {
  const [gone, other] = [srvSet(1), srvSet(2)] as const;

  it('is applied where it is not found', async () => {
    const inDoubt = new Set([recordSetKey(gone)]);
    const { outcomes } = await apply(remove([gone, other]), { sets: [other] }, { inDoubt });
    expect(outcomes).toEqual([APPLIED, APPLIED]);
  });

  it('is already gone where it was not sent before', async () => {
    const inDoubt = new Set([recordSetKey(other)]);
    const { outcomes } = await apply(remove([gone, other]), { sets: [other] }, { inDoubt });
    expect(outcomes).toMatchObject([{ code: 'already-gone' }, APPLIED]);
  });
});

describe('the look at the zone', () => {
  it.each([
    ['reads up to 10 names one by one', 10, 10],
    ['reads more names by one reading of the zone', 11, 1],
  ])('%s', async (_, count, readings) => {
    const zone = multiValueSets(count, namedSet);
    const { api, outcomes } = await apply(remove(zone), { sets: zone, replies: [LOST] });
    expect(outcomes).toEqual(zone.map(() => APPLIED));
    expect(api.readings).toHaveLength(readings);
  });

  it('does not take another set of the same name for the one that is gone', async () => {
    const stays = srvSet(7);
    const { api, outcomes } = await apply(remove(multiValueSets(3)), {
      sets: [...multiValueSets(3), stays],
      replies: [LOST],
    });
    expect(outcomes).toEqual([APPLIED, APPLIED, APPLIED]);
    expect(api.keys()).toEqual([recordSetKey(stays)]);
  });
});
