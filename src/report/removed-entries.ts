import { isRemovableVerdict } from '../model/verdict.ts';
import type { Report } from './report-schema.ts';

export type ReportedEntry = Report['entries'][number];
export type ReportedChange = Report['changes'][number];

/** An entry that is to go, or has gone, with the deletion of its set. */
export interface RemovedEntry {
  readonly entry: ReportedEntry;
  readonly deletion: ReportedChange;
}

/** What a report removes: stale and unhealthy entries that are not held back, in the order of the zone. */
export function removedEntries({ entries, heldBack, changes }: Report): readonly RemovedEntry[] {
  const held = new Set(heldBack.map(entryKeyOf));
  const deletions = new Map(
    changes.filter(({ action }) => action === 'DELETE').map((change) => [setKeyOf(change.recordSet), change]),
  );
  return entries.flatMap((entry) => {
    const isGoing = isRemovableVerdict(entry.verdict);
    const deletion = deletions.get(keyOf(entry));
    const isRemoved = isGoing && !held.has(entryKeyOf(entry));
    return isRemoved && deletion !== undefined ? [{ entry, deletion }] : [];
  });
}

/** What makes an entry the one and only of a report: its set, and its value in it. */
export function entryKeyOf(entry: Pick<ReportedEntry, 'name' | 'type' | 'setIdentifier' | 'value'>): string {
  return `${keyOf(entry)} ${entry.value}`;
}

function keyOf({
  name,
  type,
  setIdentifier,
}: Pick<ReportedEntry, 'name' | 'type' | 'setIdentifier'>): string {
  return `${name} ${type} ${setIdentifier ?? ''}`;
}

function setKeyOf({ Name, Type, SetIdentifier }: ReportedChange['recordSet']): string {
  return `${Name} ${Type} ${SetIdentifier ?? ''}`;
}
