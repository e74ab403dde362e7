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
  | { readonly kind: 'applied'; readonly changeId: string | undefined }
  | { readonly kind: 'rejected'; readonly error: unknown; readonly lostReply: boolean }
  | { readonly kind: 'unanswered'; readonly error: unknown; readonly lostReply: boolean }
  | { readonly kind: 'aborted' | 'out-of-time' | 'too-old' };

export interface SendContext {
  readonly api: Route53Api;
  readonly clock: Clock;
  /** Stops the sending between two requests; a request under way is always waited for. */
  readonly signal: AbortSignal | undefined;
  /** Epoch milliseconds after which nothing is sent any more. */
  readonly deadline?: number | undefined;
  /** Epoch milliseconds from which on what is to be sent is no longer to be trusted. */
  readonly expiresAt?: number | undefined;
  /** The run that sends it; Route 53 keeps it with the change. */
  readonly runId?: string | undefined;
  /** By `recordSetKey`: sets that an earlier request of the run, whose reply was lost, may have deleted. */
  readonly inDoubt?: ReadonlySet<string> | undefined;
  /** How many pages the zone has: as many names are read one by one before all of it is. */
  readonly zonePages?: number | undefined;
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
  context: SendContext,
): Promise<SendResult> {
  const { api, clock, signal } = context;
  const bounds = { signal, deadline: lastMoment(context) };
  let lostReply = false;
  let lastError: unknown;
  /** What an attempt may have done counts for more than why there is no further one. */
  const unanswered = () => ({ kind: 'unanswered', error: lastError, lostReply }) as const;
  const isOver = () => clock.now() >= bounds.deadline;
  const isStopped = () => signal?.aborted === true && !isOver();
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    if (attempt > 0) await backOff(attempt, DELAYS, { clock, ...bounds });
    if (isStopped() || isOver())
      return lostReply ? unanswered() : { kind: isStopped() ? 'aborted' : tooLate(context) };
    try {
      const changeId = await api.changeRecordSets(zoneId, changes, { ...bounds, runId: context.runId });
      return { kind: 'applied', changeId };
    } catch (error) {
      if (error instanceof NotSentError)
        return lostReply ? unanswered() : { kind: isStopped() ? 'aborted' : tooLate(context) };
      lastError = error;
      if (isAmbiguous(error)) lostReply = true;
      else if (!isThrottling(error)) return { kind: 'rejected', error, lostReply };
    }
  }
  return unanswered();
}

const NEVER = Number.POSITIVE_INFINITY;

function lastMoment({ deadline = NEVER, expiresAt = NEVER }: SendContext): number {
  return Math.min(deadline, expiresAt);
}

/** A batch that would have to wait for its turn beyond its bound is given up before. */
function tooLate({ clock, deadline = NEVER, expiresAt = NEVER }: SendContext): 'out-of-time' | 'too-old' {
  return expiresAt < deadline || clock.now() >= expiresAt ? 'too-old' : 'out-of-time';
}
