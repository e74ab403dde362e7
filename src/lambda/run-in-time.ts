import { durationText } from '../model/duration.ts';
import type { RunMode } from '../report/report-schema.ts';
import type { TimeLimits } from '../run/time-limits.ts';
import type { RunRecord, Worker } from '../worker.ts';
import { InvocationError } from './invocation-error.ts';

/** What work within an invocation is given: told to stop by the signal, it starts nothing new after the deadline. */
export interface InvocationBounds {
  readonly signal: AbortSignal;
  /** Epoch milliseconds. */
  readonly deadline: number;
}

/** One run within the limits of an invocation. */
export function runInTime(
  worker: Pick<Worker, 'run'>,
  mode: RunMode,
  limits: TimeLimits,
  onGivenUp: () => void,
): Promise<RunRecord> {
  const request = { mode, force: false, all: false, approve: async () => mode === 'apply', inParts: true };
  return inInvocation(limits, onGivenUp, (bounds) => worker.run({ ...request, ...bounds }));
}

/**
 * Work within the limits of an invocation. It is stopped first, and given up when that does not end it either: the
 * SDK's own pauses between attempts heed no signal. Throws an `InvocationError` in both cases, unless
 * the work can still tell what it has done. `onGivenUp` is called when what the work waits for is still
 * under way; it starts nothing new any more.
 */
export async function inInvocation<T>(
  { deadline, stopAfterMs, giveUpAfterMs }: TimeLimits,
  onGivenUp: () => void,
  work: (bounds: InvocationBounds) => Promise<T>,
): Promise<T> {
  const stop = new AbortController();
  const stopTimer = setTimeout(() => stop.abort(outOfTime(stopAfterMs)), stopAfterMs);
  let giveUpTimer: NodeJS.Timeout | undefined;
  const givenUp = new Promise<never>((_, reject) => {
    giveUpTimer = setTimeout(() => {
      onGivenUp();
      reject(outOfTime(giveUpAfterMs));
    }, giveUpAfterMs);
  });
  try {
    return await Promise.race([work({ signal: stop.signal, deadline }), givenUp]);
  } finally {
    clearTimeout(stopTimer);
    clearTimeout(giveUpTimer);
  }
}

function outOfTime(afterMs: number): InvocationError {
  return new InvocationError(
    'out-of-time',
    `the run did not end within ${durationText(afterMs)} and was given up: the next one starts anew; if it happens again, give the function more time`,
  );
}
