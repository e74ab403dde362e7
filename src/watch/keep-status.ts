import type { Clock } from '../model/clock.ts';
import { oneLine } from '../model/one-line.ts';
import { RunError } from '../model/run-error.ts';
import { appliedRegistrations, appliedRemovals } from '../report/applied-changes.ts';
import type { Report } from '../report/report-schema.ts';
import type { FollowEvent } from './follow-events.ts';
import type { WatchEvent } from './watch-event.ts';

/** How a run that is over has ended. Times in epoch milliseconds. */
export interface EndedRun {
  readonly endedAt: number;
  readonly result: 'good' | 'failed' | 'stopped';
  /** What went wrong, in one line. */
  readonly problem: string | undefined;
  /** There where the run came to a report. */
  readonly counts:
    | (Report['summary'] & { readonly durationMs: number; readonly awsCalls: number })
    | undefined;
}

/** What came of events that were taken together. */
export interface FollowedEvents {
  readonly at: number;
  readonly messages: number;
  readonly ignored: number;
  /** How many tasks and hosts they named. */
  readonly scopes: number;
  readonly applied: number;
  /** Changes that another look, run or tool was first with. */
  readonly alreadyDone: number;
  /** Changes that were in conflict or failed. */
  readonly unapplied: number;
  readonly durationMs: number | undefined;
  readonly problem: string | undefined;
}

/** Entries, or record sets, that looks of events have changed. */
export interface EventTotals {
  readonly removals: number;
  readonly registrations: number;
}

/** What is known of a watch, the newest first. */
export interface WatchStatus {
  readonly startedAt: number;
  /** When the next run is due; in the past while one is under way. */
  readonly nextRunAt: number | undefined;
  readonly report: Report | undefined;
  readonly runs: readonly EndedRun[];
  readonly events: readonly FollowedEvents[];
  /** Since the start. */
  readonly totals: {
    readonly runs: Readonly<Record<EndedRun['result'], number>>;
    readonly skipped: number;
    readonly messages: number;
    /** What looks of events have done; the last report has none of it. */
    readonly byEvents: EventTotals;
    readonly awsCalls: Readonly<Record<string, number>>;
    readonly awsThrottled: number;
  };
}

/** So many runs and groups of events are kept; of reports it is the last one. */
const KEPT = 20;

/** Keeps what the status page tells, in bounded memory. */
export function keepStatus(clock: Clock) {
  const runs = ring<EndedRun>();
  const events = ring<FollowedEvents>();
  const startedAt = clock.now();
  const awsCalls = new Map<string, number>();
  const counts = { good: 0, failed: 0, stopped: 0 };
  const byEvents = { removals: 0, registrations: 0 };
  let [awsThrottled, skipped, messages] = [0, 0, 0];
  let report: Report | undefined;
  let nextRunAt: number | undefined;
  const count = (calls: Pick<Report, 'awsCalls' | 'awsThrottled'>) => {
    for (const [name, sent] of Object.entries(calls.awsCalls))
      awsCalls.set(name, (awsCalls.get(name) ?? 0) + sent);
    awsThrottled += calls.awsThrottled;
  };
  return {
    observe: (event: WatchEvent): void => {
      if (event.kind === 'skipped') {
        skipped += event.ticks;
        return;
      }
      const run = endedRun(event, clock.now());
      runs.add(run);
      counts[run.result] += 1;
      const its = event.kind === 'failed' ? undefined : event.run?.report;
      if (its === undefined) return;
      report = its;
      count(its);
    },
    observeEvents: (event: FollowEvent): void => {
      events.add(followedEvents(event, clock.now()));
      if (event.kind === 'failed') return;
      messages += event.messages;
      count(event.record.calls);
      for (const { report: its } of event.record.runs) {
        byEvents.removals += appliedRemovals(its).length;
        byEvents.registrations += appliedRegistrations(its).length;
      }
    },
    scheduled: (at: number): void => {
      nextRunAt = at;
    },
    read: (): WatchStatus => ({
      startedAt,
      nextRunAt,
      report,
      runs: runs.read(),
      events: events.read(),
      totals: {
        runs: { ...counts },
        skipped,
        messages,
        byEvents: { ...byEvents },
        awsCalls: Object.fromEntries(awsCalls),
        awsThrottled,
      },
    }),
  };
}

/** The last few of what is added, the newest first. */
function ring<T>() {
  let kept: readonly T[] = [];
  return {
    add: (one: T): void => {
      kept = [one, ...kept].slice(0, KEPT);
    },
    read: () => kept,
  };
}

function endedRun(event: Exclude<WatchEvent, { kind: 'skipped' }>, endedAt: number): EndedRun {
  switch (event.kind) {
    case 'reported': {
      const { run, warning: problem } = event;
      return {
        endedAt,
        result: problem === undefined ? 'good' : 'failed',
        problem,
        counts: countsOf(run.report),
      };
    }
    case 'failed':
      return { endedAt, result: 'failed', problem: problemOf(event.error), counts: undefined };
    case 'stopped':
      return {
        endedAt,
        result: 'stopped',
        problem: undefined,
        counts: event.run && countsOf(event.run.report),
      };
  }
}

function countsOf({ summary, durationMs, awsCalls }: Report): EndedRun['counts'] {
  return { ...summary, durationMs, awsCalls: Object.values(awsCalls).reduce((sum, sent) => sum + sent, 0) };
}

function followedEvents(event: FollowEvent, at: number): FollowedEvents {
  if (event.kind === 'failed') {
    return {
      at,
      messages: 0,
      ignored: 0,
      scopes: 0,
      applied: 0,
      alreadyDone: 0,
      unapplied: 0,
      durationMs: undefined,
      problem: problemOf(event.error),
    };
  }
  const { messages, ignored, scopes, record, durationMs, failure } = event;
  const changes = record.runs.flatMap(({ report }) => report.changes);
  const applied = changes.filter(({ status }) => status === 'applied').length;
  const alreadyDone = changes.filter(({ status }) => status === 'already-done').length;
  const unapplied = changes.filter(({ status }) => status === 'conflict' || status === 'failed').length;
  const problem = failure?.detail;
  const counts = { messages, ignored, scopes: scopes.length, applied, alreadyDone, unapplied };
  return { at, ...counts, durationMs, problem };
}

function problemOf(error: unknown): string {
  return error instanceof RunError ? error.message : `unexpected error: ${oneLine(error)}`;
}
