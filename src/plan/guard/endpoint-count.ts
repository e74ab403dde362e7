import { writtenName } from '../../model/dns-name.ts';
import { audienceOf } from '../../model/record-set.ts';
import type { ReasonOf } from '../../model/verdict.ts';
import { isUnasked } from '../judge/candidate-answer.ts';
import type { Judged } from '../judge/judge-entries.ts';
import type { Match, MatchKind } from '../match/match-kinds.ts';

/** Whether an entry that is unverified counts as one that may help a client, and why. */
interface Count {
  /** By its reason alone, or only where its container is known to run. */
  readonly counts: boolean | 'where it runs';
  readonly because: string;
}

const RUNS: Count = { counts: true, because: 'its container is known to run' };
/** What would go as stale if it were asked has the same reasons. */
const NOT_ASKED: Count = {
  counts: 'where it runs',
  because: 'its endpoint was not asked, and may answer; where nothing is known to run, it hardly does',
};
const BELONGS_NOWHERE: Count = { counts: false, because: 'nothing is known to run where it leads' };

/** What an unverified entry is worth to the clients of its name. In doubt nothing: then more of the others stay. */
export const UNVERIFIED_COUNTS: Readonly<Record<ReasonOf<'unverified'>, Count>> = {
  'address-unknown': RUNS,
  'address-not-allowed': RUNS,
  'checker-error': NOT_ASKED,
  'malformed-answer': RUNS,
  'too-few-attempts': RUNS,
  deadline: NOT_ASKED,
  'grace-period': RUNS,
  'below-threshold': RUNS,
  recovering: RUNS,
  'malformed-value': { counts: false, because: 'no client can follow it' },
  'still-answers': { counts: true, because: 'its endpoint answers' },
  'target-unresolved': { counts: false, because: 'its target leads to no host' },
  'host-not-covered': BELONGS_NOWHERE,
  'out-of-scope': { counts: false, because: 'this run does not look at it' },
  'escaped-name': BELONGS_NOWHERE,
  'task-starting': { counts: true, because: 'a container that is starting may be its' },
  'port-not-bound': { counts: false, because: 'its container does not listen there' },
  'service-unknown': { counts: false, because: 'what runs there may be of another service' },
  'service-unread': BELONGS_NOWHERE,
  'cluster-not-covered': BELONGS_NOWHERE,
  'address-differs': { counts: false, because: 'its task is not known to have the address' },
  'address-of-host': BELONGS_NOWHERE,
  'address-not-covered': BELONGS_NOWHERE,
};

/**
 * A client that asks for one type of a name is not helped by entries of another, nor by those that Route 53 gives to
 * clients elsewhere. SRV goes without saying.
 */
export function rangeOf({ judgement: { entry } }: Judged): string {
  const { name, type, recordSet } = entry;
  const ofType = type === 'SRV' ? writtenName(name) : `${writtenName(name)} ${type}`;
  const audience = audienceOf(recordSet);
  return audience === '' ? ofType : `${ofType} for ${audience}`;
}

/**
 * Tells which entries count as endpoints of their name: those that may be an answer which helps a client.
 *
 * | the entry is                                                | it counts                          |
 * |-------------------------------------------------------------|------------------------------------|
 * | foreign                                                     | never: it is not ours to count on  |
 * | of weight 0, while a set of its name and type has a weight   | never: Route 53 never answers with it |
 * | live, draining, or unhealthy until it goes                  | yes                                |
 * | stale                                                       | never: nothing is known to run there |
 * | unverified                                                  | by its reason, `UNVERIFIED_COUNTS` |
 */
export function endpointCount(judged: readonly Judged[]): (one: Judged) => boolean {
  const isOutweighed = outweighed(judged);
  return (one) => {
    const { verdict, reason } = one.judgement;
    if (verdict === 'foreign' || verdict === 'stale' || isOutweighed(one)) return false;
    if (verdict !== 'unverified') return true;
    const { counts } = UNVERIFIED_COUNTS[reason];
    return counts === 'where it runs' ? one.match.kind === 'endpoint' : counts;
  };
}

/** Tells which entries are of weight 0 next to others that have one: Route 53 never answers with them. */
export function outweighed(judged: readonly Judged[]): (one: Judged) => boolean {
  const weighted = new Set(judged.filter((one) => (weightOf(one) ?? 0) > 0).map(rangeOf));
  return (one) => weightOf(one) === 0 && weighted.has(rangeOf(one));
}

function weightOf({ judgement }: Judged): number | undefined {
  return judgement.entry.recordSet.Weight;
}

/** What leads to a place where something may run out of this role's sight. */
const OUT_OF_SIGHT: ReadonlySet<MatchKind> = new Set(['no-task-on-host', 'host-gone', 'host-unknown']);

/** Whether an entry leads to a container that is told to stop, and has not yet: it may still answer. */
export function isStopping({ match }: Judged): boolean {
  return match.kind === 'stopping' && match.container.phase === 'stopping';
}

/** Over UDP nothing is asked: of what runs on a machine, ECS knows only what it has started there itself. */
function isOnLivingHost(match: Match): boolean {
  return (
    match.kind === 'no-task-on-host' &&
    match.location.state === 'present' &&
    match.location.instanceId !== undefined
  );
}

/**
 * Whether a stale entry may answer after all, because it could not be asked. EC2 may have seen its host end, ECS its
 * task, or another container may have its place: that is evidence enough.
 */
export function mayStillAnswer({ match, judgement: { verdict, entry, evidence } }: Judged): boolean {
  if (verdict !== 'stale' || entry.type !== 'SRV' || !OUT_OF_SIGHT.has(match.kind)) return false;
  if (entry.name.includes('._udp')) return isOnLivingHost(match);
  const isSeenGone = 'location' in match && match.location.state === 'gone';
  return !isSeenGone && isUnasked(evidence);
}
