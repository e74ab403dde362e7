import type { Clock } from '../../src/model/clock.ts';
import type { Random } from './random.ts';

/** How often the worker's own code may be woken within one history before it counts as going round in circles. */
const MAX_STEPS = 200_000;

interface Due {
  readonly time: number;
  readonly order: number;
  readonly act: () => void;
  /** Whether it is a wait for something that may never come. */
  readonly isIdle: boolean;
}

/**
 * Virtual time. Whatever happens, happens in the order of its time, and at the same time in the order
 * in which it was asked for; in between, the worker's own code runs until it waits for something.
 */
export class Scheduler {
  #now = 0;
  #order = 0;
  #steps = 0;
  #woke = true;
  /** How much is left to happen that is no idle wait. */
  #pending = 0;
  readonly #heap: Due[] = [];

  constructor(start: number) {
    this.#now = start;
  }

  get now(): number {
    return this.#now;
  }

  get steps(): number {
    return this.#steps;
  }

  /** Acts at a time; at once, if that has passed. */
  at(time: number, act: () => void, isIdle = false): void {
    if (!isIdle) this.#pending++;
    this.#push({ time: Math.max(time, this.#now), order: ++this.#order, act, isIdle });
  }

  after(ms: number, act: () => void, isIdle = false): void {
    this.at(this.#now + ms, act, isIdle);
  }

  /** Resolves after `ms`; rejects with the signal's reason as soon as it aborts. */
  sleep(ms: number, signal: AbortSignal | undefined, isIdle = false): Promise<void> {
    return new Promise((resolve, reject) => {
      const abort = () => {
        this.#woke = true;
        reject(signal?.reason);
      };
      if (signal?.aborted) return abort();
      signal?.addEventListener('abort', abort, { once: true });
      const wake = () => {
        signal?.removeEventListener('abort', abort);
        this.#woke = true;
        resolve();
      };
      this.after(ms, wake, isIdle);
    });
  }

  /** Tells that code which waits for a promise is about to go on. */
  wake(): void {
    this.#woke = true;
  }

  /** Plays until nothing is left to happen but idle waits, or until it is `done`. */
  async play(done: () => boolean): Promise<void> {
    for (;;) {
      if (this.#woke) {
        this.#woke = false;
        await new Promise((resolve) => setImmediate(resolve));
      }
      if (done() || this.#pending === 0) return;
      const due = this.#pop();
      if (due === undefined) return;
      if (!due.isIdle) this.#pending--;
      if (++this.#steps > MAX_STEPS) throw new RangeError('the history does not come to an end');
      this.#now = due.time;
      due.act();
    }
  }

  clock(random: Random, behindMs = 0): Clock {
    return {
      now: () => this.#now - behindMs,
      sleep: (ms, signal) => this.sleep(ms, signal),
      random: () => random.next(),
    };
  }

  #push(due: Due): void {
    const heap = this.#heap;
    let index = heap.push(due) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!isBefore(due, heap[parent])) break;
      heap[index] = heap[parent] ?? due;
      index = parent;
    }
    heap[index] = due;
  }

  #pop(): Due | undefined {
    const heap = this.#heap;
    const [first] = heap;
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= heap.length) break;
      const right = heap[child + 1];
      if (right !== undefined && isBefore(right, heap[child])) child++;
      const smaller = heap[child];
      if (smaller === undefined || !isBefore(smaller, last)) break;
      heap[index] = smaller;
      index = child;
    }
    heap[index] = last;
    return first;
  }
}

function isBefore(left: Due, right: Due | undefined): boolean {
  if (right === undefined) return true;
  return left.time < right.time || (left.time === right.time && left.order < right.order);
}
