import type { Judgement } from '../model/verdict.ts';
import { type ChangeGroup, planChanges } from './changes.ts';
import { guard, type HeldBack } from './guard.ts';
import type { GuardFacts } from './guardrails/guardrail.ts';
import type { Removable } from './judge.ts';
import type { SuspectVantage } from './vantage.ts';

/** What a run found, what it would change, and what it must not. */
export interface Plan {
  readonly judgements: readonly Judgement[];
  /** How many entries the changes remove. */
  readonly removals: number;
  /** Those entries, with what they lead to. */
  readonly removing: readonly Removable[];
  readonly heldBack: readonly HeldBack[];
  readonly groups: readonly ChangeGroup[];
  /** Set when the checker suspects its own network of the failing probes. */
  readonly suspectVantage: SuspectVantage | undefined;
}

/** Makes the plan: pure, and in the order of the judged entries. */
export function makePlan(facts: GuardFacts): Plan {
  const { removals, heldBack } = guard(facts);
  return {
    judgements: facts.judged.map(({ judgement }) => judgement),
    removals: removals.length,
    removing: removals,
    heldBack,
    groups: planChanges(removals),
    suspectVantage: facts.suspectVantage,
  };
}
