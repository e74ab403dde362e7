import { describe, expect, it } from 'vitest';
import type { IncompleteScope } from '../../../src/model/inventory.ts';
import { recordSetKey } from '../../../src/model/record-set.ts';
import { guard } from '../../../src/plan/guard/guard.ts';
import type { GuardFacts, GuardrailLimits } from '../../../src/plan/guard/guardrail.ts';
import type { Judged } from '../../../src/plan/judge/judge-entries.ts';
import type { Match } from '../../../src/plan/match/match-kinds.ts';
import { GREEN } from '../../clusters.ts';
import { NOTHING_SEEN } from '../confirmations.ts';
import {
  ALL_SEEN,
  agentSet,
  CALC,
  container,
  FAILING,
  FOREIGN,
  facts,
  GONE,
  HEALTHY,
  hostName,
  hostSet,
  INSTANCE_GONE,
  inventory,
  judged,
  leadsTo,
  STARTING,
  several,
  vacant,
  YOUNG,
} from '../support.ts';

const UNREAD: IncompleteScope = {
  scope: 'cluster/green',
  operation: 'ecs:ListTasks',
  error: 'x',
  hides: 'endpoints',
};
const FAR: Match = {
  kind: 'host-unknown',
  hostName: 'db.example',
  containerId: undefined,
  address: undefined,
};
const STRICT: Partial<GuardrailLimits> = {
  removalBudgetPercent: 0,
  panicPercent: 0,
  minEndpoints: 99,
  allowEmpty: false,
};
const EMPTY = inventory([]);
const RUNS = inventory([], { containers: [container(1)] });
const UNREADABLE = inventory([], { incomplete: [UNREAD] });

function heldBy(entries: readonly Judged[], limits: Partial<GuardrailLimits>, known = RUNS) {
  return guard(facts(entries, limits, { inventory: known })).heldBack.map(({ guardrail }) => guardrail);
}

describe('the first guardrail that objects names a stale entry', () => {
  const far = several(10, GONE, CALC, FAR);
  const near = several(10, GONE, CALC, vacant());

  it.each<[string, Judged[], Partial<GuardrailLimits>, ReturnType<typeof inventory>]>([
    ['inventory-incomplete', far, STRICT, UNREADABLE],
    ['host-not-covered', far, STRICT, EMPTY],
    ['empty-inventory', near, STRICT, EMPTY],
    ['removal-budget', near, STRICT, RUNS],
  ])('%s', (guardrail, entries, limits, known) => {
    expect(heldBy(entries, limits, known)).toEqual(Array(10).fill(guardrail));
  });
});

describe('the first guardrail that objects names an unhealthy entry', () => {
  const unread = several(1, FAILING, CALC, leadsTo({ cluster: GREEN }));
  const old = several(1, FAILING, CALC, leadsTo());

  it.each<[string, Judged[], Partial<GuardrailLimits>, ReturnType<typeof inventory>]>([
    ['inventory-incomplete', unread, STRICT, UNREADABLE],
    ['panic-threshold', old, STRICT, EMPTY],
    ['min-endpoints', old, { ...STRICT, panicPercent: 100 }, EMPTY],
  ])('%s', (guardrail, entries, limits, known) => {
    expect(heldBy(entries, limits, known)).toEqual([guardrail]);
  });
});

describe('the rules are asked in one order, whatever the entries', () => {
  /** Takes away one obstacle after the other, and notes who objects to the entry that none is in the way of. */
  function objectors(entry: Judged, others: readonly Judged[], steps: readonly Step[]) {
    return steps.map(([limits, over]) => {
      const { heldBack } = guard(facts([entry, ...others], limits, over));
      return heldBack.find(({ judgement }) => judgement === entry.judgement)?.guardrail;
    });
  }

  type Step = readonly [Partial<GuardrailLimits>, Partial<GuardFacts>];
  const unconfirmed = { approved: new Set<string>(), look: NOTHING_SEEN };
  const unknownHosts = (name: string) => ({ ...ALL_SEEN, existing: new Set([name]) });
  const DENY: Partial<GuardFacts> = { confirmation: unconfirmed };

  it('of a stale entry', () => {
    const name = hostName(9);
    const match: Match = { kind: 'host-unknown', hostName: name, containerId: undefined, address: undefined };
    const pointing = judged(HEALTHY, agentSet({ target: 9 }));
    const entry = judged(INSTANCE_GONE, hostSet(9), match);
    expect(
      objectors(
        entry,
        [pointing, ...several(9, HEALTHY)],
        [
          [STRICT, { ...DENY, inventory: UNREADABLE, unknownHosts: unknownHosts(name) }],
          [STRICT, { ...DENY, inventory: EMPTY, unknownHosts: unknownHosts(name) }],
          [STRICT, { ...DENY, inventory: EMPTY }],
          [STRICT, { ...DENY, inventory: RUNS }],
          [{}, { ...DENY, inventory: RUNS }],
          [{}, { inventory: RUNS }],
        ],
      ),
    ).toEqual([
      'inventory-incomplete',
      'host-not-covered',
      'empty-inventory',
      'removal-budget',
      'not-confirmed',
      'still-referenced',
    ]);
  });

  it('of an unhealthy entry', () => {
    const entry = judged(FAILING, agentSet({ owner: 2 }), leadsTo({ cluster: GREEN }));
    const strict = { ...STRICT, unhealthyBudgetPercent: 0 };
    expect(
      objectors(entry, several(9, HEALTHY), [
        [strict, { ...DENY, inventory: UNREADABLE }],
        [strict, { ...DENY, inventory: RUNS }],
        [
          { ...strict, panicPercent: 100 },
          { ...DENY, inventory: RUNS },
        ],
        [
          { ...strict, panicPercent: 100, minEndpoints: 0 },
          { ...DENY, inventory: RUNS },
        ],
        [{}, { ...DENY, inventory: RUNS }],
        [{}, { inventory: RUNS }],
      ]),
    ).toEqual([
      'inventory-incomplete',
      'panic-threshold',
      'min-endpoints',
      'removal-budget',
      'not-confirmed',
      undefined,
    ]);
  });
});

describe('entries of another region or VPC', () => {
  const name = 'ip-10-0-0-9.us-west-2.compute.internal';
  const match: Match = { kind: 'host-unknown', hostName: name, containerId: undefined, address: undefined };
  const FAR_AWAY = { verdict: 'unverified', reason: 'host-not-covered' } as const;

  it('are reported as held back, with the reason, and go nowhere', () => {
    const entry = judged(FAR_AWAY, agentSet(), match);
    expect(guard(facts([entry], { force: true, allowEmpty: true }))).toEqual({
      removals: [],
      notices: [],
      heldBack: [
        {
          judgement: entry.judgement,
          guardrail: 'host-not-covered',
          detail: `${name} is not a private DNS name of eu-west-1`,
        },
      ],
    });
  });

  it.each<[string, Match]>([
    ['once the host is known not to be', { ...match, hostName: hostName(9) }],
    ['where it is known', vacant()],
  ])('are not reported %s', (_, now) => {
    expect(guard(facts([judged(FAR_AWAY, agentSet(), now)])).heldBack).toEqual([]);
  });
});

describe('a host’s A entry', () => {
  it('is named by the stale rules before the references to it', () => {
    const entries = [judged(INSTANCE_GONE, hostSet(1), FAR), judged(HEALTHY, agentSet())];
    expect(heldBy(entries, {})).toEqual(['host-not-covered']);
  });

  it('counts in the budget although a reference holds it', () => {
    const hosts = [1, 2, 3, 4, 5, 6].map((n) => judged(INSTANCE_GONE, hostSet(n)));
    const entries = [...hosts, ...several(4, HEALTHY)];
    expect(heldBy(entries, { removalBudgetPercent: 50 })).toEqual(Array(6).fill('removal-budget'));
  });
});

describe('force', () => {
  it.each<[string, Judged[], Partial<GuardrailLimits>, ReturnType<typeof inventory>, string[]]>([
    ['lifts the budget', several(10, GONE), { removalBudgetPercent: 0 }, RUNS, []],
    ['lifts the panic threshold', several(2, FAILING), { panicPercent: 0 }, RUNS, []],
    ['not the minimum', several(1, FAILING), { minEndpoints: 1 }, RUNS, ['min-endpoints']],
    ['not an incomplete inventory', several(1, GONE, CALC, FAR), {}, UNREADABLE, ['inventory-incomplete']],
    ['not an uncovered host', several(1, GONE, CALC, FAR), {}, RUNS, ['host-not-covered']],
    ['not an empty inventory', several(1, GONE), { allowEmpty: false }, EMPTY, ['empty-inventory']],
  ])('%s', (_, entries, limits, known, expected) => {
    expect(heldBy(entries, { ...limits, force: true }, known)).toEqual(expected);
  });
});

it('only stale and unhealthy entries go, in their order, and each candidate goes or is held once', () => {
  const stale = judged(GONE, agentSet({ owner: 1 }));
  const failing = judged(FAILING, agentSet({ owner: 2 }));
  const far = judged(GONE, agentSet({ owner: 3 }), FAR);
  const young = judged(YOUNG, agentSet({ owner: 4 }), leadsTo(), { ageSeconds: 3, graceSeconds: 60 });
  const a = judged(INSTANCE_GONE, hostSet(9));
  const others = [HEALTHY, STARTING, FOREIGN].map((assessment, i) =>
    judged(assessment, agentSet({ owner: 10 + i })),
  );
  const { removals, heldBack } = guard(facts([a, young, ...others, failing, far, stale]));
  expect(removals).toEqual([a, failing, stale]);
  expect(heldBack.map(({ judgement }) => judgement)).toEqual([young.judgement, far.judgement]);
});

describe('entries that got no verdict because it is too early or too late to tell', () => {
  it.each<[string, Judged, string, string]>([
    [
      'too early',
      judged(YOUNG, agentSet(), leadsTo(), { ageSeconds: 3, graceSeconds: 60 }),
      'grace-period',
      'its container started 3s ago; the grace period is 1m',
    ],
    [
      'too late',
      judged({ verdict: 'unverified', reason: 'deadline' }, agentSet(), leadsTo()),
      'deadline',
      'time ran out before it was probed',
    ],
  ])('%s: reported as held back, with force as well', (_, entry, guardrail, detail) => {
    for (const force of [false, true]) {
      const { removals, heldBack } = guard(facts([entry], { force }));
      expect([removals, heldBack]).toEqual([[], [{ judgement: entry.judgement, guardrail, detail }]]);
    }
  });

  it.each(['task-starting', 'below-threshold', 'recovering', 'address-unknown'] as const)(
    'but not %s: there was nothing to hold',
    (reason) => {
      const entry = judged({ verdict: 'unverified', reason }, agentSet(), leadsTo());
      expect(guard(facts([entry], STRICT))).toEqual({ removals: [], heldBack: [], notices: [] });
    },
  );
});

it('has nothing to hold and nothing to remove where all is well', () => {
  expect(guard(facts(several(20, HEALTHY), STRICT))).toEqual({ removals: [], heldBack: [], notices: [] });
});

describe('what the run itself has created before', () => {
  const own = several(10, HEALTHY);
  const created = new Set(own.map(({ judgement }) => recordSetKey(judgement.entry.recordSet)));
  const guarded = (entries: readonly Judged[], limits: Partial<GuardrailLimits>) =>
    guard(facts([...entries, ...own], limits, { inventory: RUNS, created })).heldBack.map(
      ({ detail }) => detail,
    );

  it('is no part of what its removals are a share of', () => {
    const found = [...several(3, GONE), ...several(7, HEALTHY)];
    expect(guarded(found, { removalBudgetPercent: 30 })).toEqual(
      Array(3).fill('3 of 10 managed entries (30 %), at least 30 %'),
    );
  });

  it('makes no small zone a large one', () => {
    expect(guarded([...several(3, GONE), ...several(6, HEALTHY)], { removalBudgetPercent: 30 })).toEqual([]);
  });

  it('passes in no share of what fails, and is nothing that a name is left with', () => {
    const panic = guarded(several(2, FAILING), { panicPercent: 50 });
    expect(panic).toEqual(Array(2).fill('2 of 2 checked entries of the run fail (100 %), more than 50 %'));
    expect(guarded(several(1, FAILING), { minEndpoints: 1 })).toEqual([
      expect.stringContaining('would be left with 0 entries'),
    ]);
  });

  it('keeps the address at which it points', () => {
    const address = judged(INSTANCE_GONE, hostSet(1));
    const pointing = judged(HEALTHY, agentSet());
    const by = new Set([recordSetKey(pointing.judgement.entry.recordSet)]);
    const { removals } = guard(facts([address, pointing], {}, { inventory: RUNS, created: by }));
    expect(removals).toEqual([]);
  });
});
