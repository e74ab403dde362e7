import { describe, expect, it } from 'vitest';
import { entriesOf } from '../../../src/model/entry.ts';
import { type RecordSet, recordSetKey } from '../../../src/model/record-set.ts';
import { planChanges } from '../../../src/plan/change/plan-changes.ts';
import type { Judged } from '../../../src/plan/judge/judge-entries.ts';
import {
  agentSet,
  at,
  FAILING,
  FOREIGN,
  facts,
  GONE,
  HEALTHY,
  judged,
  leadsTo,
  STARTING,
  simpleSet,
  srvValue,
  YOUNG,
} from '../support.ts';

const sets = Array.from({ length: 6 }, (_, i) => agentSet({ owner: i + 1 }));
const set = (n: number) => at(sets, n - 1);
const DRAINED = { verdict: 'draining', reason: 'draining' } as const;

function survivorsOf(entries: readonly Judged[], minEndpoints = 1): readonly (readonly RecordSet[])[] {
  return planChanges(facts(entries, { minEndpoints })).groups.map(({ survivors = [] }) => survivors);
}

describe('what a removal for health needs to be there', () => {
  it('is a live entry of its name: the one with the lowest key', () => {
    const entries = [judged(HEALTHY, set(3)), judged(HEALTHY, set(2)), judged(FAILING, set(1), leadsTo())];
    expect(survivorsOf(entries)).toEqual([[set(2)]]);
  });

  it('is as many as a name has to keep, live ones before those that are not known to be', () => {
    const entries = [
      judged(STARTING, set(1)),
      judged(HEALTHY, set(2)),
      judged(YOUNG, set(3)),
      judged(HEALTHY, set(4)),
      judged(FAILING, set(5), leadsTo()),
    ];
    expect(survivorsOf(entries, 3)).toEqual([[set(2), set(4), set(1)]]);
  });

  it('is nothing where a name may be emptied', () => {
    expect(survivorsOf([judged(HEALTHY, set(1)), judged(FAILING, set(2), leadsTo())], 0)).toEqual([[]]);
  });

  it('is of its own name, and never what is not ours', () => {
    const other = agentSet({ service: '_time._tcp', owner: 1 });
    const entries = [
      judged(HEALTHY, other),
      judged(FOREIGN, set(1)),
      judged(STARTING, set(2)),
      judged(FAILING, set(3), leadsTo()),
    ];
    expect(survivorsOf(entries)).toEqual([[set(2)]]);
  });

  it('is what fails itself where that is all there is', () => {
    const failing = [set(1), set(2)].map((one) => judged(FAILING, one, leadsTo()));
    expect(survivorsOf(failing)).toEqual([[set(2)]]);
  });

  it('is a live one for what is only drained, whatever a name has to keep', () => {
    const entries = [judged(STARTING, set(1)), judged(HEALTHY, set(2)), judged(DRAINED, set(3), leadsTo())];
    expect(survivorsOf(entries, 0)).toEqual([[set(2)]]);
    expect(survivorsOf(entries, 1)).toEqual([[set(2)]]);
    expect(survivorsOf(entries, 2)).toEqual([[set(2), set(1)]]);
  });

  it('is nothing more where its own set keeps enough of its values', () => {
    const both = simpleSet([srvValue({ port: 1 }), srvValue({ port: 2 })]);
    const own = entriesOf([both]).map((entry, i) => {
      const one = judged(i === 0 ? FAILING : HEALTHY, both, leadsTo());
      return { ...one, judgement: { ...one.judgement, entry } };
    });
    const entries = [...own, judged(HEALTHY, set(1))];
    expect(survivorsOf(entries)).toEqual([[]]);
    expect(survivorsOf(entries, 2)).toEqual([[set(1)]]);
  });

  it('is the smallest set of those that are alike', () => {
    const large = agentSet(
      { owner: 1 },
      { ResourceRecords: [1, 2].map((port) => ({ Value: srvValue({ port }) })) },
    );
    const entries = [judged(HEALTHY, large), judged(HEALTHY, set(2)), judged(FAILING, set(3), leadsTo())];
    expect(survivorsOf(entries)).toEqual([[set(2)]]);
  });

  it('is a stale entry that stays only after all others', () => {
    const entries = [judged(GONE, set(1)), judged(STARTING, set(2)), judged(FAILING, set(3), leadsTo())];
    const held = planChanges(facts(entries, { minEndpoints: 2, removalBudgetPercent: 0, allowEmpty: true }));
    const goes = held.groups.find(({ key }) => key === recordSetKey(set(3)));
    expect(goes?.survivors ?? []).toEqual(goes === undefined ? [] : [set(2), set(1)]);
  });
});

it('what goes as stale needs nothing', () => {
  expect(survivorsOf([judged(HEALTHY, set(1)), judged(GONE, set(2))])).toEqual([[]]);
});
