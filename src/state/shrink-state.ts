import type { RunState } from '../model/run-state.ts';

/** A state without its least useful part, and which part that was. */
export interface ShrunkState {
  readonly state: RunState;
  readonly dropped: string;
}

/**
 * Makes a state smaller that is too large to be stored: half of a part at a time, in the order of what a run can
 * best do without. `undefined` when nothing is left that could go.
 */
export function shrinkState(state: RunState): ShrunkState | undefined {
  const { hosts, staleSince, health } = state;
  if (hosts.size > 0) {
    const kept = upperHalf(hosts, ({ seenAt }) => seenAt);
    return { state: { ...state, hosts: kept }, dropped: 'hosts seen earlier' };
  }
  if (staleSince.size > 0) {
    // What has been stale for longest is kept: it is the next to go.
    const kept = upperHalf(staleSince, (since) => -since);
    return { state: { ...state, staleSince: kept }, dropped: 'entries stale for a time' };
  }
  if (health.size > 0) return { state: { ...state, health: new Map() }, dropped: 'failures counted so far' };
  return undefined;
}

/** The half with the greater ranks, in the order it was in. */
function upperHalf<T>(map: ReadonlyMap<string, T>, rankOf: (value: T) => number): ReadonlyMap<string, T> {
  const ranked = [...map].toSorted(([, a], [, b]) => rankOf(b) - rankOf(a));
  const kept = new Set(ranked.slice(0, Math.floor(ranked.length / 2)).map(([key]) => key));
  return new Map([...map].filter(([key]) => kept.has(key)));
}
