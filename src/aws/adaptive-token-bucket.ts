import type { Quota } from '../model/quota.ts';

/** Kept back of the burst, against requests that the network delivers closer together than they were sent. */
const BURST_MARGIN = 0.05;
/** After a refusal: just below what was granted, but never less than half of what was thought. */
const BACK_OFF = 0.9;
const MOST_BACK_OFF = 0.5;
/** Of a documented quota: an account that leaves this worker less than that leaves it no time for a run, either. */
const LEAST_SHARE = 0.2;
/** What is only a guess is given up faster, and may be a hundred times too high. */
const GUESS = { backOff: 0.2, mostBackOff: 0.2, leastShare: 0.005 };
/** After a refusal the true bucket is empty; two requests' time later it surely holds one. */
const DEBT = -1;
/** Won back a second, as a share of the quota, or of what was learnt where that is only a guess: slow enough that about one request in 100 is refused. */
const RECOVERY = 0.005;
/** A longer pause teaches nothing more: what was learnt holds from one run to the next. */
const MAX_PAUSE_MS = 10_000;

/**
 * What is left of one action's quota, as far as one client can tell. It begins with the documented
 * quota, which others in the account may use too, or which may be lower. A refusal lowers what was
 * wrong, the burst while some of it was thought to be left and the rate otherwise, to what was really
 * granted; both come back slowly. All times are epoch milliseconds.
 */
export class AdaptiveTokenBucket {
  readonly #quota: Quota;
  readonly #learning: typeof GUESS;
  #burst: number;
  #perSecond: number;
  #tokens: number;
  #filledAt: number;
  /** Requests sent up to then say nothing that the last refusal has not said. */
  #learntAt = Number.NEGATIVE_INFINITY;
  /** When it was last known how much the true bucket held, how much that was, and what was granted since. */
  #known: { readonly at: number; readonly tokens: number; granted: number };

  constructor({ burst, perSecond, isGuess = false }: Quota, now: number) {
    this.#learning = isGuess
      ? GUESS
      : { backOff: BACK_OFF, mostBackOff: MOST_BACK_OFF, leastShare: LEAST_SHARE };
    this.#quota = { burst: Math.max(1, burst * (1 - BURST_MARGIN)), perSecond };
    this.#burst = this.#quota.burst;
    this.#perSecond = perSecond;
    this.#tokens = this.#burst;
    this.#filledAt = now;
    this.#known = { at: now, tokens: this.#burst, granted: 0 };
  }

  /** How long until a request of this cost may be sent; 0 for at once. One beyond the burst waits for a full bucket. */
  waitMs(now: number, cost = 1): number {
    this.#fill(now);
    const needed = Math.min(cost, this.#burst);
    return this.#tokens >= needed ? 0 : Math.ceil(((needed - this.#tokens) / this.#perSecond) * 1000);
  }

  take(now: number, cost = 1): void {
    this.#fill(now);
    this.#tokens -= cost;
    this.#known.granted += cost;
  }

  /** Learns from a refusal, unless another bucket is the likelier cause; either way this one is taken for empty. */
  refused(sentAt: number, now: number, { cost = 1, learns = true } = {}): void {
    this.#fill(now);
    if (sentAt >= this.#known.at) this.#known.granted -= cost;
    if (learns && sentAt > this.#learntAt) this.#learn(now, cost);
    this.#tokens = Math.min(this.#tokens, DEBT);
  }

  /** What is thought to be granted, and how much of it is left. */
  read(now: number): { readonly burst: number; readonly perSecond: number; readonly left: number } {
    this.#fill(now);
    return { burst: this.#burst, perSecond: this.#perSecond, left: Math.max(0, this.#tokens) };
  }

  #learn(now: number, cost: number): void {
    // Tokens that were thought to be left are those that the true bucket never held.
    if (this.#tokens >= 1) this.#burst = Math.max(1, this.#burst - this.#tokens);
    else this.#slowDown(now, cost);
    this.#learntAt = now;
    this.#known = { at: now, tokens: 0, granted: 0 };
  }

  #slowDown(now: number, cost: number): void {
    const { at, tokens, granted } = this.#known;
    const { backOff, mostBackOff, leastShare } = this.#learning;
    const needed = Math.min(cost, this.#burst);
    const grantedPerSecond = ((granted + needed - tokens) / Math.max(1, now - at)) * 1000;
    const lowered = Math.min(this.#perSecond, grantedPerSecond) * backOff;
    this.#perSecond = Math.max(lowered, this.#perSecond * mostBackOff, this.#quota.perSecond * leastShare);
  }

  #fill(now: number): void {
    // A clock that was set back takes nothing away.
    const passed = Math.max(0, now - this.#filledAt);
    const regained = (Math.min(passed, MAX_PAUSE_MS) / 1000) * RECOVERY;
    // A small share of a guess may be more than all that is granted.
    const isGuess = this.#learning === GUESS;
    const { burst, perSecond } = isGuess ? { burst: this.#burst, perSecond: this.#perSecond } : this.#quota;
    this.#burst = Math.min(this.#quota.burst, this.#burst + burst * regained);
    this.#perSecond = Math.min(this.#quota.perSecond, this.#perSecond + perSecond * regained);
    const filled = this.#tokens + (passed / 1000) * this.#perSecond;
    this.#tokens = Math.min(this.#burst, filled);
    this.#filledAt = now;
    if (filled >= this.#burst) this.#known = { at: now, tokens: this.#burst, granted: 0 };
  }
}
