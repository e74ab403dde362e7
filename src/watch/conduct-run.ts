import type { Clock } from '../model/clock.ts';
import { inTime } from '../run/in-time.ts';
import { runFailure } from '../run/run.ts';
import type { Worker } from '../worker.ts';
import type { Liveness } from './liveness.ts';
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
  /** Epoch milliseconds until which slow endpoints are waited for, the next run is told how they are; as long as it takes unless given. */
  readonly waitUntil?: number | undefined;
  /** After how long a run is told to stop that still reads, which heeds no deadline. */
  readonly timeoutMs: number;
  /** Told of every run while it is under way, even of one that was given up. */
  readonly liveness: Pick<Liveness, 'begin'>;
}

/**
 * Runs `apply` once. The run is told to stop when its time is up, or when the grace time after `stop` is over;
 * either way it is waited for as long as a batch of changes under way may need.
 */
export async function conductRun(worker: Pick<Worker, 'run'>, bounds: RunBounds): Promise<RunEnd> {
  const { clock, allowedMs, waitUntil, timeoutMs, liveness } = bounds;
  const grace = startGrace(bounds);
  try {
    const run = await inTime({ clock, timeoutMs, signal: grace.over }, ({ signal, deadline, onStep }) => {
      const ended = liveness.begin(clock.now(), timeoutMs);
      const running = worker.run({
        mode: 'apply',
        force: false,
        all: false,
        approve: async () => true,
        inParts: true,
        waitUntil,
        signal,
        deadline: Math.min(deadline, clock.now() + allowedMs),
        onStep,
      });
      return running.finally(ended);
    });
    return grace.over.aborted
      ? { kind: 'stopped', run }
      : { kind: 'reported', run, warning: runFailure(run.result)?.detail };
  } catch (error) {
    return grace.over.aborted ? { kind: 'stopped', run: undefined } : { kind: 'failed', error };
  } finally {
    grace.end();
  }
}

/** `over` aborts once the watch is to end and the grace time has passed. */
function startGrace({ clock, stop, graceMs }: Pick<RunBounds, 'clock' | 'stop' | 'graceMs'>) {
  const [control, ended] = [new AbortController(), new AbortController()];
  const onStop = () => {
    clock.sleep(graceMs, ended.signal).then(
      () => control.abort(new Error('the watch is over')),
      () => {},
    );
  };
  stop.addEventListener('abort', onStop, { once: true });
  return {
    over: control.signal,
    end: () => {
      stop.removeEventListener('abort', onStop);
      ended.abort();
    },
  };
}
