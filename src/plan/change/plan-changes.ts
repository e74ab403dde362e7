import type { ChangeGroup } from '../../model/change.ts';
import type { Withheld } from '../../model/registration.ts';
import type { Judgement } from '../../model/verdict.ts';
import { guard, type HeldBack } from '../guard/guard.ts';
import type { GuardFacts } from '../guard/guardrail.ts';
import type { Removable } from '../judge/judge-entries.ts';
import type { NetworkSelfTest } from '../judge/network-self-test.ts';
import { type Missing, planRegistrations } from './plan-registrations.ts';
import { removalGroups } from './plan-removals.ts';
import type { JudgedDesired } from './register.ts';

/** What a run found, what it would change, and what it must not. */
export interface ChangePlan {
  readonly judgements: readonly Judgement[];
  /** How many entries the changes remove. */
  readonly removals: number;
  /** Those entries, with what they lead to. */
  readonly removing: readonly Removable[];
  readonly heldBack: readonly HeldBack[];
  /** What is missing from the zone and is to be there. */
  readonly registrations: readonly JudgedDesired[];
  /** How many record sets are new, CNAMEs included. */
  readonly registered: number;
  /** What is missing and is not to be there, now or ever. */
  readonly withheld: readonly Withheld[];
  readonly groups: readonly ChangeGroup[];
  /** Set when the checker suspects its own network of the failing probes. */
  readonly networkSelfTest: NetworkSelfTest | undefined;
}

/**
 * Makes the plan: pure, and in the order of the judged entries. Without `missing` nothing is ever created but
 * what stays of a set that loses a value.
 */
export function planChanges(facts: GuardFacts, missing?: Missing): ChangePlan {
  const { judged, networkSelfTest } = facts;
  const { removals, heldBack } = guard(facts);
  const removing = removalGroups(removals);
  return {
    judgements: judged.map(({ judgement }) => judgement),
    removals: removals.length,
    removing: removals,
    heldBack,
    networkSelfTest,
    ...(missing === undefined
      ? { registrations: [], registered: 0, withheld: [], groups: removing }
      : planRegistrations(missing, { judged, removals, removing })),
  };
}
