import type { History } from './history.ts';

/** Parts of a history that can be left out one by one. */
type Droppable = 'runs' | 'faults' | 'events';

/**
 * Leaves out whatever is not needed for a history to fail: first halves, then single runs, faults and
 * events, until nothing more can go. `fails` says whether a history still breaks what it broke.
 */
export async function shrink(
  history: History,
  fails: (history: History) => Promise<boolean>,
): Promise<History> {
  let smallest = history;
  for (;;) {
    const before = sizeOf(smallest);
    for (const part of ['events', 'faults', 'runs'] as const)
      smallest = await dropFrom(smallest, part, fails);
    if (sizeOf(smallest) === before) return smallest;
  }
}

/** How many parts a history has. */
export function sizeOf({ runs, faults, events }: History): number {
  return runs.length + faults.length + events.length;
}

async function dropFrom(
  history: History,
  part: Droppable,
  fails: (history: History) => Promise<boolean>,
): Promise<History> {
  let smallest = history;
  for (let size = Math.ceil(history[part].length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let start = smallest[part].length - size; start >= 0; start -= size) {
      const kept = smallest[part].filter(
        (_: unknown, index: number) => index < start || index >= start + size,
      );
      const candidate = { ...smallest, [part]: kept };
      if (await fails(candidate)) smallest = candidate;
    }
  }
  return smallest;
}
