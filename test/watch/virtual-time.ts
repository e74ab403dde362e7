import { setImmediate as turn } from 'node:timers/promises';
import type { Clock } from '../../src/model/clock.ts';

/** A clock that stands still until it is told to go on; sleepers wake in the order of their times. */
export interface VirtualTime extends Clock {
  /** Goes on by so many milliseconds, and lets everything happen that is due in between. */
  advance(ms: number): Promise<void>;
  /** Sets the clock to another time, as an administrator would: sleepers sleep on as long as they had to. */
  set(now: number): void;
  /** How many are asleep. */
  sleepers(): number;
}

interface Sleeper {
  left: number;
  wake(): void;
}

/** A clock that starts at `start`; `random` is what chance always says. */
export function virtualTime({ start = 1_000_000, random = 0 } = {}): VirtualTime {
  const asleep = new Set<Sleeper>();
  let now = start;
  const pass = (ms: number) => {
    now += ms;
    for (const sleeper of asleep) sleeper.left -= ms;
  };
  return {
    now: () => now,
    random: () => random,
    sleepers: () => asleep.size,
    set: (time) => {
      now = time;
    },
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        signal?.throwIfAborted();
        const end = () => {
          asleep.delete(sleeper);
          signal?.removeEventListener('abort', cut);
        };
        const cut = () => {
          end();
          reject(signal?.reason);
        };
        const sleeper = {
          left: ms,
          wake: () => {
            end();
            resolve();
          },
        };
        signal?.addEventListener('abort', cut);
        asleep.add(sleeper);
      }),
    advance: async (ms) => {
      await settle();
      for (let left = ms; ; ) {
        const [first] = [...asleep].toSorted((a, b) => a.left - b.left);
        if (first === undefined || first.left > left) {
          pass(left);
          return;
        }
        const step = Math.max(0, first.left);
        pass(step);
        left -= step;
        first.wake();
        await settle();
      }
    },
  };
}

/** Lets every promise that can go on do so. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 3; i++) await turn();
}
