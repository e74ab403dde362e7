import type { AttemptResult, ProbeTarget } from '../model/probe.ts';

/** A result that says something of the endpoint, or that nothing can be said. */
export type Conclusion = Exclude<AttemptResult, { kind: 'exhausted' }>;

/** A running attempt. It settles exactly once, when its socket is closed and nothing of it is left. */
export interface Attempt {
  /** Ends it early, as `indeterminate` for want of time. */
  cancel(): void;
}

/** Starts an attempt; `settle` is never called before `start` has returned. */
export type StartAttempt = (target: ProbeTarget, settle: (result: AttemptResult) => void) => Attempt;

export const OUT_OF_TIME: Conclusion = { kind: 'indeterminate', reason: 'deadline' };
