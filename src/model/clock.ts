/** Time as the run sees it, so that a simulation can bring its own. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Resolves after `ms`; rejects with the signal's reason as soon as it aborts. */
  sleep(ms: number, signal: AbortSignal | undefined): Promise<void>;
  /** A number in [0, 1), for jitter. */
  random(): number;
}
