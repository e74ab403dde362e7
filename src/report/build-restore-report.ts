import type { RestoreResult } from '../commands/restore.ts';
import type { JournalOutcome, ParsedJournal } from '../journal/parse-journal.ts';
import { outcomeKey } from '../journal/parse-journal.ts';
import type { RecordSet } from '../model/record-set.ts';
import type { Zone } from '../model/zone.ts';
import type { Restoration } from '../plan/restore.ts';
import type { RestoreReport } from './restore-report-schema.ts';

type ReportedSet = RestoreReport['sets'][number];

/** What the report of a restoring is made of, beside the restoring itself. */
export interface RestoreReportOptions {
  readonly journal: ParsedJournal;
  readonly dryRun: boolean;
  readonly awsCalls: Readonly<Record<string, number>>;
  readonly awsThrottled: number;
  /** What went wrong beside the restoring, a line each. */
  readonly warnings: readonly string[];
}

/** The report of a restoring, one set after the other in the order of their keys. */
export function buildRestoreReport(result: RestoreResult, options: RestoreReportOptions): RestoreReport {
  const { zone, plan, startedAt, finishedAt } = result;
  const { journal, dryRun, awsCalls, awsThrottled, warnings } = options;
  const sets = plan.restorations.map((one) => reportSet(one, result, journal));
  const inState = (state: string) => sets.filter((set) => set.state === state).length;
  const withStatus = (status: string) => sets.filter((set) => set.status === status).length;
  return {
    version: 1,
    mode: 'restore',
    dryRun,
    zone: { id: zone.id, name: zone.name },
    startedAt: new Date(startedAt).toISOString(),
    durationMs: Math.max(0, Math.round(finishedAt - startedAt)),
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
    notices: [...noticesOf(journal, zone), ...warnings],
    awsCalls: { ...awsCalls },
    awsThrottled,
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
    ...(removal === undefined ? {} : { removal: statusAndDetail(removal.status, removal.detail) }),
    ...(state === 'missing' || state === 'reduced' ? reportOutcome(outcomes?.get(key)) : {}),
  };
}

/** A set that was never sent is still only planned. */
function reportOutcome(outcome: JournalOutcome | undefined): Pick<ReportedSet, 'status' | 'detail'> {
  if (outcome === undefined) return { status: 'planned' };
  const { status, detail } = outcome;
  return statusAndDetail(status === 'unsent' ? 'planned' : status, detail);
}

function statusAndDetail<S extends string>(status: S, detail: string | undefined) {
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
