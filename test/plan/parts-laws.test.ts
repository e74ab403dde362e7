import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ChangeOutcome } from '../../src/model/change.ts';
import { entryKey } from '../../src/model/entry.ts';
import { NO_GRACE } from '../../src/model/inventory.ts';
import { NOT_PROBED, type ProbeOutcome, probeKey } from '../../src/model/probe.ts';
import { EMPTY_STATE, type PastRemovals } from '../../src/model/run-state.ts';
import { LARGE_COUNT, reachesShare } from '../../src/model/share.ts';
import { isRemovableVerdict } from '../../src/model/verdict.ts';
import { heardSoFar } from '../../src/plan/heard-so-far.ts';
import { type Observation, questionsOf, type Unprobed } from '../../src/plan/observation.ts';
import { afterPart, appliedPart, decidedPart, joinParts } from '../../src/plan/parts.ts';
import { candidateTargetsOf, isForHealth, makePlan, type Plan } from '../../src/plan/plan.ts';
import type { Policy } from '../../src/plan/policy.ts';
import { NOW } from './fleets.ts';
import { lawsOf, memoized } from './law.ts';
import { HEALTH_POLICY, SYNC_POLICY, ZONE } from './support.ts';
import { type World, worldArbitrary } from './worlds.ts';

/** A run over a world, and what of it is heard late. */
interface Split {
  readonly world: World;
  /** What stale entries answer when they are asked themselves, and whether that is heard late; used in turn. */
  readonly answers: readonly { readonly outcome: ProbeOutcome; readonly isLate: boolean }[];
  /** Whether the outcome of an endpoint is heard late; used in turn. */
  readonly late: readonly boolean[];
  /** What the hour before took. */
  readonly past: PastRemovals;
}

const ANSWERS: readonly ProbeOutcome[] = [
  { kind: 'healthy', attempts: 1, durationMs: 1 },
  { kind: 'unhealthy', reason: 'timeout', attempts: 1, durationMs: 1 },
  { kind: 'unhealthy', reason: 'connection-refused', attempts: 1, durationMs: 1 },
  { kind: 'indeterminate', reason: 'address-not-allowed', attempts: 0, durationMs: 0 },
];

/** Some hosts are drained. */
function drained(world: World, isDraining: readonly boolean[]): World {
  const { inventory } = world;
  const hosts = new Map(
    inventory.hosts.map((one, i) => [one, { ...one, isDraining: isDraining[i] === true }]),
  );
  const containers = new Map(
    inventory.containers.map((one) => [one, { ...one, host: one.host && hosts.get(one.host) }]),
  );
  const endpoints = inventory.endpoints.map((one) => ({
    ...one,
    container: containers.get(one.container) ?? one.container,
  }));
  const all = { hosts: [...hosts.values()], containers: [...containers.values()], endpoints };
  return { ...world, inventory: { ...inventory, ...all } };
}

const splitArbitrary: fc.Arbitrary<Split> = fc.record({
  world: fc
    .tuple(worldArbitrary, fc.array(fc.constantFrom(false, false, true), { minLength: 3, maxLength: 3 }))
    .map(([world, isDraining]) => drained(world, isDraining)),
  answers: fc.array(
    fc.record({ outcome: fc.constantFrom(...ANSWERS), isLate: fc.constantFrom(false, false, true) }),
    { minLength: 5, maxLength: 5 },
  ),
  late: fc.array(fc.constantFrom(false, false, true), { minLength: 7, maxLength: 7 }),
  past: fc.record({
    at: fc.constant(NOW - 60_000),
    stale: fc.constantFrom(0, 0, 2),
    unhealthy: fc.constantFrom(0, 0, 1),
  }),
});

const law = lawsOf(splitArbitrary);

function policyOf({ manage, healthEnabled, trustEcs, gracePeriodMs, limits }: World): Policy {
  return {
    manage,
    health: { ...HEALTH_POLICY, enabled: healthEnabled, gracePeriodMs, trustEcs },
    sync: { ...SYNC_POLICY, ipv6: true },
    limits,
  };
}

/** What the run has found out at its end, and while what is late is still asked. */
function observe({ world, answers, late, past }: Split, policy: Policy) {
  const { recordSets, inventory, unknownHosts, outcomes } = world;
  const reading = { zone: { id: 'Z1', name: `${ZONE}.` }, recordSets, inventory, services: undefined };
  const { matchings } = questionsOf(reading, [policy]);
  const state = { ...EMPTY_STATE, removals: [past] };
  const unprobed: Unprobed = {
    ...reading,
    startedAt: 0,
    readAt: 1,
    now: NOW,
    unknownHosts,
    state,
    matchings,
  };
  const lateKeys = new Set([...outcomes.keys()].filter((_, i) => late[i % late.length] === true));
  const asked = [...candidateTargetsOf(unprobed)].map(([key, target], i) => {
    const { outcome: own = NOT_PROBED, isLate = false } = answers[i % answers.length] ?? {};
    // What an endpoint is asked at is asked once.
    const outcome = outcomes.get(probeKey(target)) ?? own;
    return { key, answer: { target, outcome }, isLate: lateKeys.has(probeKey(target)) || isLate };
  });
  const answersOf = (isEnd: boolean) =>
    new Map(
      asked.map(({ key, answer, isLate }) => [
        key,
        isLate && !isEnd ? { ...answer, outcome: NOT_PROBED } : answer,
      ]),
    );
  const heard = new Map([...outcomes].filter(([key]) => !lateKeys.has(key)));
  const atEnd = { outcomes, answers: answersOf(true), grace: NO_GRACE };
  const before = { ...atEnd, outcomes: heard, answers: answersOf(false) };
  return { atEnd: { ...unprobed, probeResults: atEnd }, before: { ...unprobed, probeResults: before } };
}

const runInParts = memoized((split: Split) => {
  const policy = policyOf(split.world);
  const { atEnd, before } = observe(split, policy);
  const { seen, unheard } = heardSoFar(before);
  const applied = ({ groups }: Plan) =>
    new Map(groups.map(({ key }): [string, ChangeOutcome] => [key, { status: 'applied' }]));
  const decided = decidedPart(makePlan(seen, policy), unheard);
  const first = appliedPart({ plan: decided, outcomes: applied(decided) });
  const left: Observation = afterPart(atEnd, first.plan);
  const rest = makePlan(left, policy);
  const { plan } = joinParts(first, { plan: rest, outcomes: applied(rest) });
  return { rest, plan, whole: makePlan(atEnd, policy) };
});

const keysOf = ({ removing }: Plan) => removing.map(({ judgement }) => entryKey(judgement.entry));

/** What has the verdict to go, and is held back. */
function heldIn(
  { heldBack }: Plan,
  isMeant: (guardrail: string) => boolean = () => true,
): ReadonlySet<string> {
  const held = heldBack.filter(
    ({ judgement, guardrail }) => isRemovableVerdict(judgement.verdict) && isMeant(guardrail),
  );
  return new Set(held.map(({ judgement }) => entryKey(judgement.entry)));
}

/** The guardrails that count, but for the budgets. */
const NUMBERS: ReadonlySet<string> = new Set(['panic-threshold', 'min-endpoints']);

/** An address that the first part has written may tell for the first time what an entry leads to. */
function isJudgedAlike(rest: Plan, whole: Plan): boolean {
  const reasons = new Map(rest.judgements.map(({ entry, reason }) => [entryKey(entry), reason]));
  return whole.judgements.every(({ entry, reason }) => (reasons.get(entryKey(entry)) ?? reason) === reason);
}

describe('a run in two parts, wherever it is split', () => {
  it('removes nothing that the panic threshold or the minimum of a name would keep of a run in one part', () => {
    law((split) => {
      const { plan, rest, whole } = runInParts(split);
      const held = heldIn(whole, (guardrail) => NUMBERS.has(guardrail));
      if (!isJudgedAlike(rest, whole)) return;
      expect(keysOf(plan).filter((key) => held.has(key))).toEqual([]);
    });
  });

  it('keeps within the budgets of the zone as the run has found it', () => {
    law((split) => {
      const { plan, whole } = runInParts(split);
      const { removalBudgetPercent, unhealthyBudgetPercent, force } = split.world.limits;
      const there = whole.judgements.filter(({ verdict }) => verdict !== 'foreign').length;
      const { stale: staleBefore, unhealthy: unhealthyBefore } = split.past;
      const managed = there + staleBefore + unhealthyBefore;
      if (force || managed < LARGE_COUNT) return;
      const stale = plan.removing.filter((one) => !isForHealth(one)).length;
      const unhealthy = plan.removals - stale;
      const [ofStale, ofUnhealthy] = [stale + staleBefore, unhealthy + unhealthyBefore];
      expect(stale > 0 && reachesShare(ofStale, managed, removalBudgetPercent)).toBe(false);
      expect(unhealthy > 0 && reachesShare(ofUnhealthy, managed, unhealthyBudgetPercent)).toBe(false);
    });
  });

  it('holds back nothing for a budget that a run in one part would let go', () => {
    law((split) => {
      const { rest, whole } = runInParts(split);
      if (!isJudgedAlike(rest, whole)) return;
      const held = heldIn(whole);
      const more = rest.heldBack.filter(
        ({ judgement: { entry }, guardrail }) => guardrail === 'removal-budget' && !held.has(entryKey(entry)),
      );
      expect(more.map(({ detail }) => detail)).toEqual([]);
    });
  });
});
