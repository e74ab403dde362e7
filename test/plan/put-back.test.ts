import { describe, expect, it } from 'vitest';
import type { ChangeOutcome } from '../../src/model/change.ts';
import { entryKey } from '../../src/model/entry.ts';
import { probeKey } from '../../src/model/probe.ts';
import { type RecordSet, recordSetKey } from '../../src/model/record-set.ts';
import type { Verdict } from '../../src/model/verdict.ts';
import type { Judged, Removable } from '../../src/plan/judge/judge-entries.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { lostTargets, putBackGroups, takenForHealth } from '../../src/plan/put-back.ts';
import { AS_READ, agentSet, HTTP, judged, leadsTo, srvValue } from './support.ts';

const FAILING = { verdict: 'unhealthy', reason: 'timeout' } as const;
const STALE = { verdict: 'stale', reason: 'task-gone' } as const;
const RULE = { checkOf: () => HTTP, trustEcs: false, ...AS_READ };

const going = (set: RecordSet, as: typeof FAILING | typeof STALE = FAILING) =>
  judged(as, set, leadsTo()) as Removable;
const staying = (verdict: Verdict, set: RecordSet) => ({
  ...going(set),
  judgement: { ...going(set).judgement, verdict } as Judged['judgement'],
});

const [one, two] = [agentSet({ owner: 1 }), agentSet({ owner: 2, port: 32_802 })];
const elsewhere = agentSet({ service: '_a._tcp', owner: 3 });

/** The plan that takes the given entries, of all that is judged, with how its changes ended. */
function carried(
  removing: readonly Removable[],
  others: readonly Judged[],
  status: ChangeOutcome['status'] = 'applied',
) {
  const sets = [...new Set(removing.map(({ judgement }) => judgement.entry.recordSet))];
  const groups = sets.map((recordSet) => ({
    key: recordSetKey(recordSet),
    changes: [{ action: 'DELETE', recordSet }],
  }));
  const plan = { removing, judged: [...removing, ...others], groups } as unknown as Plan;
  return { plan, outcomes: new Map(groups.map(({ key }) => [key, { status } as ChangeOutcome])) };
}

describe('what is looked at once more', () => {
  it.each<[string, ReturnType<typeof carried>, number]>([
    [
      'what went for its health, of a name that was to keep another',
      carried([going(one)], [staying('live', two)]),
      1,
    ],
    ['the same where that cannot be known', carried([going(one)], [staying('unverified', two)]), 1],
    ['the same where that fails too', carried([going(one)], [staying('unhealthy', two)]), 1],
    ['not where nothing else was there', carried([going(one)], []), 0],
    ['not where all of it was to go', carried([going(one), going(two)], []), 0],
    ['not for what is stale', carried([going(one)], [staying('stale', two)]), 0],
    ['not for what is of another name', carried([going(one)], [staying('live', elsewhere)]), 0],
    ['not what went as stale', carried([going(one, STALE)], [staying('live', two)]), 0],
    ['not what was not carried out', carried([going(one)], [staying('live', two)], 'conflict'), 0],
  ])('%s', (_, done, count) => {
    expect(takenForHealth(done)).toHaveLength(count);
  });
});

describe('what is asked again', () => {
  const key = entryKey(going(one).judgement.entry);

  it('is what has lost all others of its name', () => {
    expect([...lostTargets([going(one)], [], RULE).keys()]).toEqual([key]);
    expect([...lostTargets([going(one)], [elsewhere], RULE).keys()]).toEqual([key]);
    expect(lostTargets([going(one)], [two], RULE).size).toBe(0);
  });

  it('is nothing that has no check', () => {
    const unchecked = { ...RULE, checkOf: () => ({ ...HTTP, kind: 'none' as const }) };
    expect(lostTargets([going(one)], [], unchecked).size).toBe(0);
  });
});

describe('what is put back', () => {
  const values = [srvValue({ port: 1 }), srvValue({ port: 2 })];
  const set = agentSet({ owner: 4 }, { ResourceRecords: values.map((Value) => ({ Value })) });
  const entries = values.map((value) => {
    const made = going(set);
    return { ...made, judgement: { ...made.judgement, entry: { ...made.judgement.entry, value } } };
  });
  const targets = new Map(
    entries.map(({ judgement }, i) => [
      entryKey(judgement.entry),
      { address: '10.0.0.1', port: i, check: HTTP },
    ]),
  );
  const at = (port: number) => probeKey({ address: '10.0.0.1', port });

  it('is the set as it was, with the values that answer', () => {
    expect(putBackGroups(entries, targets, new Set([at(0), at(1)]))).toMatchObject([
      { reasons: ['put-back'], changes: [{ action: 'CREATE', recordSet: set }] },
    ]);
    expect(putBackGroups(entries, targets, new Set([at(1)]))).toMatchObject([
      { changes: [{ recordSet: { ...set, ResourceRecords: [{ Value: values[1] }] } }] },
    ]);
  });

  it('is nothing that was not asked, or does not answer', () => {
    expect(putBackGroups(entries, targets, new Set())).toEqual([]);
    expect(putBackGroups(entries, new Map(), new Set([at(0)]))).toEqual([]);
  });
});
