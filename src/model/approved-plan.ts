import { type ChangeGroup, createdSets, deletedSets } from './change.ts';
import { isSameRecordSet, type RecordSet, recordSetKey, recordSetText } from './record-set.ts';
import type { TaskStop } from './task-stop.ts';
import type { Zone } from './zone.ts';

/** A change group as a plan that was made before has it: what it changes, and what it relies on. */
export type ApprovedGroup = Pick<ChangeGroup, 'changes' | 'survivors'>;

/** A plan that was made before, such as for a review: a run carries out nothing that is not in it. */
export interface ApprovedPlan {
  readonly zone: Pick<Zone, 'id' | 'name'>;
  /** When its reading began, in epoch milliseconds. */
  readonly startedAt: number;
  /** Where its clusters were, as `account/region`; empty where that was not known. */
  readonly places: readonly string[];
  readonly groups: readonly ApprovedGroup[];
  readonly stops: readonly Pick<TaskStop, 'cluster' | 'service' | 'task'>[];
}

/** The same text for groups that change the same sets in the same way; their order, and that of values, is none of it. */
export function groupText({ changes }: Pick<ChangeGroup, 'changes'>): string {
  return changes
    .map(({ action, recordSet }) => `${action} ${recordSetText(recordSet)}`)
    .toSorted()
    .join('\n');
}

/** How the zone is other than an approved plan relies on, one set each. */
export interface ZoneDifference {
  readonly recordSet: RecordSet;
  readonly difference: 'gone' | 'changed' | 'there by now';
}

/**
 * What an approved plan takes out of the zone, or leaves in it for its sake, has to be there as it was read; what it
 * creates must not. In the order of the plan, each set once.
 */
export function zoneDifferences(
  { groups }: Pick<ApprovedPlan, 'groups'>,
  recordSets: readonly RecordSet[],
): readonly ZoneDifference[] {
  const now = new Map(recordSets.map((set) => [recordSetKey(set), set]));
  const deleted = new Set(groups.flatMap(deletedSets).map(recordSetKey));
  const differences = groups.flatMap((group) => [
    ...[...deletedSets(group), ...(group.survivors ?? [])].flatMap((set) => lossOf(set, now)),
    ...createdSets(group).flatMap((recordSet): readonly ZoneDifference[] => {
      const key = recordSetKey(recordSet);
      return now.has(key) && !deleted.has(key) ? [{ recordSet, difference: 'there by now' }] : [];
    }),
  ]);
  return [...new Map(differences.map((one) => [recordSetKey(one.recordSet), one])).values()];
}

function lossOf(recordSet: RecordSet, now: ReadonlyMap<string, RecordSet>): readonly ZoneDifference[] {
  const current = now.get(recordSetKey(recordSet));
  if (current === undefined) return [{ recordSet, difference: 'gone' }];
  return isSameRecordSet(recordSet, current) ? [] : [{ recordSet, difference: 'changed' }];
}
