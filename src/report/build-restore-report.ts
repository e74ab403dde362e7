import { outcomeKey, type ParsedJournal } from '../model/removal.ts';
import type { Zone } from '../model/zone.ts';
import type { Restoration } from '../plan/restore.ts';
import type { RestoreResult } from '../run/run.ts';
import { reportOutcome, valuesLast } from './build-report.ts';
import { CHANGE_STATUSES, countEach, type DocumentOptions, headOf } from './document.ts';
import { RESTORE_STATES, type RestoreReport } from './restore-report-schema.ts';
import { plural } from './sections.ts';

export interface RestoreReportOptions extends DocumentOptions {
  readonly journal: ParsedJournal;
  readonly dryRun: boolean;
}

/** The report of a restoring, one set after the other in the order of their keys. */
export function buildRestoreReport(result: RestoreResult, options: RestoreReportOptions): RestoreReport {
  const { zone, plan } = result;
  const { journal, dryRun } = options;
  const notices = noticesOf(journal, zone).map((detail) => ({ subject: 'journal', detail }));
  const sets = plan.restorations.map((one) => reportSet(one, result, journal));
  const counts = countEach(CHANGE_STATUSES, sets, 'status');
  return {
    ...headOf({ ...result, mode: 'restore', readings: {}, notices }, options),
    dryRun,
    zone: { id: zone.id, name: zone.name },
    summary: {
      sets: sets.length,
      ...countEach(RESTORE_STATES, sets, 'state'),
      restored: counts.applied,
      alreadyDone: counts['already-done'],
      conflicts: counts.conflict,
      failed: counts.failed,
    },
    sets,
  };
}

function reportSet(
  { key, state, objection, recordSet, there, reasons, removedAt }: Restoration,
  { zone, outcomes }: RestoreResult,
  journal: ParsedJournal,
): RestoreReport['sets'][number] {
  const removal = journal.outcomes.get(outcomeKey(zone.id, key));
  return {
    state,
    recordSet: valuesLast(recordSet),
    there: there && valuesLast(there),
    reasons: [...reasons],
    removedAt: new Date(removedAt).toISOString(),
    removal: removal && { status: removal.status, detail: removal.detail },
    ...(state === 'missing' || state === 'reduced' ? reportOutcome(outcomes?.get(key)) : {}),
    ...(objection === undefined ? {} : { detail: objection }),
  };
}

function noticesOf({ tornLine, removals }: ParsedJournal, zone: Zone): readonly string[] {
  const others = removals.filter((removal) => removal.zone.id !== zone.id);
  const ids = [...new Set(others.map((removal) => removal.zone.id))];
  const torn = `line ${tornLine} of the journal, its last one, is cut off: what it was to tell is not known`;
  const elsewhere = `the journal holds ${plural(others.length, 'removal', 'removals')} from other zones: restore ${ids.join(', ')} by itself`;
  return [...(tornLine === undefined ? [] : [torn]), ...(others.length === 0 ? [] : [elsewhere])];
}
