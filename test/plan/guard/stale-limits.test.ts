import { describe, expect, it } from 'vitest';
import type { Phase } from '../../../src/model/inventory.ts';
import { guard } from '../../../src/plan/guard/guard.ts';
import type { GuardFacts } from '../../../src/plan/guard/guardrail.ts';
import { BLUE, GREEN } from '../../clusters.ts';
import {
  agentSet,
  container,
  endpoint,
  FAILING,
  FOREIGN,
  facts,
  GONE,
  HEALTHY,
  inventory,
  judged,
  STARTING,
  several,
} from '../support.ts';

function outcome(given: GuardFacts) {
  const { removals, heldBack } = guard(given);
  const [first] = heldBack;
  return {
    removed: removals.length,
    held: heldBack.length,
    ...(first === undefined ? {} : { guardrail: first.guardrail, detail: first.detail }),
  };
}

describe('empty-inventory', () => {
  const STALE = [judged(GONE, agentSet())];
  const ONE = 'no task runs in 1 cluster; allow an empty inventory if that is right';
  const NONE = 'no task runs in 0 clusters; allow an empty inventory if that is right';
  const holding = (detail: string) => ({ removed: 0, held: 1, guardrail: 'empty-inventory', detail });
  const with1 = (phase: Phase) => inventory([endpoint(container(1, { phase }))]);

  it.each<[string, ReturnType<typeof inventory>, object]>([
    ['nothing runs', inventory([]), holding(ONE)],
    ['there is no cluster', inventory([], { clusters: [] }), holding(NONE)],
    [
      'nothing runs in two clusters',
      inventory([], {
        clusters: [
          { ...BLUE, complete: true },
          { ...GREEN, complete: true },
        ],
      }),
      holding(ONE.replace('1 cluster', '2 clusters')),
    ],
    ['all that is there is stopping', with1('stopping'), holding(ONE)],
    ['all that is there has stopped', with1('stopped'), holding(ONE)],
    ['one container is starting', with1('starting'), { removed: 1, held: 0 }],
    ['one container is running', with1('running'), { removed: 1, held: 0 }],
  ])('%s', (_, known, expected) => {
    expect(outcome(facts(STALE, { allowEmpty: false }, { inventory: known }))).toEqual(expected);
  });

  it('lets go what it is allowed to', () => {
    expect(outcome(facts(STALE, { allowEmpty: true }, { inventory: inventory([]) }))).toEqual({
      removed: 1,
      held: 0,
    });
  });

  it('is not lifted by force', () => {
    const given = facts(STALE, { allowEmpty: false, force: true }, { inventory: inventory([]) });
    expect(outcome(given)).toEqual(holding(ONE));
  });
});

describe('removal-budget', () => {
  const run = (stale: number, live: number) => [
    ...several(stale, GONE),
    ...several(live, HEALTHY, '_time._tcp'),
  ];
  const HALF = { removalBudgetPercent: 50 };
  const over = (held: number, detail: string) => ({ removed: 0, held, guardrail: 'removal-budget', detail });

  it.each<[string, GuardFacts, object]>([
    ['exactly the budget', facts(run(5, 5), HALF), { removed: 5, held: 0 }],
    ['one above', facts(run(6, 4), HALF), over(6, '6 of 10 managed entries (60 %) exceeds 50 %')],
    ['everything', facts(run(10, 0), HALF), over(10, '10 of 10 managed entries (100 %) exceeds 50 %')],
    [
      'a share that rounds to the budget',
      facts(run(101, 100), HALF),
      over(101, '101 of 201 managed entries (50.2 %) exceeds 50 %'),
    ],
    ['nine entries: too few for a share to mean anything', facts(run(9, 0), HALF), { removed: 9, held: 0 }],
    [
      'a budget of nothing',
      facts(run(1, 9), { removalBudgetPercent: 0 }),
      over(1, '1 of 10 managed entries (10 %) exceeds 0 %'),
    ],
    ['lifted by force', facts(run(10, 0), { ...HALF, force: true }), { removed: 10, held: 0 }],
  ])('%s', (_, given, expected) => {
    expect(outcome(given)).toEqual(expected);
  });

  it('counts unverified and unhealthy entries among the managed ones', () => {
    const entries = [...run(5, 0), ...several(4, STARTING), ...several(1, FAILING)];
    expect(outcome(facts(entries, HALF))).toEqual({ removed: 6, held: 0 });
  });

  it('does not count foreign entries', () => {
    expect(outcome(facts([...run(6, 4), ...several(90, FOREIGN)], HALF))).toMatchObject({
      held: 6,
      detail: '6 of 10 managed entries (60 %) exceeds 50 %',
    });
  });

  it('does not take what another guardrail already holds', () => {
    const elsewhere = several(3, { verdict: 'stale', reason: 'instance-gone' }, '_far._tcp', {
      kind: 'host-unknown',
      address: undefined,
      hostName: 'ip-10-9-9-9.us-west-2.compute.internal',
      containerId: undefined,
    });
    const { removals, heldBack } = guard(facts([...run(5, 2), ...elsewhere], HALF));
    expect(removals).toHaveLength(5);
    expect(heldBack.map(({ guardrail }) => guardrail)).toEqual(Array(3).fill('host-not-covered'));
  });

  it('does not hold unhealthy removals back', () => {
    const entries = [...run(10, 0), ...several(2, FAILING)];
    expect(outcome(facts(entries, HALF))).toMatchObject({
      removed: 2,
      held: 10,
      guardrail: 'removal-budget',
    });
  });
});

const LAST_OF_SIX = '_calc._tcp.discovery.internal would be left with 0 entries, fewer than 1';

describe('the budget of unhealthy entries', () => {
  const run = (unhealthy: number, live: number) => [
    ...several(unhealthy, FAILING),
    ...several(live, HEALTHY, '_time._tcp'),
  ];
  const HALF = { unhealthyBudgetPercent: 50 };
  const over = (held: number, detail: string) => ({ removed: 0, held, guardrail: 'removal-budget', detail });

  it.each<[string, GuardFacts, object]>([
    ['exactly the budget', facts(run(5, 5), HALF), { removed: 5, held: 0 }],
    ['one above', facts(run(6, 4), HALF), over(6, '6 of 10 managed entries (60 %) exceeds 50 %')],
    ['nine entries: too few for a share to mean anything', facts(run(9, 0), HALF), { removed: 9, held: 0 }],
    [
      'a budget of nothing',
      facts(run(1, 9), { unhealthyBudgetPercent: 0 }),
      over(1, '1 of 10 managed entries (10 %) exceeds 0 %'),
    ],
    ['lifted by force', facts(run(10, 0), { ...HALF, force: true }), { removed: 10, held: 0 }],
    [
      'does not count foreign entries',
      facts([...run(6, 4), ...several(90, FOREIGN)], HALF),
      over(6, '6 of 10 managed entries (60 %) exceeds 50 %'),
    ],
    [
      'takes only what min-endpoints has let pass',
      facts(run(6, 4), { ...HALF, minEndpoints: 1 }),
      { removed: 5, held: 1, guardrail: 'min-endpoints', detail: LAST_OF_SIX },
    ],
  ])('%s', (_, given, expected) => {
    expect(outcome(given)).toEqual(expected);
  });
});

describe('the two budgets are separate', () => {
  const run = (stale: number, unhealthy: number, live: number) => [
    ...several(stale, GONE),
    ...several(unhealthy, FAILING),
    ...several(live, HEALTHY, '_time._tcp'),
  ];

  it.each<[string, GuardFacts['judged'], Percent, readonly string[], number]>([
    ['together above, each within: all go', run(5, 5, 0), { both: 50 }, [], 10],
    ['stale ones above hold no unhealthy ones', run(6, 4, 0), { both: 50 }, Array(6).fill('stale'), 4],
    ['unhealthy ones above hold no stale ones', run(4, 6, 0), { both: 50 }, Array(6).fill('unhealthy'), 4],
    ['each has its own limit', run(3, 3, 4), { stale: 20, unhealthy: 40 }, Array(3).fill('stale'), 3],
    ['the other way round', run(3, 3, 4), { stale: 40, unhealthy: 20 }, Array(3).fill('unhealthy'), 3],
  ])('%s', (_, entries, { both, stale, unhealthy }, verdicts, removed) => {
    const { removals, heldBack } = guard(
      facts(entries, {
        removalBudgetPercent: both ?? stale ?? 100,
        unhealthyBudgetPercent: both ?? unhealthy ?? 100,
      }),
    );
    expect(removals).toHaveLength(removed);
    expect(heldBack.map(({ judgement }) => judgement.verdict)).toEqual(verdicts);
    expect(new Set(heldBack.map(({ guardrail }) => guardrail))).toEqual(
      new Set(verdicts.length === 0 ? [] : ['removal-budget']),
    );
  });

  interface Percent {
    readonly both?: number;
    readonly stale?: number;
    readonly unhealthy?: number;
  }
});
