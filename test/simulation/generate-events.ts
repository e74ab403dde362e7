import { type History, MINUTE } from './history.ts';
import type { Random } from './random.ts';

/** Lets events of ECS and EC2 come to the worker, as well as they come from a bus that keeps no promise. */
export function withEvents({ setup, ...history }: History, random: Random): History {
  const last = Math.max(...history.runs.map(({ at }) => at));
  const restarts = Array.from({ length: random.chance(0.3) ? random.between(1, 3) : 0 }, () =>
    random.between(0, last + 5 * MINUTE),
  );
  const events = {
    salt: random.int(1_000_000_000),
    lossRate: 0.3,
    doubleRate: 0.25,
    lateRate: 0.2,
    killRate: random.pick([0, 0, 0.05, 0.2]),
    restarts: restarts.toSorted((a, b) => a - b),
  };
  return { ...history, setup: { ...setup, events } };
}
