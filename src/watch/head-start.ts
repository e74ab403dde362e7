import type { Clock } from '../model/clock.ts';

/** So long events wait for the first run: it has done by then what does not wait for slow endpoints. */
const FIRST_RUN_MS = 3_000;

/** Lets the first run go ahead of what would write the same: until it has ended, and for three seconds at the most. */
export function headStart(clock: Clock): { readonly end: () => void; readonly isOver: Promise<void> } {
  const over = new AbortController();
  const isOver = clock.sleep(FIRST_RUN_MS, over.signal).catch(() => {});
  return { end: () => over.abort(), isOver };
}
