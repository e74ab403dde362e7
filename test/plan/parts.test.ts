import { describe, expect, it } from 'vitest';
import { alreadyDone, type ChangeGroup, type ChangeOutcome } from '../../src/model/change.ts';
import { entryKey } from '../../src/model/entry.ts';
import { type RecordSet, recordSetKey } from '../../src/model/record-set.ts';
import type { Withheld } from '../../src/model/registration.ts';
import { EMPTY_STATE } from '../../src/model/run-state.ts';
import type { JudgedRecord } from '../../src/plan/change/register.ts';
import type { Judged, Removable } from '../../src/plan/judge/judge-entries.ts';
import type { Observation } from '../../src/plan/observation.ts';
import { afterPart, appliedPart, decidedPart, joinParts } from '../../src/plan/parts.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { agentSet, judged, leadsTo, vacant } from './support.ts';

const STALE = { verdict: 'stale', reason: 'task-gone' } as const;
const LIVE = { verdict: 'live', reason: 'healthy' } as const;
const FAILING = { verdict: 'unhealthy', reason: 'timeout' } as const;
const DRAINING = { verdict: 'draining', reason: 'draining' } as const;
const AWAITED = { verdict: 'unverified', reason: 'deadline' } as const;
const APPLIED: ChangeOutcome = { status: 'applied' };
const CONFLICT: ChangeOutcome = { status: 'conflict', detail: 'changed since' };

const [one, two, three] = [1, 2, 3].map((owner) => agentSet({ owner, port: 32_800 + owner })) as [
  RecordSet,
  RecordSet,
  RecordSet,
];
const other = agentSet({ service: '_a._tcp', owner: 4 });

function deleting(set: RecordSet, over: Partial<ChangeGroup> = {}): ChangeGroup {
  const change = { action: 'DELETE', recordSet: set } as const;
  return {
    key: recordSetKey(set),
    changes: [change],
    removed: [],
    reasons: ['task-gone'],
    after: [],
    ...over,
  };
}

function creating(set: RecordSet, over: Partial<ChangeGroup> = {}): ChangeGroup {
  const change = { action: 'CREATE', recordSet: set } as const;
  return { key: recordSetKey(set), changes: [change], removed: [], reasons: ['missing'], after: [], ...over };
}

const silent = (set: RecordSet) =>
  judged(STALE, set, vacant(), { answer: 'connection-refused' }) as Removable;
const going = (set: RecordSet, as: typeof STALE | typeof FAILING = STALE) => judged(as, set) as Removable;

function wanted(set: RecordSet, as: typeof LIVE | typeof DRAINING | typeof AWAITED): JudgedRecord {
  return { ...judged(as, set, leadsTo()), desired: { recordSet: set } } as unknown as JudgedRecord;
}

/** Of a plan, only what is looked at. */
function planOf(parts: Partial<Plan>): Plan {
  const none = {
    judged: [],
    judgements: [],
    removing: [],
    registrations: [],
    desiredRecords: [],
    withheld: [],
    groups: [],
    notices: [],
  };
  const plan = { ...none, ...parts };
  return {
    ...plan,
    removals: plan.removing.length,
    registered: plan.registrations.length,
  } as unknown as Plan;
}

const keysOf = ({ groups }: Plan) => groups.map(({ key }) => key);

describe('what is decided while slow endpoints are still asked', () => {
  it.each<[string, Partial<Plan>, readonly Judged[], boolean]>([
    ['a stale set goes', { removing: [going(one)], groups: [deleting(one)] }, [], true],
    [
      'not one that is still asked itself',
      { removing: [going(one)], groups: [deleting(one)] },
      [going(one)],
      false,
    ],
    [
      'not one whose name is about to get something that is still asked',
      { removing: [going(one)], groups: [deleting(one)], desiredRecords: [wanted(two, AWAITED)] },
      [],
      false,
    ],
    [
      'one goes whatever is asked of other names',
      { removing: [going(one)], groups: [deleting(one)], desiredRecords: [wanted(other, AWAITED)] },
      [],
      true,
    ],
    [
      'not one that keeps something of its name from being registered, of which nothing was asked for that',
      {
        removing: [going(one)],
        groups: [deleting(one)],
        withheld: [{ name: one.Name, reason: 'name-taken' } as Withheld],
      },
      [],
      false,
    ],
    [
      'not one that could not be asked, where an endpoint of its name still is',
      { removing: [going(one)], groups: [deleting(one)], judged: [going(one), judged(AWAITED, two)] },
      [],
      false,
    ],
    [
      'nor where another that is stale still is: both could be the last that answers',
      { removing: [going(one)], groups: [deleting(one)], judged: [going(one), going(two)] },
      [going(two)],
      false,
    ],
    [
      'one that could not be asked goes whatever is asked of other names',
      { removing: [going(one)], groups: [deleting(one)], judged: [going(one), judged(AWAITED, other)] },
      [],
      true,
    ],
    [
      'one that was asked, and is silent, goes whatever is asked of its name',
      { removing: [silent(one)], groups: [deleting(one)], judged: [silent(one), judged(AWAITED, two)] },
      [],
      true,
    ],
    ['nothing goes for its health', { removing: [going(one, FAILING)], groups: [deleting(one)] }, [], false],
    [
      'what has answered is registered',
      { registrations: [wanted(one, LIVE)], groups: [creating(one)] },
      [],
      true,
    ],
    [
      'what is trusted is registered once it was heard',
      {
        registrations: [wanted(one, AWAITED)],
        desiredRecords: [wanted(one, AWAITED)],
        groups: [creating(one)],
      },
      [],
      false,
    ],
    [
      'not what is on a host that is drained, where something better is still asked',
      {
        registrations: [wanted(one, DRAINING)],
        desiredRecords: [wanted(one, DRAINING), wanted(two, AWAITED)],
        groups: [creating(one)],
      },
      [],
      false,
    ],
    [
      'nor where an entry of its name is still asked: it may answer',
      {
        registrations: [wanted(one, DRAINING)],
        desiredRecords: [wanted(one, DRAINING)],
        judged: [going(two)],
        groups: [creating(one)],
      },
      [going(two)],
      false,
    ],
    [
      'what is on a host that is drained is registered where its name gets nothing better',
      {
        registrations: [wanted(one, DRAINING)],
        desiredRecords: [wanted(one, DRAINING), wanted(other, AWAITED)],
        groups: [creating(one)],
      },
      [],
      true,
    ],
    [
      'no set is written anew',
      {
        removing: [going(one)],
        groups: [
          deleting(one, {
            changes: [
              { action: 'DELETE', recordSet: one },
              { action: 'CREATE', recordSet: one },
            ],
          }),
        ],
      },
      [],
      false,
    ],
    [
      'not what has to come after something that waits',
      {
        removing: [going(one), going(two, FAILING)],
        groups: [deleting(one, { after: [recordSetKey(two)] }), deleting(two)],
      },
      [],
      false,
    ],
  ])('%s', (_, parts, unheard, isDecided) => {
    const keys = new Set(unheard.map(({ judgement }) => entryKey(judgement.entry)));
    const { groups, removing, removals, registered } = decidedPart(planOf(parts), keys);
    expect(groups).toEqual(isDecided ? parts.groups : []);
    expect(removing).toEqual(isDecided ? (parts.removing ?? []) : []);
    expect([removals, registered]).toEqual([
      removing.length,
      isDecided ? (parts.registrations ?? []).length : 0,
    ]);
  });
});

describe('what was applied', () => {
  const plan = planOf({
    removing: [going(one), going(two)],
    registrations: [wanted(three, LIVE)],
    groups: [deleting(one), deleting(two), creating(three)],
  });
  const outcomes = new Map<string, ChangeOutcome>([
    [recordSetKey(one), APPLIED],
    [recordSetKey(two), CONFLICT],
    [recordSetKey(three), APPLIED],
  ]);
  const part = appliedPart({ plan, outcomes });

  it('is a plan of its own', () => {
    expect(keysOf(part.plan)).toEqual([recordSetKey(one), recordSetKey(three)]);
    expect(part.plan).toMatchObject({ removals: 1, registered: 1 });
    expect([...part.outcomes.values()]).toEqual([APPLIED, APPLIED]);
  });

  it('has what another writer had done before, which is not planned again', () => {
    const late = appliedPart({
      plan: planOf({ removing: [going(one)], groups: [deleting(one)] }),
      outcomes: new Map([[recordSetKey(one), alreadyDone(deleting(one))]]),
    });
    expect(keysOf(late.plan)).toEqual([recordSetKey(one)]);
    expect([...late.outcomes.values()]).toMatchObject([{ code: 'already-gone' }]);
  });

  it('has left the zone so, and counts in the budgets of the rest with what it took, not with what it created', () => {
    const observation = {
      recordSets: [one, two],
      state: EMPTY_STATE,
      now: 7,
      matchings: new Map([[{}, {}]]),
    };
    const after = afterPart(observation as unknown as Observation, part.plan);
    expect(after.recordSets).toEqual([two, three]);
    expect(after.matchings.size).toBe(0);
    expect(after.created).toEqual(new Set([recordSetKey(three)]));
    expect(after.state.removals).toEqual([{ at: 7, stale: 1, unhealthy: 0 }]);
  });

  it('is told with the rest, of the zone as it was', () => {
    const notice = { subject: 'removal-budget', detail: 'they go' };
    const rest = planOf({
      judgements: [judged(LIVE, three).judgement, judged(LIVE, other).judgement, going(two).judgement],
      removing: [going(two)],
      groups: [deleting(two)],
      notices: [notice],
    });
    const first = {
      ...part,
      plan: { ...part.plan, notices: [notice, { ...notice, detail: 'of the first' }] },
    };
    const joint = joinParts(first, { plan: rest, outcomes: new Map([[recordSetKey(two), APPLIED]]) });

    expect(joint.plan).toMatchObject({ removals: 2, registered: 1 });
    expect(joint.plan.judgements.map(({ entry }) => entry.recordSet)).toEqual([other, one, two]);
    expect(joint.plan.notices.map(({ detail }) => detail)).toEqual(['they go', 'of the first']);
    expect(keysOf(joint.plan)).toEqual([one, three, two].map(recordSetKey));
    expect([...joint.outcomes.keys()]).toEqual([one, three, two].map(recordSetKey));
  });

  it('is told by itself where nothing of the rest was to be changed, and has nothing to say where it removed nothing', () => {
    const created = appliedPart({
      plan: planOf({
        registrations: [wanted(three, LIVE)],
        groups: [creating(three)],
        notices: [{ subject: 'a', detail: 'b' }],
      }),
      outcomes,
    });
    const joint = joinParts(created, { plan: planOf({}), outcomes: undefined });
    expect(joint.plan.groups.map(({ key }) => joint.outcomes.get(key))).toEqual([APPLIED]);
    expect(joint.plan.notices).toEqual([]);
  });

  it('has an outcome for what of the rest was never sent', () => {
    const joint = joinParts(part, { plan: planOf({ groups: [deleting(two)] }), outcomes: undefined });
    expect(joint.outcomes.get(recordSetKey(two))).toEqual({
      status: 'unsent',
      detail: 'not sent: the run ended before',
      code: 'deadline',
    });
    expect(joint.outcomes.size).toBe(joint.plan.groups.length);
  });

  it('says what got no answer where the rest did not send it again, and what came of it where it did', () => {
    const NO_ANSWER = { status: 'failed', detail: 'none', code: 'no-answer' } as const;
    const unsure = appliedPart({ plan, outcomes: new Map([...outcomes, [recordSetKey(two), NO_ANSWER]]) });
    const rest = planOf({ groups: [deleting(two)] });
    const key = recordSetKey(two);

    expect(keysOf(unsure.plan)).toEqual([recordSetKey(one), recordSetKey(three)]);
    expect(joinParts(unsure, { plan: rest, outcomes: undefined }).outcomes.get(key)).toEqual(NO_ANSWER);
    const sentAgain = new Map([[key, CONFLICT]]);
    expect(joinParts(unsure, { plan: rest, outcomes: sentAgain }).outcomes.get(key)).toEqual(CONFLICT);
  });

  it('says what got no answer where the rest leaves it alone: it may have been carried out', () => {
    const NO_ANSWER = { status: 'failed', detail: 'none', code: 'no-answer' } as const;
    const unsure = appliedPart({ plan, outcomes: new Map([...outcomes, [recordSetKey(two), NO_ANSWER]]) });
    const joint = joinParts(unsure, { plan: planOf({}), outcomes: undefined });

    expect(keysOf(joint.plan)).toEqual([one, three, two].map(recordSetKey));
    expect(joint.plan).toMatchObject({ removals: 1, registered: 1 });
    expect(joint.outcomes.get(recordSetKey(two))).toEqual(NO_ANSWER);
  });

  it('is told apart from a set of the same key that the rest writes anew', () => {
    const again = creating(three, { reasons: ['merged'] });
    const joint = joinParts(part, {
      plan: planOf({ groups: [again] }),
      outcomes: new Map([[again.key, CONFLICT]]),
    });
    expect(keysOf(joint.plan)).toEqual(
      [one, three, three].map(recordSetKey).map((key, i) => (i === 1 ? `${key} (first)` : key)),
    );
    expect(joint.plan.groups.map(({ key }) => joint.outcomes.get(key)?.status)).toEqual([
      'applied',
      'applied',
      'conflict',
    ]);
  });
});
