import { isAmbiguous, isThrottling } from '../aws/aws-error.ts';
import { type BackOff, backOff, NotSentError } from '../aws/wait-bounds.ts';
import type { Change } from '../model/change.ts';
import type { Clock } from '../model/clock.ts';
import type { Route53Api } from './route53-api.ts';

/**
 * How sending one batch ended. `lostReply` tells that an attempt got no definite answer, so that the
 * batch may have been carried out before the answer at hand was given.
 */
export type SendResult =
  | { readonly kind: 'applied' }
  | { readonly kind: 'rejected'; readonly error: unknown; readonly lostReply: boolean }
  | { readonly kind: 'unanswered'; readonly error: unknown; readonly lostReply: boolean }
  | { readonly kind: 'aborted' | 'out-of-time' };

export interface SendContext {
  readonly api: Route53Api;
  readonly clock: Clock;
  /** Stops the sending between two requests; a request under way is always waited for. */
  readonly signal: AbortSignal | undefined;
  /** Epoch milliseconds after which nothing is sent any more. */
  readonly deadline?: number | undefined;
}

const MAX_ATTEMPTS = 8;
const DELAYS: BackOff = { baseMs: 500, maxMs: 20_000 };

/**
 * Sends one batch, and again with exponential backoff and full jitter after a throttle, a server
 * fault or a broken connection. Any other error is a rejection.
 */
export async function sendBatch(
  zoneId: string,
  changes: readonly Change[],
  { api, clock, signal, deadline = Number.POSITIVE_INFINITY }: SendContext,
): Promise<SendResult> {
  let lostReply = false;
  let lastError: unknown;
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    if (attempt > 0) await backOff(attempt, DELAYS, { clock, signal, deadline });
    const isOver = clock.now() >= deadline;
    if (signal?.aborted || isOver) return unsent(isOver, lostReply, lastError);
    try {
      await api.changeRecordSets(zoneId, changes, { signal, deadline });
      return { kind: 'applied' };
    } catch (error) {
      if (error instanceof NotSentError) return unsent(!signal?.aborted, lostReply, lastError);
      lastError = error;
      if (isAmbiguous(error)) lostReply = true;
      else if (!isThrottling(error)) return { kind: 'rejected', error, lostReply };
    }
  }
  return { kind: 'unanswered', error: lastError, lostReply };
}

/** What an earlier attempt may have done counts for more than why there is no further one. */
function unsent(isOver: boolean, lostReply: boolean, lastError: unknown): SendResult {
  if (lostReply) return { kind: 'unanswered', error: lastError, lostReply };
  return { kind: isOver ? 'out-of-time' : 'aborted' };
}
