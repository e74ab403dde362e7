import { leftOf, RENEWAL_PERCENT } from '../../model/running-tasks.ts';
import { formatShare } from '../../model/share.ts';
import { type GuardFacts, type Guardrail, sameForAll } from './guardrail.ts';

/**
 * Holds back every stale removal while far fewer tasks run than in the last run and nothing of ECS explains it: an
 * inventory that lost a part of itself looks like a fleet that did.
 */
export const inventoryShrunk: Guardrail = {
  name: 'inventory-shrunk',
  words: {
    holdsBack: `every stale entry, while fewer than ${RENEWAL_PERCENT} % of the tasks of ECS services are left that ran before, and ECS tells no reason: it counts more of them, wants more, and deploys nothing`,
    byDefault: 'on where a `state` is kept, from 10 tasks on',
    liftedBy: '`--force`; after `guardrails.budgetDelay` the lower number is believed',
    example: '60 of 100 tasks that ran before are left (60 %), fewer than 85 %, and ECS tells no reason',
  },
  evaluate: (_candidates, facts) => {
    const { missing, limits } = facts;
    if (missing === undefined) {
      const isKnown = facts.state.running !== undefined;
      return {
        objection: () => undefined,
        passing: () => (isKnown ? 'the tasks that ran before are there, or ECS tells why not' : undefined),
      };
    }
    const left = leftOf(missing);
    const share = formatShare(left, missing.before, RENEWAL_PERCENT);
    const why = `${left} of ${missing.before} tasks that ran before are left (${share}), fewer than ${RENEWAL_PERCENT} %, and ECS tells no reason`;
    if (limits.force) return sameForAll(false, () => `${why}, which is lifted`);
    return isBelieved(facts)
      ? sameForAll(false, () => `${why}, for so long that the lower number is believed`)
      : sameForAll(true, () => why);
  },
};

/**
 * Whether the lower number is taken for the truth: an operator says so, or it has stood for the budget delay. Two
 * runs that find the same would prove nothing: a cluster that is hidden stays so from run to run.
 */
export function isBelieved({ state, now, limits }: Pick<GuardFacts, 'state' | 'now' | 'limits'>): boolean {
  const since = state.running?.shrunkSince;
  return limits.force || (since !== undefined && since <= now - limits.budgetDelayMs);
}
