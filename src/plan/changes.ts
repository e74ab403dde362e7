import type { CnameReason } from '../model/cname-reason.ts';
import { normalizeName } from '../model/dns-name.ts';
import { groupBy, Multimap } from '../model/multimap.ts';
import { type RecordSet, recordSetKey, valuesOf, withValues } from '../model/record-set.ts';
import { parseSrvValue } from '../model/srv-value.ts';
import type { Reason } from '../model/verdict.ts';
import type { Removable } from './judge.ts';

/** One change of a Route 53 change batch. */
export interface Change {
  readonly action: 'CREATE' | 'DELETE';
  readonly recordSet: RecordSet;
}

/**
 * The changes to one record set, which travel in one batch or not at all: a DELETE of the exact set
 * that was read, followed by a CREATE of what stays of it, if anything does.
 */
export interface ChangeGroup {
  readonly key: string;
  readonly changes: readonly Change[];
  /** The values that go. */
  readonly removed: readonly string[];
  readonly reasons: readonly (Reason | CnameReason)[];
  /** Keys of the groups that must be gone before this one, or with it. */
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

/** Turns removals of entries into the fewest changes of record sets; host A sets after the SRV sets. */
export function planChanges(removals: readonly Removable[]): readonly ChangeGroup[] {
  const bySet = groupBy(removals, ({ judgement }) => judgement.entry.recordSet);
  const drafts = [...bySet].map(([recordSet, going]) => ({ recordSet, going }));
  const srv = drafts.filter(({ recordSet }) => recordSet.Type !== 'A');
  const hosts = drafts.filter(({ recordSet }) => recordSet.Type === 'A');
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
