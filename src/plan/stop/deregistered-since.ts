import { type ChangeGroup, createdSets, deletedSets } from '../../model/change.ts';
import { type RecordSet, recordSetKey } from '../../model/record-set.ts';
import type { DeregisteredSince } from '../../model/task-stop.ts';
import type { TaskReferences } from './task-references.ts';

/** A run's view of the zone; times in epoch milliseconds. */
export interface ZoneSeen {
  /** The tasks to be remembered, by ARN. */
  readonly tasks: Iterable<string>;
  /** What led to them when the zone was read. */
  readonly before: TaskReferences;
  readonly readAt: number;
  /** What leads to them now that the run has changed the zone. */
  readonly after: TaskReferences;
  readonly now: number;
}

/** What is known of the records of tasks after a run. Tasks that are not given are forgotten. */
export function nextDeregisteredSince(
  previous: DeregisteredSince,
  { tasks, before, readAt, after, now }: ZoneSeen,
): DeregisteredSince {
  const next = new Map<string, { since: number | undefined; ttl: number }>();
  for (const task of tasks) {
    const [had, has] = [before.get(task), after.get(task)];
    const known = previous.get(task);
    if (has.length > 0) next.set(task, { since: undefined, ttl: largestTtl(has) });
    else if (had.length > 0) next.set(task, { since: now, ttl: largestTtl(had) });
    else next.set(task, { since: known?.since ?? readAt, ttl: known?.ttl ?? 0 });
  }
  return next;
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
