import { type ChangeGroup, createdSets, deletedSets } from '../../model/change.ts';
import { type RecordSet, recordSetKey } from '../../model/record-set.ts';
import type { DeregisteredSince, Deregistration } from '../../model/task-stop.ts';
import type { TaskReferences } from './task-references.ts';

/** A group that was applied, and the id of its change; `undefined` where the reply was lost. */
export interface AppliedGroup {
  readonly group: ChangeGroup;
  readonly changeId: string | undefined;
}

/** When the zone was read, and may have been changed before that; in epoch milliseconds. */
export interface ZoneTimes {
  readonly readAt: number;
  /** When the last run ended, of whichever process; `undefined` where no state tells. */
  readonly lastRunAt: number | undefined;
}

/** A run's view of the zone; times in epoch milliseconds. */
export interface ZoneSeen extends ZoneTimes {
  /** The tasks to be remembered, by ARN. */
  readonly tasks: Iterable<string>;
  /** What led to them when the zone was read. */
  readonly before: TaskReferences;
  /** What leads to them now that the run has changed the zone. */
  readonly after: TaskReferences;
  /** What the run has changed. */
  readonly applied: readonly AppliedGroup[];
  readonly now: number;
}

/**
 * So long a change may take until every name server answers by it, where Route 53 cannot be asked of it.
 * Source: Route 53 Developer Guide, "Adding or changing records": usually within 60 seconds.
 */
const PROPAGATION_MS = 60_000;

/** What is known of the records of tasks after a run. Tasks that are not given are forgotten. */
export function nextDeregisteredSince(
  previous: DeregisteredSince,
  { tasks, before, after, applied, now, ...times }: ZoneSeen,
): DeregisteredSince {
  const next = new Map<string, Deregistration>();
  for (const task of tasks) {
    const [had, has] = [before.get(task), after.get(task)];
    const known = previous.get(task);
    const removals = removalsOf(had, has, applied);
    const ids = removals.flatMap(({ changeId }) => changeId ?? []);
    const pending = [...new Set([...(known?.pending ?? []), ...ids])];
    if (has.length > 0) next.set(task, { since: undefined, ttl: largestTtl(has), pending });
    else if (had.length > 0) {
      const since = ids.length < removals.length ? now + PROPAGATION_MS : now;
      next.set(task, { since, ttl: largestTtl(had), pending });
    } else next.set(task, { since: countedFrom(known, times), ttl: known?.ttl ?? 0, pending });
  }
  return next;
}

/** What took sets of a task out; anything that was changed, where it lost them by what they led through. */
function removalsOf(
  had: readonly RecordSet[],
  has: readonly RecordSet[],
  applied: readonly AppliedGroup[],
): readonly AppliedGroup[] {
  const left = new Set(has.map(recordSetKey));
  const gone = new Set(had.map(recordSetKey).filter((key) => !left.has(key)));
  if (gone.size === 0) return [];
  const own = applied.filter(({ group }) => deletedSets(group).some((set) => gone.has(recordSetKey(set))));
  return own.length > 0 ? own : applied;
}

/**
 * From when on the TTL of a task counts that has no record: where there was one at the end of the last run, a
 * change took it out of which Route 53 cannot be asked. Of a task that this process did not know, the run of another
 * one may have taken it out.
 */
export function countedFrom(known: Deregistration | undefined, { readAt, lastRunAt }: ZoneTimes): number {
  if (known !== undefined) return known.since ?? readAt + PROPAGATION_MS;
  return lastRunAt === undefined ? readAt : Math.max(readAt, Math.min(lastRunAt, readAt) + PROPAGATION_MS);
}

/** The changes of which Route 53 is to be asked. */
export function pendingChanges(deregisteredSince: DeregisteredSince): readonly string[] {
  return [...new Set([...deregisteredSince.values()].flatMap(({ pending }) => pending))];
}

/** The same once Route 53 has said INSYNC of changes: by their id, when it did, from when on the TTL counts. */
export function withChangesInSync(
  deregisteredSince: DeregisteredSince,
  inSync: ReadonlyMap<string, number>,
): DeregisteredSince {
  const settled = ({ since, ttl, pending }: Deregistration): Deregistration => ({
    since: since === undefined ? since : Math.max(since, ...pending.flatMap((id) => inSync.get(id) ?? [])),
    ttl,
    pending: pending.filter((id) => !inSync.has(id)),
  });
  return new Map([...deregisteredSince].map(([task, known]) => [task, settled(known)]));
}

/** In seconds; an alias has none of its own. */
export function largestTtl(sets: readonly RecordSet[]): number {
  return sets.reduce((largest, { TTL = 0 }) => Math.max(largest, TTL), 0);
}

/** The zone as it was read, with the changes that were made since. */
export function zoneAfter(
  recordSets: readonly RecordSet[],
  applied: readonly ChangeGroup[],
): readonly RecordSet[] {
  const gone = new Set(applied.flatMap(deletedSets).map(recordSetKey));
  const come = applied.flatMap(createdSets);
  return [...recordSets.filter((set) => !gone.has(recordSetKey(set))), ...come];
}
