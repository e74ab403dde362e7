import { type FinalizeRequestMiddleware, SMITHY_CONTEXT_KEY } from '@smithy/types';
import type { Clock } from '../model/clock.ts';
import { signalOf } from './abort-calls.ts';
import { AdaptiveTokenBucket } from './adaptive-token-bucket.ts';
import { errorName, isThrottling } from './aws-error.ts';
import { type AnyPluggable, operationName } from './call-counter.ts';
import { bucketOf, quotaOf } from './quotas.ts';
import { NotSentError, type WaitBounds, waitBoundsOf } from './wait-bounds.ts';

/**
 * Keeps every action of an account within its quota, so that AWS need not refuse: a limiter for all clients of
 * one process; what it has learnt lives as long as they do. Every attempt waits for its turn, in the order in
 * which they came; an abort ends the wait with the signal's reason, or, for a command whose wait is bounded,
 * with a `NotSentError`.
 */
export function createRateLimiter(clock: Clock) {
  const lanes = new Map<string, Lane>();
  const laneOf = (operation: string) => {
    const quota = quotaOf(operation);
    if (quota === undefined) return undefined;
    const bucket = bucketOf(operation);
    const lane = lanes.get(bucket) ?? new Lane(new AdaptiveTokenBucket(quota, clock.now()), clock);
    lanes.set(bucket, lane);
    return lane;
  };
  return {
    /** The middleware for one client; `service` is what `quotas.ts` calls it. */
    plugin: (service: string): AnyPluggable => ({
      applyToStack: (stack) => {
        // biome-ignore lint/suspicious/noExplicitAny: it fits every client
        const paced: FinalizeRequestMiddleware<any, any> = (next, context) => async (args) => {
          const lane = laneOf(operationName(service, context['commandName']));
          if (lane === undefined) return next(args);
          const bounds = waitBoundsOf(context);
          const sentAt = await (bounds === undefined
            ? lane.turn(signalOf(context[SMITHY_CONTEXT_KEY]))
            : lane.turnWithin(bounds));
          try {
            return await next(args);
          } catch (error) {
            if (isQuotaError(error)) lane.refused(sentAt);
            throw error;
          }
        };
        // Behind the retries, because every attempt counts; before the signature, which grows stale.
        const place = { relation: 'before', toMiddleware: 'httpSigningMiddleware' } as const;
        stack.addRelativeTo(paced, { ...place, name: 'rateLimiter' });
      },
    }),
  };
}

/** A zone that is still busy with the last change says nothing of the account's quota. */
function isQuotaError(error: unknown): boolean {
  return isThrottling(error) && errorName(error) !== 'PriorRequestNotComplete';
}

/** Lets a request go, at the time it is given. */
type Waiter = (sentAt: number) => void;

/** Those who wait for one bucket. */
class Lane {
  readonly #bucket: AdaptiveTokenBucket;
  readonly #clock: Clock;
  readonly #waiters = new Set<Waiter>();
  /** Ends the pause between two turns; `undefined` while no request waits. */
  #pause: AbortController | undefined;

  constructor(bucket: AdaptiveTokenBucket, clock: Clock) {
    this.#bucket = bucket;
    this.#clock = clock;
  }

  /** Resolves with the time of the turn. */
  turn(signal: AbortSignal | undefined): Promise<number> {
    signal?.throwIfAborted();
    const now = this.#clock.now();
    if (this.#waiters.size === 0 && this.#bucket.waitMs(now) === 0) {
      this.#bucket.take(now);
      return Promise.resolve(now);
    }
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#waiters.delete(waiter);
        // The last request that leaves ends the pause; the next one starts one of its own.
        if (this.#waiters.size === 0) {
          this.#pause?.abort();
          this.#pause = undefined;
        }
        reject(signal?.reason);
      };
      const waiter: Waiter = (sentAt) => {
        signal?.removeEventListener('abort', leave);
        resolve(sentAt);
      };
      signal?.addEventListener('abort', leave, { once: true });
      this.#waiters.add(waiter);
      if (this.#pause === undefined) void this.#serve();
    });
  }

  /** The same, for one that is not to wait beyond a deadline: it is given up as soon as that is certain. */
  async turnWithin({ signal, deadline }: WaitBounds): Promise<number> {
    const now = this.#clock.now();
    const waitMs = this.#bucket.waitMs(now);
    if (waitMs > 0 && now + waitMs >= deadline) throw new NotSentError('its turn would come too late');
    try {
      const sentAt = await this.turn(signal);
      if (sentAt < deadline) return sentAt;
    } catch (error) {
      throw new NotSentError(error);
    }
    throw new NotSentError('its turn came too late');
  }

  refused(sentAt: number): void {
    this.#bucket.refused(sentAt, this.#clock.now());
  }

  async #serve(): Promise<void> {
    const pause = new AbortController();
    this.#pause = pause;
    for (let [next] = this.#waiters; next !== undefined && !pause.signal.aborted; [next] = this.#waiters) {
      const now = this.#clock.now();
      const waitMs = this.#bucket.waitMs(now);
      if (waitMs > 0) {
        await this.#clock.sleep(waitMs, pause.signal).catch(() => {});
      } else {
        this.#bucket.take(now);
        this.#waiters.delete(next);
        next(now);
      }
    }
    if (this.#pause === pause) this.#pause = undefined;
  }
}
