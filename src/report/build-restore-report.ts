import type { RecordSet } from '../model/record-set.ts';
import { type JournalOutcome, outcomeKey, type ParsedJournal } from '../model/removal.ts';
import type { Zone } from '../model/zone.ts';
import type { Restoration } from '../plan/restore.ts';
import type { RestoreResult } from '../run/run.ts';
import { reportOutcome } from './build-report.ts';
import { type DocumentOptions, headOf } from './document.ts';
import type { RestoreReport } from './restore-report-schema.ts';

type ReportedSet = RestoreReport['sets'][number];

/** What the report of a restoring is made of, apart from the restoring itself. */
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
  const inState = (state: string) => sets.filter((set) => set.state === state).length;
  const withStatus = (status: string) => sets.filter((set) => set.status === status).length;
  return {
    ...headOf({ ...result, mode: 'restore', readings: {}, notices }, options),
    dryRun,
    zone: { id: zone.id, name: zone.name },
    summary: {
      sets: sets.length,
      missing: inState('missing'),
      reduced: inState('reduced'),
      there: inState('there'),
      changed: inState('changed'),
      restored: withStatus('applied'),
      conflicts: withStatus('conflict'),
      failed: withStatus('failed'),
    },
    sets,
  };
}

function reportSet(
  { key, state, recordSet, there, reasons, removedAt }: Restoration,
  { zone, outcomes }: RestoreResult,
  journal: ParsedJournal,
): ReportedSet {
  const removal = journal.outcomes.get(outcomeKey(zone.id, key));
  return {
    state,
    recordSet: plain(recordSet),
    ...(there === undefined ? {} : { there: plain(there) }),
    reasons: [...reasons],
    removedAt: new Date(removedAt).toISOString(),
    ...(removal === undefined ? {} : { removal: reportRemoval(removal) }),
    ...(state === 'missing' || state === 'reduced' ? reportOutcome(outcomes?.get(key)) : {}),
  };
}

function reportRemoval({ status, detail }: JournalOutcome): NonNullable<ReportedSet['removal']> {
  return { status, ...(detail === undefined ? {} : { detail }) };
}

function plain(set: RecordSet): ReportedSet['recordSet'] {
  const { ResourceRecords, ...rest } = set;
  return { ...rest, ...(ResourceRecords === undefined ? {} : { ResourceRecords: [...ResourceRecords] }) };
}

function noticesOf({ tornLine, removals }: ParsedJournal, zone: Zone): readonly string[] {
  const others = removals.filter((removal) => removal.zone.id !== zone.id);
  const ids = [...new Set(others.map((removal) => removal.zone.id))];
  return [
    ...(tornLine === undefined
      ? []
      : [`line ${tornLine} of the journal, its last one, is cut off: what it was to tell is not known`]),
    ...(others.length === 0
      ? []
      : [
          `the journal holds ${others.length} ${others.length === 1 ? 'removal' : 'removals'} from other zones: restore ${ids.join(', ')} by itself`,
        ]),
  ];
}
