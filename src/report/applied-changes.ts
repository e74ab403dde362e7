import { type RemovedEntry, removedEntries } from './removed-entries.ts';
import type { Report } from './report-schema.ts';

/** The entries that a run has removed. */
export function appliedRemovals(report: Report): readonly RemovedEntry[] {
  return removedEntries(report).filter(({ deletion }) => deletion.status === 'applied');
}

/** The record sets that a run has written; what stays of a set that loses a value is none of them. */
export function appliedRegistrations({ changes }: Pick<Report, 'changes'>): Report['changes'] {
  return changes.filter(
    ({ action, kind, status }) => action === 'CREATE' && kind !== 'removal' && status === 'applied',
  );
}
