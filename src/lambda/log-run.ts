import type { Logger } from '@aws-lambda-powertools/logger';
import { type ChangeGroup, createdSets, takenSets } from '../model/change.ts';
import { kindIn, reportOutcome } from '../report/build-report.ts';
import type { Report } from '../report/report-schema.ts';
import type { RunResult } from '../run/run.ts';
import type { RunRecord } from '../worker.ts';
import { type LogMessage, writeRecord } from './log-records.ts';

/** Writes the records of one run: the run itself, then each change, each held-back entry, and each task that may be stopped. */
export function logRun(logger: Logger, { result, report }: RunRecord, allowedMs: number): void {
  const { mode, zone, summary, durationMs, probes, awsCalls, awsThrottled, incomplete, notices } = report;
  const { networkSelfTest } = report;
  const warnings = notices.filter(({ subject }) => subject === 'worker').map(({ detail }) => detail);
  writeRecord(logger, 'run', {
    runId: report.runId,
    mode,
    zone: zone.id,
    zoneName: zone.name,
    summary,
    durationMs,
    allowedMs,
    probes,
    awsCalls,
    awsThrottled,
    incomplete,
    notices: notices.length,
    // A plan has no such warnings, so that they could not be looked up there.
    warnings: warnings.length === 0 ? undefined : warnings,
    networkSelfTest,
  });
  for (const group of result.plan.groups) logGroup(logger, group, result);
  for (const { evidence: _, ...item } of report.withheld)
    writeRecord(logger, 'withheld', { zone: zone.id, ...item });
  for (const held of report.heldBack) writeRecord(logger, 'held back', { zone: zone.id, ...held });
  for (const { service: ecsService, ...stop } of report.stopped)
    writeRecord(logger, STOP_MESSAGES[stop.status], { zone: zone.id, ecsService, ...stop });
}

const STOP_MESSAGES = {
  stopped: 'task stopped',
  planned: 'task waits',
  waiting: 'task waits',
  failed: 'task not stopped',
} as const satisfies Record<Report['stopped'][number]['status'], LogMessage>;

const TAKEN_MESSAGES = {
  applied: 'removed',
  planned: 'planned',
  conflict: 'not removed',
  failed: 'not removed',
} as const satisfies Record<Report['changes'][number]['status'], LogMessage>;

const WRITTEN_MESSAGES = {
  planned: 'to register',
  conflict: 'not registered',
  failed: 'not registered',
} as const;

/** What the journal tells of the group, with its outcome; then what was not there, or is there in another form. */
function logGroup(logger: Logger, group: ChangeGroup, { zone, outcomes }: RunResult): void {
  const outcome = reportOutcome(outcomes?.get(group.key));
  const rest = { reasons: group.reasons, ...outcome };
  for (const { recordSet, other: replacedBy } of takenSets(group))
    writeRecord(logger, TAKEN_MESSAGES[outcome.status], { zone: zone.id, recordSet, replacedBy, ...rest });
  const kindOf = kindIn(group);
  for (const recordSet of createdSets(group)) {
    const kind = kindOf({ action: 'CREATE', recordSet });
    if (kind === 'removal') continue;
    const applied = kind === 'rewrite' ? 'rewritten' : 'registered';
    const message = outcome.status === 'applied' ? applied : WRITTEN_MESSAGES[outcome.status];
    writeRecord(logger, message, { zone: zone.id, recordSet, ...rest });
  }
}
