import { type ChangeGroup, createdSets, takenSets } from '../model/change.ts';
import type { LogLevel } from '../model/log-level.ts';
import { kindIn, reportOutcome } from '../report/build-report.ts';
import type { Report } from '../report/report-schema.ts';
import type { RunResult } from '../run/run.ts';
import type { Log, LogContext } from './log.ts';
import type { LogFields, LogMessage } from './log-records.ts';

/** A run with its report. */
export interface LoggedRun {
  readonly result: RunResult;
  readonly report: Report;
}

/** What all records of a run say of it. */
export function contextOf({ result, report: { runId, zone } }: LoggedRun): LogContext {
  const { clusters, region } = result.inventory;
  const account = clusters.find((cluster) => cluster.account !== undefined)?.account;
  return { runId, ...(account === undefined ? {} : { account }), region, zone: zone.id, zoneName: zone.name };
}

/** Writes all records of a run: the run itself, each change, and all that is withheld, held back or may be stopped. */
export function logRun(given: Log, run: LoggedRun, allowedMs: number): void {
  const { withheld, heldBack, stopped } = run.report;
  const log = given.about(contextOf(run));
  log.write('run', fieldsOfRun(run, { allowedMs }));
  logChanges(log, run.result, 'info');
  for (const { evidence: _, ...item } of withheld) log.write('withheld', item);
  for (const held of heldBack) log.write('held back', held);
  for (const stop of stopped) logStop(log, stop);
}

/** What one record tells of a run. */
export function fieldsOfRun(
  { report }: LoggedRun,
  { allowedMs, unchanged }: Pick<LogFields<'run'>, 'allowedMs' | 'unchanged'>,
): LogFields<'run'> {
  const { mode, summary, durationMs, probes, awsCalls, awsThrottled, incomplete, notices } = report;
  const warnings = notices.filter(({ subject }) => subject === 'worker').map(({ detail }) => detail);
  return {
    mode,
    summary,
    unchanged,
    durationMs,
    allowedMs,
    probes,
    awsCalls,
    awsThrottled,
    incomplete,
    notices: notices.length,
    // A plan has no such warnings, so that they could not be looked up there.
    warnings: warnings.length === 0 ? undefined : warnings,
    networkSelfTest: report.networkSelfTest,
  };
}

const STOP_MESSAGES = {
  stopped: 'task stopped',
  planned: 'task waits',
  waiting: 'task waits',
  failed: 'task not stopped',
} as const satisfies Record<Report['stopped'][number]['status'], LogMessage>;

export function logStop(
  log: Log,
  { service: ecsService, ...stop }: Report['stopped'][number],
  level?: LogLevel,
): void {
  log.write(STOP_MESSAGES[stop.status], { ecsService, ...stop }, level);
}

const TAKEN_MESSAGES = {
  applied: 'removed',
  'already-done': 'already gone',
  planned: 'planned',
  conflict: 'not removed',
  failed: 'not removed',
} as const satisfies Record<Report['changes'][number]['status'], LogMessage>;

const WRITTEN_MESSAGES = {
  'already-done': 'already there',
  planned: 'to register',
  conflict: 'not registered',
  failed: 'not registered',
} as const;

/** How many changes of some runs were done before. */
export function alreadyDoneIn(runs: readonly Pick<LoggedRun, 'report'>[]): number {
  return runs.reduce((sum, { report }) => sum + report.summary.alreadyDone, 0);
}

/**
 * Of each group what the journal tells, with its outcome; then what was not there, or is there in another form. What was
 * done before is a number in the record in front of it, and told in full at DEBUG; but a log that is the journal has all
 * that was to go.
 */
export function logChanges(log: Log, { plan, outcomes }: RunResult, alreadyGone: LogLevel = 'debug'): void {
  for (const group of plan.groups) logGroup(log, group, reportOutcome(outcomes?.get(group.key)), alreadyGone);
}

function logGroup(
  log: Log,
  group: ChangeGroup,
  outcome: ReturnType<typeof reportOutcome>,
  alreadyGone: LogLevel,
): void {
  const rest = { reasons: group.reasons, ...outcome };
  const takenLevel = outcome.status === 'already-done' ? alreadyGone : undefined;
  for (const { recordSet, other: replacedBy } of takenSets(group))
    log.write(TAKEN_MESSAGES[outcome.status], { recordSet, replacedBy, ...rest }, takenLevel);
  const kindOf = kindIn(group);
  for (const recordSet of createdSets(group)) {
    const kind = kindOf({ action: 'CREATE', recordSet });
    if (kind === 'removal') continue;
    const applied = kind === 'rewrite' ? 'rewritten' : 'registered';
    const message = outcome.status === 'applied' ? applied : WRITTEN_MESSAGES[outcome.status];
    log.write(message, { recordSet, ...rest });
  }
}
