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

  /** Whether there is a token to take. */
  has(now: number): boolean {
    const elapsedSeconds = Math.max(0, now - this.#filledAt) / 1000;
    this.#tokens = Math.min(this.#rate.burst, this.#tokens + elapsedSeconds * this.#rate.perSecond);
    this.#filledAt = now;
    return this.#tokens >= 1;
  }

  /** Takes one token; false when there is none, which costs nothing. */
  take(now: number): boolean {
    if (!this.has(now)) return false;
    this.#tokens -= 1;
    return true;
  }
}
