import type { Rate } from './service.ts';

/** A token bucket that starts full and is filled by the clock it is given; `now` in epoch milliseconds. */
export class TokenBucket {
  readonly #rate: Rate;
  #tokens: number;
  #filledAt: number;

  constructor(rate: Rate, now: number) {
    this.#rate = rate;
    this.#tokens = rate.burst;
    this.#filledAt = now;
  }

  /** Whether there are so many tokens to take; a full bucket has enough for anything. */
  has(now: number, cost = 1): boolean {
    const elapsedSeconds = Math.max(0, now - this.#filledAt) / 1000;
    this.#tokens = Math.min(this.#rate.burst, this.#tokens + elapsedSeconds * this.#rate.perSecond);
    this.#filledAt = now;
    return this.#tokens >= Math.min(cost, this.#rate.burst);
  }

  /** Takes them; false when there are too few, which costs nothing. */
  take(now: number, cost = 1): boolean {
    if (!this.has(now, cost)) return false;
    this.#tokens -= cost;
    return true;
  }
}
