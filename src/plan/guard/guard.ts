import type { Judgement, JudgementOf } from '../../model/verdict.ts';
import { outsideOf } from '../judge/host-coverage.ts';
import type { Judged, Removable } from '../judge/judge-entries.ts';
import type { GuardFacts, Guardrail, GuardrailName } from './guardrail.ts';
import { hostNotCovered } from './host-not-covered.ts';
import { inventoryIncomplete } from './inventory-incomplete.ts';
import { notConfirmed } from './not-confirmed.ts';
import { emptyInventory, removalBudget, unhealthyBudget } from './stale-limits.ts';
import { stillReferenced } from './still-referenced.ts';
import { minEndpoints, panicThreshold } from './unhealthy-limits.ts';

/** An entry whose removal was held back, by exactly one guardrail, with the numbers behind it. */
export interface HeldBack {
  readonly judgement: JudgementOf<'stale' | 'unhealthy' | 'unverified'>;
  readonly guardrail: GuardrailName;
  readonly detail: string;
}

/** What may go and what is held back; both in the order of the entries. */
export interface Guarded {
  readonly removals: readonly Removable[];
  readonly heldBack: readonly HeldBack[];
}

/** The rounds of rules: each takes the candidates that the ones before it have left. */
export type Round = 'stale' | 'unhealthy' | 'confirmation' | 'references';

/** In this order; the first guardrail that objects is the one an entry is reported with. */
const RULES: Readonly<Record<Round, readonly Guardrail[]>> = {
  stale: [inventoryIncomplete, hostNotCovered, emptyInventory, removalBudget],
  unhealthy: [inventoryIncomplete, panicThreshold, minEndpoints, unhealthyBudget],
  confirmation: [notConfirmed],
  references: [stillReferenced],
};

/** A rule at work: whom it is asked about, and which removals were decided by then. */
export interface RuleEvaluation {
  readonly round: Round;
  readonly rule: Guardrail;
  readonly candidates: readonly Removable[];
  readonly decided: readonly Removable[];
}

export type Observer = (evaluation: RuleEvaluation) => void;

const NOBODY: Observer = () => {};

/**
 * Holds the removals that the verdicts ask for against every guardrail. Stale entries are decided
 * first, so that what they take away counts when unhealthy ones are weighed; the A entries of hosts
 * come last, because they depend on which SRV entries stay. `observe` sees every rule at work.
 */
export function guard(facts: GuardFacts, observe = NOBODY): Guarded {
  const removable = facts.judged.filter(isRemovable);
  const sift = sieve(facts, observe);
  const stale = sift('stale', withVerdict(removable, 'stale'), []);
  const unhealthy = sift('unhealthy', withVerdict(removable, 'unhealthy'), stale.removals);
  // What the confirmation spares still counts as gone when unhealthy entries are weighed: it may be.
  const confirmed = sift('confirmation', [...stale.removals, ...unhealthy.removals], []);
  const final = sift('references', confirmed.removals, confirmed.removals);
  const going = new Set(final.removals);
  const held = [
    ...[stale, unhealthy, confirmed, final].flatMap(({ heldBack }) => heldBack),
    ...premature(facts),
  ];
  const heldBack = new Map<Judgement, HeldBack>(held.map((item) => [item.judgement, item]));
  return {
    removals: removable.filter((candidate) => going.has(candidate)),
    heldBack: facts.judged.flatMap(({ judgement }) => heldBack.get(judgement) ?? []),
  };
}

/** Entries that got no verdict because it is too early, too late, or too far away, to tell. */
function premature({ judged, inventory, unknownHosts }: GuardFacts): readonly HeldBack[] {
  const outside = outsideOf(inventory, unknownHosts);
  return judged.flatMap(({ match, judgement }): readonly HeldBack[] => {
    if (judgement.verdict !== 'unverified') return [];
    if (judgement.reason === 'host-not-covered' && match.kind === 'host-unknown') {
      const detail = outside(match.hostName);
      return detail === undefined ? [] : [{ judgement, guardrail: 'host-not-covered', detail }];
    }
    if (judgement.reason === 'deadline') {
      return [{ judgement, guardrail: 'deadline', detail: 'time ran out before it was probed' }];
    }
    if (judgement.reason !== 'grace-period') return [];
    const { ageSeconds, graceSeconds } = judgement.evidence;
    const detail = `its container started ${ageSeconds} s ago; the grace period is ${graceSeconds} s`;
    return [{ judgement, guardrail: 'grace-period', detail }];
  });
}

/** Whether a verdict asks for the removal of its entry. */
export function isRemovable(judged: Judged): judged is Removable {
  return judged.judgement.verdict === 'stale' || judged.judgement.verdict === 'unhealthy';
}

function withVerdict(removable: readonly Removable[], verdict: 'stale' | 'unhealthy'): readonly Removable[] {
  return removable.filter(({ judgement }) => judgement.verdict === verdict);
}

/** Takes candidates through the rules of a round in turn; each sees only what the ones before it let pass. */
function sieve(facts: GuardFacts, observe: Observer) {
  return (round: Round, candidates: readonly Removable[], decided: readonly Removable[]): Guarded => {
    const heldBack: HeldBack[] = [];
    let removals = candidates;
    for (const rule of RULES[round]) {
      observe({ round, rule, candidates: removals, decided });
      const { objection } = rule.evaluate(removals, facts, decided);
      removals = removals.filter((candidate) => {
        const detail = objection(candidate);
        if (detail === undefined) return true;
        heldBack.push({ judgement: candidate.judgement, guardrail: rule.name, detail });
        return false;
      });
    }
    return { removals, heldBack };
  };
}
