import type { Clock } from '../model/clock.ts';
import { RunError } from '../model/run-error.ts';
import { runFailure } from '../run/run.ts';
import type { Worker } from '../worker.ts';
import type { ReportedRun, WatchEvent } from './watch-event.ts';

/** How a run ended: with a report, without one, or because the watch is over. */
export type RunEnd =
  | ({ readonly kind: 'reported' } & Pick<ReportedRun, 'run' | 'warning'>)
  | Extract<WatchEvent, { kind: 'failed' | 'stopped' }>;

export interface RunBounds {
  readonly clock: Clock;
  /** The end of the watch: from its abort on no run starts, and the one under way gets the grace time. */
  readonly stop: AbortSignal;
  /** How long the run may go on once the watch is to end. */
  readonly graceMs: number;
  /** How long the run may take; what is not done by then is left alone. */
  readonly allowedMs: number;
}

/** Reading AWS heeds no deadline; a run that is still at it after so many times its time never ends by itself. */
const HUNG_AFTER = 2;

/**
 * Runs `apply` once. The signal of the run aborts when it hangs, or when the grace time after `stop` is
 * over; either way the run is waited for, because a batch of changes under way has to be whole.
 */
export async function conductRun(worker: Pick<Worker, 'run'>, bounds: RunBounds): Promise<RunEnd> {
  const { clock, stop, graceMs, allowedMs } = bounds;
  const control = new AbortController();
  const ended = new AbortController();
  const abortAfter = (ms: number, reason: Error) => {
    // The run that ends first ends the waiting, too.
    clock.sleep(ms, ended.signal).then(
      () => control.abort(reason),
      () => {},
    );
  };
  const onStop = () => abortAfter(graceMs, new Error('the watch is over'));
  stop.addEventListener('abort', onStop, { once: true });
  const hungMs = HUNG_AFTER * allowedMs;
  const hung = `it was stopped after ${Math.round(hungMs / 1000)} s: AWS answered too slowly, or not at all`;
  abortAfter(hungMs, new RunError('aws', hung));
  const isCutShort = () => stop.aborted && control.signal.aborted;
  try {
    const run = await worker.run({
      mode: 'apply',
      force: false,
      all: false,
      approve: async () => true,
      signal: control.signal,
      deadline: clock.now() + allowedMs,
    });
    return isCutShort()
      ? { kind: 'stopped', run }
      : { kind: 'reported', run, warning: runFailure(run.result)?.detail };
  } catch (error) {
    if (isCutShort()) return { kind: 'stopped', run: undefined };
    return { kind: 'failed', error: control.signal.aborted ? control.signal.reason : error };
  } finally {
    stop.removeEventListener('abort', onStop);
    ended.abort();
  }
}
