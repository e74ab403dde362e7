import { normalizeName } from './dns-name.ts';
import { nameKey, type RecordSet, recordSetKey, valuesOf } from './record-set.ts';
import type { RegistrationReason } from './registration.ts';
import { comparableValue } from './srv-value.ts';
import type { Reason, ReasonOf } from './verdict.ts';

export interface Change {
  readonly action: 'CREATE' | 'DELETE';
  readonly recordSet: RecordSet;
}

export type ChangeReason = Reason | RegistrationReason;

/**
 * Why a CNAME of this worker's is written, or goes: its service had none; a plain one becomes this worker's own;
 * its TTL or weight was changed by hand; the service is behind another load balancer now, or behind none; or is
 * no more.
 */
export type CnameReason =
  | Exclude<RegistrationReason, 'merged' | 'split' | 'moved' | 'put-back'>
  | Extract<ReasonOf<'stale'>, 'balancer-gone' | 'service-gone'>;

/**
 * The changes to one record set, which travel in one batch or not at all: a DELETE of the exact set
 * that was read, followed by a CREATE of what stays of it, if anything does; or the CREATE of a new one.
 */
export interface ChangeGroup {
  readonly key: string;
  readonly changes: readonly Change[];
  readonly removed: readonly string[];
  readonly reasons: readonly ChangeReason[];
  /** Keys of the groups that must be carried out before this one, or with it. */
  readonly after: readonly string[];
  /**
   * Sets of the same name that have to be there for this group to be right, as they were read. Nothing of them is
   * changed: the batch of the group takes them out and writes them as they are, so that it fails where one differs.
   */
  readonly survivors?: readonly RecordSet[] | undefined;
}

type Changes = Pick<ChangeGroup, 'changes'>;

/**
 * All that one batch says: the changes of its groups, and what asserts their survivors. Of a survivor that a group of
 * the batch writes anew itself, its DELETE says enough. `current` has, by key, what earlier batches have made of sets.
 */
export function batchChanges(
  groups: readonly Pick<ChangeGroup, 'changes' | 'survivors'>[],
  current: ReadonlyMap<string, RecordSet> = new Map(),
): readonly Change[] {
  const changes = groups.flatMap((group) => group.changes);
  const touched = new Set(changes.map(({ recordSet }) => recordSetKey(recordSet)));
  const survivors = new Map(
    groups.flatMap((group) => (group.survivors ?? []).map((set) => [recordSetKey(set), set] as const)),
  );
  const asserted = [...survivors].flatMap(([key, set]) =>
    touched.has(key) ? [] : [current.get(key) ?? set],
  );
  return [...changes, ...asserted.flatMap(assertion)];
}

/** Route 53 takes a set out only where it is exactly as it says: written anew at once, it never is missing. */
function assertion(recordSet: RecordSet): readonly Change[] {
  return [
    { action: 'DELETE', recordSet },
    { action: 'CREATE', recordSet },
  ];
}

/** The sets that a group deletes, as they were read; none for a group that only creates. */
export function deletedSets(group: Changes): readonly RecordSet[] {
  return setsOf(group, 'DELETE');
}

/** The sets that a group leaves in the zone; none when nothing stays. */
export function createdSets(group: Changes): readonly RecordSet[] {
  return setsOf(group, 'CREATE');
}

function setsOf({ changes }: Changes, wanted: Change['action']): readonly RecordSet[] {
  return changes.flatMap(({ action, recordSet }) => (action === wanted ? [recordSet] : []));
}

/** A set with the values that no set on the other side of a change has, and its own other form there. */
export interface ChangedSet {
  readonly recordSet: RecordSet;
  readonly values: readonly string[];
  readonly other: RecordSet | undefined;
}

/** The sets that a group takes values from for good, as they were read, each with what takes its own place. */
export function takenSets(group: Changes): readonly ChangedSet[] {
  return changedSets(deletedSets(group), createdSets(group));
}

/** The sets that a group brings new values to, as they are to be, each with what was in its own place. */
export function addedSets(group: Changes): readonly ChangedSet[] {
  return changedSets(createdSets(group), deletedSets(group));
}

/** A value that only moves from one set of the group to another is neither gone nor new. */
function changedSets(sets: readonly RecordSet[], others: readonly RecordSet[]): readonly ChangedSet[] {
  const keyOf = ({ Type }: RecordSet, value: string) => `${Type} ${comparableValue(Type, value)}`;
  const there = new Set(others.flatMap((set) => valuesOf(set).map((value) => keyOf(set, value))));
  const byKey = new Map(others.map((set) => [recordSetKey(set), set]));
  return sets.flatMap((recordSet) => {
    const all = valuesOf(recordSet);
    const values = all.filter((value) => !there.has(keyOf(recordSet, value)));
    const other = byKey.get(recordSetKey(recordSet));
    const isChanged = values.length > 0 || (all.length === 0 && other === undefined);
    return isChanged ? [{ recordSet, values, other }] : [];
  });
}

/** The `nameKey` of a group's sets, which all have one name and type. */
export function nameKeyOf({ changes: [first] }: Changes): string {
  return first === undefined ? '' : nameKey(normalizeName(first.recordSet.Name), first.recordSet.Type);
}

/**
 * How a group of changes ended; always true of the zone.
 *
 * | status       | the zone …                                                                            |
 * |--------------|---------------------------------------------------------------------------------------|
 * | applied      | holds what the group asked for                                                        |
 * | already-done | holds what the group asked for, and had it before: another writer was first           |
 * | conflict     | was changed by someone else since it was read, or refuses this group; left as it is   |
 * | failed       | was not changed by this group: Route 53 could not be reached, or does not allow it;   |
 * |              | with `no-answer` it may have been, and could not be read to see                       |
 * | unsent       | was not changed by this group: it was too late to send it; `code` says why            |
 *
 * `changeId` is Route 53's own; it is unknown where the reply was lost.
 */
export type ChangeOutcome =
  | { readonly status: 'applied'; readonly changeId?: string | undefined }
  | { readonly status: 'already-done'; readonly detail: string; readonly code: AlreadyDoneCode }
  | { readonly status: 'conflict' | 'failed'; readonly detail: string; readonly code?: RefusalCode }
  | { readonly status: 'unsent'; readonly detail: string; readonly code: UnsentCode };

/** `already-gone`: what the group was to take out; `already-there`: what it was to write. */
export type AlreadyDoneCode = 'already-gone' | 'already-there';

/** `name-protected`: by a record set protection; `no-answer`: neither to the request nor to the look at what became of it. */
export type RefusalCode = 'name-protected' | 'no-answer';

/** `deadline`: the run's time ran out; `plan-too-old`: what it was planned from is no longer to be trusted. */
export type UnsentCode = 'deadline' | 'plan-too-old';

/**
 * Another writer, as all that people read calls it: a look or run of this worker, also of the same process, or another
 * tool. The zone tells that it was first, and not which of them it was.
 */
export const ANOTHER_WRITER = 'another look, run or tool';

/** Whether the zone holds what a group asked for, by this run or by another writer. */
export function isInForce(outcome: ChangeOutcome | undefined): boolean {
  return outcome?.status === 'applied' || outcome?.status === 'already-done';
}

/** What a group is told that another writer was first with. */
export function alreadyDone(group: Changes): ChangeOutcome {
  const code = takenSets(group).length > 0 ? 'already-gone' : 'already-there';
  return { status: 'already-done', code, detail: `${ANOTHER_WRITER} was first` };
}
