import { MAX_DURATION_MS } from '../model/duration.ts';
import type { SendContext } from './send-batch.ts';

/** How long a run that is over may still look at what became of its changes. */
const LOOK_MS = 8_000;

export interface LookBounds {
  readonly signal: AbortSignal;
  /** Lets go of what the signal depends on. */
  release(): void;
}

/**
 * A signal that aborts so long after the run was stopped, or after its deadline. What is looked at is a service, so this is the time of the machine, whatever clock the run has.
 */
export function lookBounds({
  clock,
  signal,
  deadline,
}: Pick<SendContext, 'clock' | 'signal' | 'deadline'>): LookBounds {
  const control = new AbortController();
  const timers: NodeJS.Timeout[] = [];
  const abortAfter = (ms: number) => {
    const reason = () => control.abort(new Error('there was no answer, and no time to wait for one'));
    timers.push(setTimeout(reason, ms));
  };
  const onStop = () => abortAfter(LOOK_MS);
  const leftMs = (deadline ?? Number.POSITIVE_INFINITY) - clock.now();
  if (Number.isFinite(leftMs)) abortAfter(Math.min(Math.max(0, leftMs), MAX_DURATION_MS) + LOOK_MS);
  if (signal?.aborted) onStop();
  signal?.addEventListener('abort', onStop, { once: true });
  return {
    signal: control.signal,
    release: () => {
      for (const timer of timers) clearTimeout(timer);
      signal?.removeEventListener('abort', onStop);
    },
  };
}
