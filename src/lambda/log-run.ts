import type { Logger } from '@aws-lambda-powertools/logger';
import { kindOf } from '../report/change-kind.ts';
import type { Report } from '../report/report-schema.ts';
import { type LogFields, type LogMessage, writeRecord } from './log-records.ts';

/** Writes the records of one run: the run itself, then each change, each held-back entry, and each task that may be stopped. */
export function logRun(logger: Logger, report: Report, allowedMs: number): void {
  const { mode, zone, summary, durationMs, probes, awsCalls, awsThrottled, incomplete, notices } = report;
  const warnings = notices.filter(({ subject }) => subject === 'worker').map(({ detail }) => detail);
  writeRecord(logger, 'run', {
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
    // A plan has no such warnings, so that nobody could look them up there.
    ...(warnings.length === 0 ? {} : { warnings }),
    ...(report.networkSelfTest === undefined ? {} : { networkSelfTest: report.networkSelfTest }),
  });
  for (const change of report.changes) logChange(logger, change, report);
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

type Change = Report['changes'][number];

const MESSAGES = {
  applied: 'removed',
  planned: 'planned',
  conflict: 'not removed',
  failed: 'not removed',
} as const satisfies Record<Change['status'], LogMessage>;

/** What was not there, or is there in another form; the former one is part of it, and no removal to be undone. */
function logWritten(logger: Logger, { action, recordSet, ...change }: Change, { zone }: Report): void {
  if (action === 'DELETE') return;
  const message = writtenMessage(change.status, kindOf({ action, ...change }) === 'rewrite');
  const { reasons, status, detail } = change;
  const said = detail === undefined ? {} : { detail };
  writeRecord(logger, message, { zone: zone.id, recordSet, reasons, status, ...said });
}

function writtenMessage(status: Change['status'], isRewrite: boolean) {
  if (status === 'planned') return 'to register';
  if (status !== 'applied') return 'not registered';
  return isRewrite ? 'rewritten' : 'registered';
}

/** A CREATE is the rest of the DELETE before it, and part of its record. */
function logChange(logger: Logger, change: Change, report: Report): void {
  const { zone, changes } = report;
  const isWritten = kindOf(change) !== 'removal';
  if (isWritten) logWritten(logger, change, report);
  if (isWritten || change.action === 'CREATE') return;
  const { recordSet, reasons, status, detail } = change;
  const next = changes[changes.indexOf(change) + 1];
  const fields: LogFields<'removed'> = {
    zone: zone.id,
    recordSet,
    ...(next?.action === 'CREATE' ? { replacedBy: next.recordSet } : {}),
    reasons,
    status,
    ...(detail === undefined ? {} : { detail }),
  };
  writeRecord(logger, MESSAGES[status], fields);
}
