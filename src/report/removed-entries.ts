import { entryKey } from '../model/entry.ts';
import { recordSetKey } from '../model/record-set.ts';
import { isRemovableVerdict } from '../model/verdict.ts';
import type { Report } from './report-schema.ts';

type ReportedEntry = Report['entries'][number];

export interface RemovedEntry {
  readonly entry: ReportedEntry;
  readonly deletion: Report['changes'][number];
}

/** What a report removes: stale and unhealthy entries that are not held back, in the order of the zone. */
export function removedEntries({ entries, heldBack, changes }: Report): readonly RemovedEntry[] {
  const held = new Set(heldBack.map(entryKeyOf));
  const deletes = changes.filter(({ action }) => action === 'DELETE');
  const deletions = new Map(deletes.map((change) => [recordSetKey(change.recordSet), change]));
  return entries.flatMap((entry) => {
    const deletion = deletions.get(recordSetKey(setOf(entry)));
    const isRemoved = isRemovableVerdict(entry.verdict) && !held.has(entryKeyOf(entry));
    return isRemoved && deletion !== undefined ? [{ entry, deletion }] : [];
  });
}

export type Identity = Pick<ReportedEntry, 'name' | 'type' | 'setIdentifier' | 'value'>;

/** What makes an entry the one and only of a report: its set, and its value in it. */
export function entryKeyOf(entry: Identity): string {
  return entryKey({ recordSet: setOf(entry), value: entry.value });
}

function setOf({ name, type, setIdentifier }: Identity) {
  return { Name: name, Type: type, SetIdentifier: setIdentifier };
}
