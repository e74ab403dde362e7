import type { Clock } from '../model/clock.ts';
import { formatDuration } from '../model/duration.ts';
import { RunError } from '../model/run-error.ts';
import { timeLimits } from './time-limits.ts';

/** How long a piece of work may take, and what ends it earlier. */
export interface WorkBounds {
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** How long work that was told to stop is waited for; as long as it may need unless given. */
  readonly overtimeMs?: number;
}

/** What the work is given. */
export interface TimedConduct {
  /** Aborts when the time is up, with a `RunError` that says what was under way, or with the signal of the bounds. */
  readonly signal: AbortSignal;
  /** Epoch milliseconds after which nothing new is sent; later after every question. */
  readonly deadline: number;
  /** To be told what the work waits for, whenever that changes. */
  readonly onStep: (step: string) => void;
  /** Lets the time stand still during a question to an operator. */
  readonly untimed: <T>(ask: () => Promise<T>) => Promise<T>;
  /** The error of work that has come to its deadline; `undefined` before. */
  readonly timedOut: () => RunError | undefined;
}

/** A request under way may take 30 seconds, and the look at what became of it 8. docs/container.md has the sum. */
const OVERTIME_MS = 39_000;

/**
 * Bounds a piece of work. When its time is up, or the signal aborts, it is told to stop and waited for, because
 * changes under way have to be whole, and reported; work that does not stop then is given up. Throws the reason of
 * the abort, unless the work itself comes to a result.
 */
export async function inTime<T>(bounds: WorkBounds, work: (conduct: TimedConduct) => Promise<T>): Promise<T> {
  const { clock, timeoutMs, signal: outer, overtimeMs = OVERTIME_MS } = bounds;
  const [control, ended] = [new AbortController(), new AbortController()];
  const time = startTimer(timeoutMs, clock);
  let step = 'starting';
  const timeout = () => new RunError('timeout', timeoutMessage(timeoutMs, step));
  const conduct: TimedConduct = {
    signal: control.signal,
    get deadline() {
      return time.deadline();
    },
    onStep: (now) => {
      step = now;
    },
    untimed: time.untimed,
    timedOut: () => (time.isOver() ? timeout() : undefined),
  };
  const givenUp = aborted(control.signal).then(async () => {
    await clock.sleep(overtimeMs, ended.signal);
    throw control.signal.reason;
  });
  const onAbort = () => control.abort(outer.reason);
  outer.addEventListener('abort', onAbort, { once: true });
  if (outer.aborted) onAbort();
  time.end(ended.signal).then(() => control.abort(timeout()), ignore);
  try {
    return await Promise.race([work(conduct), givenUp]);
  } catch (error) {
    throw control.signal.aborted ? control.signal.reason : error;
  } finally {
    outer.removeEventListener('abort', onAbort);
    ended.abort();
  }
}

/** The wait was for work that has ended. */
const ignore = () => {};

function timeoutMessage(timeoutMs: number, step: string): string {
  const advice = 'see what does not answer, or give it more time with --timeout';
  return `timeout: it was given up after ${formatDuration(timeoutMs)}, while ${step}: ${advice}`;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** The time of one piece of work, which stands still during questions. */
function startTimer(timeoutMs: number, clock: Clock) {
  const startedAt = clock.now();
  const { deadline } = timeLimits(startedAt, timeoutMs);
  let askedMs = 0;
  let question: Promise<unknown> = Promise.resolve();
  return {
    deadline: () => deadline + askedMs,
    isOver: () => clock.now() >= deadline + askedMs,
    untimed: async <T>(ask: () => Promise<T>): Promise<T> => {
      const askedAt = clock.now();
      const answer = ask().finally(() => {
        askedMs += clock.now() - askedAt;
      });
      question = answer.catch(ignore);
      return answer;
    },
    /** Resolves when the time is up; rejects when the wait is aborted. */
    end: async (signal: AbortSignal) => {
      for (let left = timeoutMs; left > 0; left = startedAt + timeoutMs + askedMs - clock.now()) {
        await clock.sleep(left, signal);
        await question;
      }
    },
  };
}
