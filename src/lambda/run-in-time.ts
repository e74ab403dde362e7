import type { RunMode } from '../report/report-schema.ts';
import type { TimeLimits } from '../run/time-limits.ts';
import type { RunRecord, Worker } from '../worker.ts';
import { InvocationError } from './invocation-error.ts';

/**
 * One run within the limits. It is stopped first, and given up when that does not end it either: the
 * SDK's own pauses between attempts heed no signal. Throws an `InvocationError` in both cases, unless
 * the run can still tell what it has done. `onGivenUp` is called when what the run waits for is still
 * under way; it starts nothing new any more.
 */
export async function runInTime(
  worker: Pick<Worker, 'run'>,
  mode: RunMode,
  { deadline, stopAfterMs, giveUpAfterMs }: TimeLimits,
  onGivenUp: () => void,
): Promise<RunRecord> {
  const stop = new AbortController();
  const stopTimer = setTimeout(() => stop.abort(outOfTime(stopAfterMs)), stopAfterMs);
  let giveUpTimer: NodeJS.Timeout | undefined;
  const givenUp = new Promise<never>((_, reject) => {
    giveUpTimer = setTimeout(() => {
      onGivenUp();
      reject(outOfTime(giveUpAfterMs));
    }, giveUpAfterMs);
  });
  const run = worker.run({
    mode,
    force: false,
    all: false,
    approve: async () => mode === 'apply',
    signal: stop.signal,
    deadline,
  });
  try {
    return await Promise.race([run, givenUp]);
  } finally {
    clearTimeout(stopTimer);
    clearTimeout(giveUpTimer);
  }
}

function outOfTime(afterMs: number): InvocationError {
  return new InvocationError(
    'out-of-time',
    `the run did not end within ${(afterMs / 1000).toFixed(1)} s and was given up: the next one starts anew; if it happens again, give the function more time`,
  );
}
