import type { Judgement, JudgementOf } from '../model/verdict.ts';
import type { GuardFacts, Guardrail, GuardrailName } from './guardrails/guardrail.ts';
import { hostNotCovered } from './guardrails/host-not-covered.ts';
import { inventoryIncomplete } from './guardrails/inventory-incomplete.ts';
import { notConfirmed } from './guardrails/not-confirmed.ts';
import { emptyInventory, removalBudget, unhealthyBudget } from './guardrails/stale-limits.ts';
import { stillReferenced } from './guardrails/still-referenced.ts';
import { minEndpoints, panicThreshold } from './guardrails/unhealthy-limits.ts';
import { outsideOf } from './host-coverage.ts';
import type { Judged, Removable } from './judge.ts';

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

/** In this order; the first guardrail that objects is the one an entry is reported with. */
const STALE_RULES = [inventoryIncomplete, hostNotCovered, emptyInventory, removalBudget];
const UNHEALTHY_RULES = [inventoryIncomplete, panicThreshold, minEndpoints, unhealthyBudget];

/**
 * Holds the removals that the verdicts ask for against every guardrail. Stale entries are decided
 * first, so that what they take away counts when unhealthy ones are weighed; the A entries of hosts
 * come last, because they depend on which SRV entries stay.
 */
export function guard(facts: GuardFacts): Guarded {
  const removable = facts.judged.filter(isRemovable);
  const stale = sift(withVerdict(removable, 'stale'), STALE_RULES, facts, []);
  const unhealthy = sift(withVerdict(removable, 'unhealthy'), UNHEALTHY_RULES, facts, stale.removals);
  // What the second look spares still counts as gone when unhealthy entries are weighed: it may be.
  const confirmed = sift([...stale.removals, ...unhealthy.removals], [notConfirmed], facts, []);
  const final = sift(confirmed.removals, [stillReferenced], facts, confirmed.removals);
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
function premature({ judged, inventory, strangers }: GuardFacts): readonly HeldBack[] {
  const outside = outsideOf(inventory, strangers);
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

function isRemovable(judged: Judged): judged is Removable {
  return judged.judgement.verdict === 'stale' || judged.judgement.verdict === 'unhealthy';
}

function withVerdict(removable: readonly Removable[], verdict: 'stale' | 'unhealthy'): readonly Removable[] {
  return removable.filter(({ judgement }) => judgement.verdict === verdict);
}

/** Takes the candidates through the rules in turn; each rule sees only what the ones before it let pass. */
function sift(
  candidates: readonly Removable[],
  rules: readonly Guardrail[],
  facts: GuardFacts,
  decided: readonly Removable[],
): Guarded {
  const heldBack: HeldBack[] = [];
  let removals = candidates;
  for (const { name, examine } of rules) {
    const objection = examine(removals, facts, decided);
    removals = removals.filter((candidate) => {
      const detail = objection(candidate);
      if (detail !== undefined) heldBack.push({ judgement: candidate.judgement, guardrail: name, detail });
      return detail === undefined;
    });
  }
  return { removals, heldBack };
}
