import { MAX_DURATION_MS } from '../model/duration.ts';
import type { Worker } from '../worker.ts';
import { conductRun, type RunBounds, type RunEnd } from './conduct-run.ts';
import type { Schedule } from './schedule.ts';
import type { ReportedRun, WatchEvent } from './watch-event.ts';

export interface WatchOptions extends Omit<RunBounds, 'allowedMs' | 'waitUntil'> {
  /** One worker for all runs: its clients and task definitions stay warm. */
  readonly worker: Pick<Worker, 'run'>;
  readonly schedule: Schedule;
  readonly observe: (event: WatchEvent) => void;
  /** Told when the next run begins, in epoch milliseconds. */
  readonly scheduled?: ((at: number) => void) | undefined;
}

/** The jitter keeps workers that were started together from asking AWS in step. */
const JITTER_SHARE = 0.1;
const MAX_JITTER_MS = 30_000;

/** Less is too short for hanging endpoints to be found out. */
const MIN_ALLOWED_MS = 60_000;

/** For so much of the time until the next run, slow endpoints are waited for: they hold up none. */
const WAITING_SHARE = 0.7;

/** So many runs in a row may fail to appear before what is known counts as old. */
const FRESH_TICKS = 3;

/**
 * Runs `apply` again and again until `stop` aborts; resolves once the last run is over. Runs never
 * overlap: what becomes due during a run is skipped. A run may take until the next one is due, but at
 * least a minute, and never longer than its timeout. A run that fails is told to `observe`, and the watch goes on.
 */
export async function runWatch(options: WatchOptions): Promise<void> {
  const { schedule, clock, observe } = options;
  let due = schedule.first(clock.now());
  let delayMs = due <= clock.now() ? 0 : jitter(due, options);
  let reportedAt: number | undefined;
  options.scheduled?.(due + delayMs);
  while (await arrives(due + delayMs, options)) {
    const startedAt = clock.now();
    const next = schedule.next(due, startedAt);
    const allowedMs = Math.min(Math.max(next - startedAt, MIN_ALLOWED_MS), options.timeoutMs);
    const waitUntil = startedAt + WAITING_SHARE * (next - startedAt);
    const end = await conductRun(options.worker, { ...options, allowedMs, waitUntil });
    const sinceMs = reportedAt === undefined ? next - due : startedAt - reportedAt;
    // A clock that was set back must not make it negative.
    observe(eventOf(end, { due, sinceMs: Math.max(0, sinceMs), allowedMs }, options));
    if (end.kind === 'reported') reportedAt = startedAt;
    due = skipMissed(next, options);
    delayMs = jitter(due, options);
    options.scheduled?.(due + delayMs);
  }
}

/** Waits until `time`; false as soon as the watch is over. */
async function arrives(time: number, { clock, stop }: WatchOptions): Promise<boolean> {
  try {
    for (let left = time - clock.now(); left > 0; left -= MAX_DURATION_MS) {
      await clock.sleep(Math.min(left, MAX_DURATION_MS), stop);
    }
  } catch (error) {
    if (!stop.aborted) throw error;
  }
  return !stop.aborted;
}

function jitter(due: number, { schedule, clock }: WatchOptions): number {
  const intervalMs = schedule.next(due, due) - due;
  return clock.random() * Math.min(JITTER_SHARE * intervalMs, MAX_JITTER_MS);
}

/** The first time that is still to come, from `due` on. */
function skipMissed(due: number, { schedule, clock, stop, observe }: WatchOptions): number {
  const now = clock.now();
  let [upcoming, ticks] = [due, 0];
  for (; upcoming < now; ticks++) upcoming = schedule.next(upcoming, now);
  if (ticks > 0 && !stop.aborted) observe({ kind: 'skipped', ticks });
  return upcoming;
}

function eventOf(
  end: RunEnd,
  { due, ...measures }: { readonly due: number } & Pick<ReportedRun, 'sinceMs' | 'allowedMs'>,
  { schedule, clock }: WatchOptions,
): WatchEvent {
  if (end.kind !== 'reported') return end;
  const finishedAt = clock.now();
  let last = due;
  for (let i = 0; i < FRESH_TICKS; i++) last = schedule.next(last, last);
  const freshUntil = Math.max(last, finishedAt + FRESH_TICKS * MIN_ALLOWED_MS);
  return { ...end, ...measures, finishedAt, freshUntil };
}
