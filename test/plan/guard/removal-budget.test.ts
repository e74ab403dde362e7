import { describe, expect, it } from 'vitest';
import { entryKey } from '../../../src/model/entry.ts';
import { EMPTY_STATE, type RunState } from '../../../src/model/run-state.ts';
import { guard } from '../../../src/plan/guard/guard.ts';
import type { GuardFacts } from '../../../src/plan/guard/guardrail.ts';
import { FAILING, FOREIGN, facts, GONE, HEALTHY, STARTING, several } from '../support.ts';

function outcome(given: GuardFacts) {
  const { removals, heldBack } = guard(given);
  const [first] = heldBack;
  return {
    removed: removals.length,
    held: heldBack.length,
    ...(first === undefined ? {} : { guardrail: first.guardrail, detail: first.detail }),
  };
}

describe('removal-budget', () => {
  const run = (stale: number, live: number) => [
    ...several(stale, GONE),
    ...several(live, HEALTHY, '_time._tcp'),
  ];
  const HALF = { removalBudgetPercent: 50 };
  const over = (held: number, detail: string) => ({ removed: 0, held, guardrail: 'removal-budget', detail });

  it.each<[string, GuardFacts, object]>([
    ['exactly the budget', facts(run(5, 5), HALF), over(5, '5 of 10 managed entries (50 %), at least 50 %')],
    ['one below', facts(run(5, 6), HALF), { removed: 5, held: 0 }],
    ['everything', facts(run(10, 0), HALF), over(10, '10 of 10 managed entries (100 %), at least 50 %')],
    [
      'a share that rounds to the budget',
      facts(run(101, 100), HALF),
      over(101, '101 of 201 managed entries (50.2 %), at least 50 %'),
    ],
    ['nine entries: too few for a share to mean anything', facts(run(9, 0), HALF), { removed: 9, held: 0 }],
    [
      'a budget of nothing',
      facts(run(1, 9), { removalBudgetPercent: 0 }),
      over(1, '1 of 10 managed entries (10 %), at least 0 %'),
    ],
    ['lifted by force', facts(run(10, 0), { ...HALF, force: true }), { removed: 10, held: 0 }],
  ])('%s', (_, given, expected) => {
    expect(outcome(given)).toEqual(expected);
  });

  it('counts unverified and unhealthy entries among the managed ones', () => {
    const entries = [...run(5, 0), ...several(5, STARTING), ...several(1, FAILING)];
    expect(outcome(facts(entries, HALF))).toEqual({ removed: 6, held: 0 });
  });

  it('does not count foreign entries', () => {
    expect(outcome(facts([...run(6, 4), ...several(90, FOREIGN)], HALF))).toMatchObject({
      held: 6,
      detail: '6 of 10 managed entries (60 %), at least 50 %',
    });
  });

  it('does not take what another guardrail already holds', () => {
    const elsewhere = several(3, { verdict: 'stale', reason: 'instance-gone' }, '_far._tcp', {
      kind: 'host-unknown',
      address: undefined,
      hostName: 'ip-10-9-9-9.us-west-2.compute.internal',
      containerId: undefined,
    });
    const { removals, heldBack } = guard(facts([...run(5, 3), ...elsewhere], HALF));
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
    ['exactly the budget', facts(run(5, 5), HALF), over(5, '5 of 10 managed entries (50 %), at least 50 %')],
    ['one below', facts(run(5, 6), HALF), { removed: 5, held: 0 }],
    ['nine entries: too few for a share to mean anything', facts(run(9, 0), HALF), { removed: 9, held: 0 }],
    [
      'a budget of nothing',
      facts(run(1, 9), { unhealthyBudgetPercent: 0 }),
      over(1, '1 of 10 managed entries (10 %), at least 0 %'),
    ],
    ['lifted by force', facts(run(10, 0), { ...HALF, force: true }), { removed: 10, held: 0 }],
    [
      'does not count foreign entries',
      facts([...run(6, 4), ...several(90, FOREIGN)], HALF),
      over(6, '6 of 10 managed entries (60 %), at least 50 %'),
    ],
    [
      'takes only what min-endpoints has let pass',
      facts(run(6, 5), { ...HALF, minEndpoints: 1 }),
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
    ['together above, each within: all go', run(5, 5, 1), { both: 50 }, [], 10],
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

const HOUR = 3_600_000;
const NOW = 100 * HOUR;

/** Facts of a run at `NOW`, after what earlier runs have left. */
function later(
  judged: GuardFacts['judged'],
  limits: Parameters<typeof facts>[1],
  state: Partial<RunState>,
): GuardFacts {
  return facts(judged, limits, { now: NOW, state: { ...EMPTY_STATE, ...state } });
}

describe('what was removed in the last hour', () => {
  const THIRD = { removalBudgetPercent: 30, unhealthyBudgetPercent: 30 };
  const zone = (verdict: typeof GONE, count: number, others: number) => [
    ...several(count, verdict),
    ...several(others, HEALTHY, '_time._tcp'),
  ];
  const past = (at: number, stale: number, unhealthy = 0) => ({
    removals: [{ at, stale, unhealthy }],
  });

  it.each<[string, GuardFacts, string | undefined]>([
    [
      'counts too, and all that is gone since belongs to the whole',
      later(zone(GONE, 10, 70), THIRD, past(NOW - 1, 20)),
      '10 and 20 removed in the last hour, of 100 managed entries (30 %), at least 30 %',
    ],
    ['leaves what is one less', later(zone(GONE, 9, 71), THIRD, past(NOW - 1, 20)), undefined],
    [
      'says nothing in a small zone from which nothing goes',
      later(zone(GONE, 0, 6), THIRD, past(NOW - 1, 3)),
      undefined,
    ],
    ['does not count after an hour', later(zone(GONE, 20, 60), THIRD, past(NOW - HOUR, 20)), undefined],
    [
      'of the other kind is of the whole alone',
      later(zone(GONE, 29, 51), THIRD, past(NOW - 1, 0, 20)),
      undefined,
    ],
    [
      'counts for what is unhealthy as well',
      later(zone(FAILING, 10, 70), THIRD, past(NOW - 1, 0, 20)),
      '10 and 20 removed in the last hour, of 100 managed entries (30 %), at least 30 %',
    ],
    [
      'keeps a zone from becoming a small one slice by slice',
      later(zone(GONE, 2, 6), THIRD, past(NOW - 1, 2)),
      '2 and 2 removed in the last hour, of 10 managed entries (40 %), at least 30 %',
    ],
  ])('%s', (_, given, detail) => {
    expect(outcome(given).detail).toBe(detail);
  });
});

it('says of a small zone that no budget counts there, where one would have held', () => {
  const { removals, notices } = guard(facts(several(6, GONE), { removalBudgetPercent: 30 }));
  expect(removals).toHaveLength(6);
  expect(notices).toEqual([
    {
      subject: 'removal-budget',
      detail:
        '6 of 6 managed entries (100 %), at least 30 %; they go, because budgets count from 10 managed entries on',
    },
  ]);
  expect(guard(facts([], { removalBudgetPercent: 0 })).notices).toEqual([]);
  expect(guard(facts(several(6, GONE))).notices).toEqual([]);
});

describe('what was stale, confirmed and silent in every run of the delay', () => {
  const torn = several(60, GONE);
  const zone = [...torn, ...several(40, HEALTHY, '_time._tcp')];
  const since = (ms: number, count = torn.length) =>
    new Map(torn.slice(0, count).map(({ judgement }) => [entryKey(judgement.entry), NOW - ms]));
  const THIRD = { removalBudgetPercent: 30 };
  const OVER = '60 of 100 managed entries (60 %), at least 30 %';

  it('goes, as many as the budget has room for in an hour, and the report says so', () => {
    const { removals, heldBack, notices } = guard(later(zone, THIRD, { staleSince: since(HOUR) }));
    expect(removals).toEqual(torn.slice(0, 29));
    expect(new Set(heldBack.map(({ detail }) => detail))).toEqual(
      new Set([`${OVER}; confirmed and silent for 1h, and due when the hour has room for it`]),
    );
    const detail = `${OVER}; 29 entries go all the same, stale, confirmed and silent in every run of 1h`;
    expect(notices).toEqual([{ subject: 'removal-budget', detail }]);
  });

  it.each<[string, Partial<RunState>, Parameters<typeof facts>[1], number, string]>([
    [
      'not a moment earlier',
      { staleSince: since(HOUR - 1) },
      THIRD,
      0,
      `${OVER}; confirmed and silent for 59m, and due after 1h`,
    ],
    ['not without it', {}, THIRD, 0, OVER],
    [
      'not where the hour has no room',
      { staleSince: since(HOUR), removals: [{ at: NOW - 1, stale: 43, unhealthy: 0 }] },
      THIRD,
      0,
      '60 and 43 removed in the last hour, of 143 managed entries (72 %), at least 30 %; confirmed and silent for 1h, and due when the hour has room for it',
    ],
    [
      'not where the budget is nothing',
      { staleSince: since(HOUR) },
      { removalBudgetPercent: 0 },
      0,
      '60 of 100 managed entries (60 %), at least 0 %; confirmed and silent for 1h, and due when the hour has room for it',
    ],
    ['only what it is of', { staleSince: since(HOUR, 1) }, THIRD, 1, OVER],
    [
      'after the delay that is set',
      { staleSince: since(60_000) },
      { ...THIRD, budgetDelayMs: 60_000 },
      29,
      `${OVER}; confirmed and silent for 1m, and due when the hour has room for it`,
    ],
  ])('%s', (_, state, limits, removed, detail) => {
    expect(outcome(later(zone, limits, state))).toMatchObject({ removed, detail });
  });

  it('one entry is said to be one', () => {
    expect(guard(later(zone, THIRD, { staleSince: since(HOUR, 1) })).notices).toMatchObject([
      { detail: `${OVER}; 1 entry goes all the same, stale, confirmed and silent in every run of 1h` },
    ]);
  });
});
