import { type FinalizeRequestMiddleware, SMITHY_CONTEXT_KEY } from '@smithy/types';
import type { Clock } from '../model/clock.ts';
import type { QuotaUse } from '../model/quota.ts';
import { signalOf } from './abort-calls.ts';
import { AdaptiveTokenBucket } from './adaptive-token-bucket.ts';
import { errorName, isThrottling } from './aws-error.ts';
import { type AnyPluggable, operationName } from './call-counter.ts';
import { type Draw, drawsOf } from './quotas.ts';
import { NotSentError, type WaitBounds, waitBoundsOf } from './wait-bounds.ts';

/**
 * Keeps every action of an account within its quotas, so that AWS need not refuse: a limiter for all clients of
 * one process; what it has learnt lives as long as they do. Every attempt waits until all buckets that it draws on
 * have room for it, for each of them in the order of arrival; an abort ends the wait with the signal's reason, or,
 * for a command whose wait is bounded, with a `NotSentError`.
 */
export function createRateLimiter(clock: Clock) {
  const queues = new Map<string, TurnQueue>();
  const queueOf = (service: string) => {
    const queue = queues.get(service) ?? new TurnQueue(clock);
    queues.set(service, queue);
    return queue;
  };
  return {
    /** The middleware for one client; `service` is what `quotas.ts` calls it. */
    plugin: (service: string): AnyPluggable => ({
      applyToStack: (stack) => {
        // biome-ignore lint/suspicious/noExplicitAny: it fits every client
        const paced: FinalizeRequestMiddleware<any, any> = (next, context) => async (args) => {
          const draws = drawsOf(operationName(service, context['commandName']), changesOf(args.input));
          if (draws.length === 0) return next(args);
          const queue = queueOf(service);
          const bounds = waitBoundsOf(context);
          const sentAt = await (bounds === undefined
            ? queue.turn(draws, signalOf(context[SMITHY_CONTEXT_KEY]))
            : queue.turnWithin(draws, bounds));
          try {
            return await next(args);
          } catch (error) {
            if (isQuotaError(error)) queue.refused(draws, sentAt);
            throw error;
          }
        };
        // Behind the retries, because every attempt counts; before the signature, which grows stale.
        const place = { relation: 'before', toMiddleware: 'httpSigningMiddleware' } as const;
        stack.addRelativeTo(paced, { ...place, name: 'rateLimiter' });
      },
    }),
    /** Every quota that a request has drawn on, sorted by its bucket. */
    quotas: (): readonly QuotaUse[] =>
      [...queues.values()]
        .flatMap((queue) => queue.read())
        .toSorted((a, b) => (a.bucket < b.bucket ? -1 : 1)),
  };
}

/** How many record sets a request changes. */
function changesOf(input: unknown): number {
  const changes: unknown = Reflect.get(Object(Reflect.get(Object(input), 'ChangeBatch')), 'Changes');
  return Array.isArray(changes) ? changes.length : 0;
}

/** A zone that is still busy with the last change says nothing of the account's quota. */
function isQuotaError(error: unknown): boolean {
  return isThrottling(error) && errorName(error) !== 'PriorRequestNotComplete';
}

interface Waiter {
  readonly draws: readonly Draw[];
  /** Since when it waits; `undefined` for one that there was room for at once. */
  since: number | undefined;
  /** Lets the request go, at the time it is given. */
  readonly go: (sentAt: number) => void;
}

/** A bucket with the counts of its requests. */
interface Metered extends Pick<QuotaUse, 'documented'> {
  readonly tokens: AdaptiveTokenBucket;
  readonly counts: { rejected: number; waited: number; waitedMs: number };
}

/** Those who wait for the buckets of one service. */
class TurnQueue {
  readonly #clock: Clock;
  readonly #buckets = new Map<string, Metered>();
  readonly #waiters = new Set<Waiter>();
  /** Ends the pause until the next turn; `undefined` while no request waits. */
  #pause: AbortController | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Resolves with the time of the turn. */
  turn(draws: readonly Draw[], signal: AbortSignal | undefined): Promise<number> {
    signal?.throwIfAborted();
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#waiters.delete(waiter);
        this.#serve();
        reject(signal?.reason);
      };
      const go = (sentAt: number) => {
        signal?.removeEventListener('abort', leave);
        resolve(sentAt);
      };
      const waiter: Waiter = { draws, since: undefined, go };
      signal?.addEventListener('abort', leave, { once: true });
      this.#waiters.add(waiter);
      this.#serve();
      waiter.since = this.#clock.now();
    });
  }

  /** The same, for one that is not to wait beyond a deadline: it is given up as soon as that is certain. */
  async turnWithin(draws: readonly Draw[], { signal, deadline }: WaitBounds): Promise<number> {
    const now = this.#clock.now();
    const waitMs = Math.max(...draws.map((draw) => this.#bucketOf(draw).tokens.waitMs(now, draw.cost)));
    if (waitMs > 0 && now + waitMs >= deadline) throw new NotSentError('its turn would come too late');
    try {
      const sentAt = await this.turn(draws, signal);
      if (sentAt < deadline) return sentAt;
    } catch (error) {
      throw new NotSentError(error);
    }
    throw new NotSentError('its turn came too late');
  }

  refused(draws: readonly Draw[], sentAt: number): void {
    for (const draw of draws) {
      const { tokens, counts } = this.#bucketOf(draw);
      tokens.refused(sentAt, this.#clock.now(), draw);
      counts.rejected += 1;
    }
  }

  read(): readonly QuotaUse[] {
    const waiting = [...this.#waiters].flatMap(({ draws }) => draws);
    return [...this.#buckets].map(([bucket, { documented, tokens, counts }]) => ({
      bucket,
      documented,
      ...tokens.read(this.#clock.now()),
      ...counts,
      waiting: waiting.filter((draw) => draw.bucket === bucket).length,
    }));
  }

  /** Lets all go for whom there is room, and comes back when there is room for the next. */
  #serve(): void {
    this.#pause?.abort();
    this.#pause = undefined;
    const waitMs = this.#letGo(this.#clock.now());
    if (waitMs === undefined) return;
    const pause = new AbortController();
    this.#pause = pause;
    this.#clock.sleep(waitMs, pause.signal).then(
      () => this.#serve(),
      () => {},
    );
  }

  /** How long until the next turn; `undefined` when no request waits any more. */
  #letGo(now: number): number | undefined {
    /** Buckets that are kept for those who came first. */
    const kept = new Set<string>();
    let next: number | undefined;
    for (const waiter of this.#waiters) {
      const waits = waiter.draws.map((draw) => this.#bucketOf(draw).tokens.waitMs(now, draw.cost));
      const waitMs = Math.max(...waits);
      const isBehind = waiter.draws.some(({ bucket }) => kept.has(bucket));
      if (waitMs === 0 && !isBehind) {
        this.#take(waiter, now);
        this.#waiters.delete(waiter);
        waiter.go(now);
        continue;
      }
      for (const [i, { bucket }] of waiter.draws.entries()) if ((waits[i] ?? 0) > 0) kept.add(bucket);
      if (!isBehind) next = Math.min(next ?? waitMs, waitMs);
    }
    return next;
  }

  #take({ draws, since }: Waiter, now: number): void {
    for (const draw of draws) {
      const { tokens, counts } = this.#bucketOf(draw);
      tokens.take(now, draw.cost);
      if (since === undefined) continue;
      counts.waited += 1;
      counts.waitedMs += now - since;
    }
  }

  #bucketOf({ bucket, quota }: Draw): Metered {
    const known = this.#buckets.get(bucket);
    if (known !== undefined) return known;
    const tokens = new AdaptiveTokenBucket(quota, this.#clock.now());
    const made = { documented: quota, tokens, counts: { rejected: 0, waited: 0, waitedMs: 0 } };
    this.#buckets.set(bucket, made);
    return made;
  }
}
