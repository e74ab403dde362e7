export interface TimeLimits {
  /** How long the run may take, in milliseconds. */
  readonly allowedMs: number;
  /** Epoch milliseconds after which the run starts nothing new. */
  readonly deadline: number;
  /** Milliseconds from now after which the run is told to stop. */
  readonly stopAfterMs: number;
  /** Milliseconds from now after which a run that has not stopped is given up. */
  readonly giveUpAfterMs: number;
}

/** What lies behind the deadline: time for the answer to the last change batch, and for the logs. */
const FOR_ANSWERS = { share: 0.2, maxMs: 5_000 };
/** Behind the stop: time for a run that heeds it to tell what it has done. */
const FOR_STOPPING = { share: 0.1, maxMs: 1_000 };
/** Behind giving up: time to say that it came to that. */
const FOR_FAREWELL = { share: 0.05, maxMs: 500 };

/** Divides what is left of an invocation; with little time each part shrinks with it. `now` in epoch milliseconds. */
export function timeLimits(now: number, remainingMs: number): TimeLimits {
  const without = ({ share, maxMs }: typeof FOR_ANSWERS) =>
    remainingMs - Math.min(maxMs, remainingMs * share);
  const allowedMs = without(FOR_ANSWERS);
  return {
    allowedMs,
    deadline: now + allowedMs,
    stopAfterMs: without(FOR_STOPPING),
    giveUpAfterMs: without(FOR_FAREWELL),
  };
}
