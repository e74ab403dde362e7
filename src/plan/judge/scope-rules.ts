import { entryKey } from '../../model/entry.ts';
import type { Inventory } from '../../model/inventory.ts';
import { hasAnswered } from '../../model/probe.ts';
import { containerOf, type Match } from '../match/match-kinds.ts';
import { type Rule, unverified } from './rule.ts';

/**
 * Whether an entry was seen to end: ECS stops its task, or has stopped it, or EC2 has ended its host. All else that
 * looks stale rests on what is missing, and a scope lacks nearly everything.
 */
export function isSeenToEnd(match: Match): boolean {
  if (match.kind === 'host-gone') return match.location.state === 'gone';
  return match.kind === 'stopping';
}

/** Whether an inventory is a part of the fleet, of which nothing else is known. */
export function isScope({ coverage }: Pick<Inventory, 'coverage'>): boolean {
  return coverage === 'scope';
}

/** What leads to no container, and is judged all the same. */
const IN_SCOPE: ReadonlySet<Match['kind']> = new Set(['foreign', 'malformed', 'service', 'host-present']);

function isElsewhere(match: Match): boolean {
  return containerOf(match) === undefined && !IN_SCOPE.has(match.kind) && !isSeenToEnd(match);
}

/** What comes before all other rules in a run of a scope: entries that lead to nothing in it are not judged by it. */
export const SCOPE_RULES: readonly Rule[] = [
  unverified(
    'still-answers',
    'this run does not look at what it leads to, but it answers',
    (match, facts) => {
      const answer = facts.input.answers.get(entryKey(facts.entry));
      return isElsewhere(match) && answer !== undefined && hasAnswered(answer.outcome);
    },
  ),
  unverified('out-of-scope', 'this run does not look at what it leads to', isElsewhere),
];

/** What outweighs a verdict that asks for removal in a run of a scope. */
export const SCOPE_EXEMPTIONS: readonly Rule[] = [
  unverified(
    'out-of-scope',
    'it would go, but only a run that looks at everything can tell',
    // The services of a cluster are read whole, for whichever of them a run is.
    (match) => !isSeenToEnd(match) && match.kind !== 'service',
  ),
];
