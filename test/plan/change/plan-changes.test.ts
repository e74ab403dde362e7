import { expect, it } from 'vitest';
import { recordSetKey } from '../../../src/model/record-set.ts';
import { planChanges } from '../../../src/plan/change/plan-changes.ts';
import { agentSet, FAILING, facts, GONE, HEALTHY, judged, simpleSet, srvValue } from '../support.ts';

it('says what was found, what goes, what is held back and what to change', () => {
  const entries = [
    judged(HEALTHY, agentSet({ owner: 1 })),
    judged(GONE, agentSet({ owner: 2 })),
    judged(FAILING, agentSet({ service: '_time._tcp', owner: 3 })),
  ];
  const plan = planChanges(facts(entries, { minEndpoints: 1 }));
  expect(plan.judgements).toEqual(entries.map(({ judgement }) => judgement));
  expect(plan.removals).toBe(1);
  expect(plan.heldBack.map(({ judgement, guardrail }) => [judgement, guardrail])).toEqual([
    [entries[2]?.judgement, 'min-endpoints'],
  ]);
  expect(plan.groups.map(({ key }) => key)).toEqual([recordSetKey(agentSet({ owner: 2 }))]);
});

it('counts removals by entry and changes by record set', () => {
  const set = simpleSet([srvValue({ port: 1 }), srvValue({ port: 2 })]);
  const [first, second] = set.ResourceRecords ?? [];
  const of = (value: string) => {
    const { match, judgement } = judged(GONE, set);
    return { match, judgement: { ...judgement, entry: { ...judgement.entry, value } } };
  };
  const plan = planChanges(facts([of(first?.Value ?? ''), of(second?.Value ?? '')]));
  expect([plan.removals, plan.groups.map(({ changes }) => changes.length)]).toEqual([2, [1]]);
});
