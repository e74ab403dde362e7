import type { Clock } from '../model/clock.ts';

/** How long to wait before an attempt is made again. */
export interface BackOff {
  /** The longest wait before the second attempt; it doubles with each one after. */
  readonly baseMs: number;
  readonly maxMs: number;
}

/** What ends a wait early: the abort of the signal, or the deadline in epoch milliseconds. */
export interface BackOffBounds {
  readonly clock: Clock;
  readonly signal: AbortSignal | undefined;
  readonly deadline: number;
}

/**
 * Waits before attempt `attempt` (the first is 0), with exponential backoff and full jitter. Never beyond
 * the deadline: nothing would be sent after it, but the run would wait all the same.
 */
export async function backOff(
  attempt: number,
  { baseMs, maxMs }: BackOff,
  { clock, signal, deadline }: BackOffBounds,
): Promise<void> {
  const ceiling = Math.min(maxMs, baseMs * 2 ** (attempt - 1));
  const left = Math.max(0, deadline - clock.now());
  try {
    await clock.sleep(Math.min(clock.random() * ceiling, left), signal);
  } catch (error) {
    if (!signal?.aborted) throw error;
  }
}
