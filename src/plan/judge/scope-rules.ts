import { entryKey } from '../../model/entry.ts';
import { hasAnswered } from '../../model/probe.ts';
import { isElsewhere, isSeenToEnd } from './in-scope.ts';
import { type Rule, unverified } from './rule.ts';

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
