import type { RunRecord } from '../worker.ts';

/** A run that came to its report, and what it is measured by. Times in epoch milliseconds. */
export interface ReportedRun {
  readonly run: RunRecord;
  /** Why the run counts as failed although it has a report; one line. */
  readonly warning: string | undefined;
  /** The time since the run before that came to a report. */
  readonly sinceMs: number;
  readonly allowedMs: number;
  readonly finishedAt: number;
  /** Until when the next run should have come to its report, with time to spare. */
  readonly freshUntil: number;
  /** There where it looked at a part of the zone. */
  readonly isPartial?: boolean;
}

/** What happens in a watch, in its order. */
export type WatchEvent =
  | ({ readonly kind: 'reported' } & ReportedRun)
  /** A run that ended without a report. */
  | { readonly kind: 'failed'; readonly error: unknown }
  /** A run that was broken off because the watch is over; nothing of it was left half done. */
  | { readonly kind: 'stopped'; readonly run: RunRecord | undefined }
  /** Runs that were due while another one was under way. */
  | { readonly kind: 'skipped'; readonly ticks: number };
