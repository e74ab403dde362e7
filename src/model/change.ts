import type { CnameReason } from './cname-reason.ts';
import { type RecordSet, recordSetKey, valuesOf } from './record-set.ts';
import type { RegistrationReason } from './registration.ts';
import { comparableValue } from './srv-value.ts';
import type { Reason } from './verdict.ts';

/** One change of a Route 53 change batch. */
export interface Change {
  readonly action: 'CREATE' | 'DELETE';
  readonly recordSet: RecordSet;
}

/** Why a record set is changed. */
export type ChangeReason = Reason | RegistrationReason | CnameReason;

/**
 * The changes to one record set, which travel in one batch or not at all: a DELETE of the exact set
 * that was read, followed by a CREATE of what stays of it, if anything does; or the CREATE of a new one.
 */
export interface ChangeGroup {
  readonly key: string;
  readonly changes: readonly Change[];
  /** The values that go. */
  readonly removed: readonly string[];
  readonly reasons: readonly ChangeReason[];
  /** Keys of the groups that must be carried out before this one, or with it. */
  readonly after: readonly string[];
}

/** The set that a group deletes, as it was read; `undefined` for a group that only creates. */
export function deletedSet({ changes }: Pick<ChangeGroup, 'changes'>): RecordSet | undefined {
  return changes.find(({ action }) => action === 'DELETE')?.recordSet;
}

/** The set that a group leaves in the zone; `undefined` when nothing stays. */
export function createdSet({ changes }: Pick<ChangeGroup, 'changes'>): RecordSet | undefined {
  return changes.find(({ action }) => action === 'CREATE')?.recordSet;
}

/** A set that loses values for good, as it was read, and what takes its place. */
interface TakenSet {
  readonly recordSet: RecordSet;
  readonly replacedBy: RecordSet | undefined;
}

/** The sets that a group takes something from; one that is only written in another form is none. */
export function takenSets({ changes }: Pick<ChangeGroup, 'changes'>): readonly TakenSet[] {
  const setsOf = (wanted: Change['action']) =>
    changes.flatMap(({ action, recordSet }) => (action === wanted ? [recordSet] : []));
  return changedSets(setsOf('DELETE'), setsOf('CREATE')).map(({ recordSet, other }) => ({
    recordSet,
    replacedBy: other,
  }));
}

/** A set with the values that none of the sets on the other side of a change has, and its own other form there. */
export interface ChangedSet {
  readonly recordSet: RecordSet;
  readonly values: readonly string[];
  readonly other: RecordSet | undefined;
}

/** A value that only moves from one set of the group to another is neither gone nor new. */
export function changedSets(sets: readonly RecordSet[], others: readonly RecordSet[]): readonly ChangedSet[] {
  const there = new Set(
    others.flatMap((set) => valuesOf(set).map((value) => `${set.Type} ${comparableValue(set.Type, value)}`)),
  );
  const byKey = new Map(others.map((set) => [recordSetKey(set), set]));
  return sets.flatMap((recordSet) => {
    const all = valuesOf(recordSet);
    const values = all.filter(
      (value) => !there.has(`${recordSet.Type} ${comparableValue(recordSet.Type, value)}`),
    );
    const other = byKey.get(recordSetKey(recordSet));
    const isChanged = values.length > 0 || (all.length === 0 && other === undefined);
    return isChanged ? [{ recordSet, values, other }] : [];
  });
}

/** The name, normalised, and the type of a group's sets. */
export function nameAndTypeOf({ key }: ChangeGroup): string {
  return key.slice(0, key.indexOf(' ', key.indexOf(' ') + 1));
}

/**
 * How a group of changes ended; always true of the zone.
 *
 * | status   | the zone …                                                                            |
 * |----------|---------------------------------------------------------------------------------------|
 * | applied  | holds what the group asked for                                                        |
 * | conflict | was changed by someone else since it was read, or refuses this group; left as it is   |
 * | failed   | was not changed by this group: Route 53 could not be reached, or does not allow it    |
 * | unsent   | was not changed by this group: time ran out before it was sent                        |
 */
export type ChangeOutcome =
  | { readonly status: 'applied' }
  | { readonly status: 'conflict'; readonly detail: string }
  | { readonly status: 'failed'; readonly detail: string }
  | { readonly status: 'unsent'; readonly detail: string };
