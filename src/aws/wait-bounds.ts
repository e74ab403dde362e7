import type { HandlerExecutionContext } from '@smithy/types';
import type { Clock } from '../model/clock.ts';
import type { AnyPluggable } from './call-counter.ts';

/** How long a request may wait for its turn. Once it is sent, it is waited for whatever happens. */
export interface WaitBounds {
  readonly signal: AbortSignal | undefined;
  /** Epoch milliseconds after which it is not sent any more. */
  readonly deadline: number;
}

/** The request was given up while it waited for its turn: it was surely not sent. */
export class NotSentError extends Error {
  override readonly name = 'NotSentError';

  constructor(cause: unknown) {
    super('not sent: there was no time left to wait for a turn', { cause });
  }
}

const KEY = 'ecsDnsWaitBounds';

export function boundWait(bounds: WaitBounds): AnyPluggable {
  return {
    applyToStack: (stack) =>
      stack.add(
        (next, context) => (args) => {
          context[KEY] = bounds;
          return next(args);
        },
        { step: 'initialize', name: 'waitBounds' },
      ),
  };
}

export function waitBoundsOf(context: HandlerExecutionContext): WaitBounds | undefined {
  return context[KEY] as WaitBounds | undefined;
}

/** How long to wait before an attempt is made again. */
export interface BackOff {
  /** The longest wait before the second attempt; it doubles with each one after. */
  readonly baseMs: number;
  readonly maxMs: number;
}

/**
 * Waits before attempt `attempt` (the first is 0), with exponential backoff and full jitter. Never beyond
 * the deadline: nothing would be sent after it, but the run would wait all the same. An abort ends the wait.
 */
export async function backOff(
  attempt: number,
  { baseMs, maxMs }: BackOff,
  { clock, signal, deadline }: WaitBounds & { readonly clock: Clock },
): Promise<void> {
  const ceiling = Math.min(maxMs, baseMs * 2 ** (attempt - 1));
  const left = Math.max(0, deadline - clock.now());
  try {
    await clock.sleep(Math.min(clock.random() * ceiling, left), signal);
  } catch (error) {
    if (!signal?.aborted) throw error;
  }
}
