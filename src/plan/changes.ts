import type { CnameReason } from '../model/cname-reason.ts';
import { normalizeName } from '../model/dns-name.ts';
import { groupBy, Multimap } from '../model/multimap.ts';
import { type RecordSet, recordSetKey, valuesOf, withValues } from '../model/record-set.ts';
import type { RegistrationReason } from '../model/registration.ts';
import { comparableValue, parseSrvValue } from '../model/srv-value.ts';
import type { Reason } from '../model/verdict.ts';
import type { Removable } from './judge.ts';
import { isAddressType } from './own-addresses.ts';

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

/** Turns removals of entries into the fewest changes of record sets; addresses after the SRV sets that need them. */
export function planChanges(removals: readonly Removable[]): readonly ChangeGroup[] {
  const bySet = groupBy(removals, ({ judgement }) => judgement.entry.recordSet);
  const drafts = [...bySet].map(([recordSet, going]) => ({ recordSet, going }));
  const srv = drafts.filter(({ recordSet }) => !isAddressType(recordSet.Type));
  const hosts = drafts.filter(({ recordSet }) => isAddressType(recordSet.Type));
  const pointing = keysByTarget(srv);
  return [
    ...srv.map((draft) => changeGroup(draft, [])),
    ...hosts.map((draft) => changeGroup(draft, pointingAt(draft.recordSet, pointing))),
  ];
}

interface Draft {
  readonly recordSet: RecordSet;
  readonly going: readonly Removable[];
}

function changeGroup({ recordSet, going }: Draft, after: readonly string[]): ChangeGroup {
  const removed = new Set(going.map(({ judgement }) => judgement.entry.value));
  const staying = valuesOf(recordSet).filter((value) => !removed.has(value));
  const rest: readonly Change[] =
    staying.length === 0 ? [] : [{ action: 'CREATE', recordSet: withValues(recordSet, staying) }];
  return {
    key: recordSetKey(recordSet),
    changes: [{ action: 'DELETE', recordSet }, ...rest],
    removed: [...removed],
    reasons: [...new Set(going.map(({ judgement }) => judgement.reason))].toSorted(),
    after,
  };
}

function keysByTarget(srv: readonly Draft[]): Multimap<string, string> {
  const keys = new Multimap<string, string>();
  for (const { recordSet, going } of srv) {
    for (const { judgement } of going) {
      const target = parseSrvValue(judgement.entry.value)?.target;
      if (target !== undefined) keys.add(target, recordSetKey(recordSet));
    }
  }
  return keys;
}

function pointingAt(host: RecordSet, pointing: Multimap<string, string>): readonly string[] {
  const names = [normalizeName(host.Name), normalizeName(host.SetIdentifier ?? '')];
  return [...new Set(names.flatMap((name) => pointing.get(name)))];
}

/**
 * Makes what empties a name wait for what is created under it: a name is never without an answer while there
 * is one to give. `isAnswered` tells a name and type that has an answer whatever goes.
 */
export function afterSuccessors(
  removing: readonly ChangeGroup[],
  created: readonly ChangeGroup[],
  isAnswered: (name: string) => boolean,
): readonly ChangeGroup[] {
  const successors = groupBy(created, nameAndTypeOf);
  return removing.map((group) => {
    const keys = isAnswered(nameAndTypeOf(group))
      ? []
      : successors.get(nameAndTypeOf(group)).map(({ key }) => key);
    return keys.length === 0 ? group : { ...group, after: [...group.after, ...keys] };
  });
}

/** The name, normalised, and the type of a group's sets. */
export function nameAndTypeOf({ key }: ChangeGroup): string {
  return key.slice(0, key.indexOf(' ', key.indexOf(' ') + 1));
}
