import { isBelow, parentDomain } from '../../model/dns-name.ts';
import { type Entry, entryKey } from '../../model/entry.ts';
import { parseManagedIdentifier, taskIdOf } from '../../model/managed-identifier.ts';
import { hasAnswered } from '../../model/probe.ts';
import { parseSetIdentifier } from '../../model/set-identifier.ts';
import { parseSrvValue } from '../../model/srv-value.ts';
import type { Match } from '../match/match-kinds.ts';
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
    (match, { entry }) => !isSeenToEnd(match) || !isNamed(match, entry) || restsOnZone(match, entry),
  ),
];

/** Whether an entry that leads to a container names it, or its task: at its place there may be another one by now. */
function isNamed(match: Match, { setIdentifier }: Entry): boolean {
  if (match.kind !== 'stopping') return true;
  const { id, taskArn } = match.container;
  const owner = parseManagedIdentifier(setIdentifier);
  if (owner?.kind === 'task') return owner.taskId === taskIdOf(taskArn);
  const named = parseSetIdentifier(setIdentifier)?.containerId;
  return named !== undefined && id?.startsWith(named) === true;
}

/**
 * Whether an entry leads to a host by a name of the zone alone: where that leads, a scope has not read. An agent that calls
 * the host by such a name says in the set identifier which one it means.
 */
function restsOnZone(match: Match, { name, type, value, setIdentifier }: Entry): boolean {
  if (match.kind !== 'host-gone' || type !== 'SRV') return false;
  if (parseSetIdentifier(setIdentifier)?.host !== undefined) return false;
  const target = parseSrvValue(value)?.target;
  return target !== undefined && isBelow(name, parentDomain(target));
}
