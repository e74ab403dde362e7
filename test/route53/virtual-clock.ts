import type { Clock } from '../../src/model/clock.ts';

/** A clock on which a sleep takes no time but is remembered; an aborted one rejects as the real one does. */
export interface VirtualClock extends Clock {
  readonly slept: readonly number[];
}

/** `random` is drawn from in turn and again from its start; `onSleep` runs at the start of each sleep. */
export function virtualClock(
  random: readonly number[] = [0.5],
  onSleep: (count: number) => void = () => {},
): VirtualClock {
  const slept: number[] = [];
  let now = 0;
  let draws = 0;
  return {
    slept,
    now: () => now,
    sleep: async (ms, signal) => {
      onSleep(slept.push(ms));
      signal?.throwIfAborted();
      now += ms;
    },
    random: () => random[draws++ % random.length] ?? 0,
  };
}
