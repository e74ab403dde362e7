import { containerOf, type Match } from '../match/match-kinds.ts';

/**
 * Whether an entry was seen to end: ECS stops its task, or has stopped it, or EC2 has ended its host. All else that
 * looks stale rests on what is missing, and a scope lacks nearly everything.
 */
export function isSeenToEnd(match: Match): boolean {
  if (match.kind === 'host-gone') return match.location.state === 'gone';
  return match.kind === 'stopping';
}

/** What leads to no container, and is judged all the same. */
const IN_SCOPE: ReadonlySet<Match['kind']> = new Set(['foreign', 'malformed', 'host-present', 'service']);

/** Whether a run of a scope does not look at what an entry leads to. */
export function isElsewhere(match: Match): boolean {
  return containerOf(match) === undefined && !IN_SCOPE.has(match.kind) && !isSeenToEnd(match);
}
