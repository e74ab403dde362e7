import type { IndeterminateReason, ProbeTarget, UnhealthyReason } from '../model/probe.ts';

/**
 * How one attempt ended. `exhausted` was none at all: the process had no descriptor or port left for
 * it, which says nothing of the endpoint.
 */
export type AttemptResult =
  | { readonly kind: 'healthy'; readonly status?: number }
  | ({ readonly kind: 'unhealthy'; readonly reason: UnhealthyReason } & AttemptEvidence)
  | ({ readonly kind: 'indeterminate'; readonly reason: IndeterminateReason } & AttemptEvidence)
  | { readonly kind: 'exhausted'; readonly errorCode: string };

/** A result that says something of the endpoint, or that nothing can be said. */
export type Conclusion = Exclude<AttemptResult, { kind: 'exhausted' }>;

/** What an endpoint answered, as far as it did: the start of a bad body at most. */
export interface AttemptEvidence {
  readonly status?: number;
  readonly errorCode?: string;
  readonly body?: string;
}

/** A running attempt. It settles exactly once, when its socket is closed and nothing of it is left. */
export interface Attempt {
  /** Ends it early, as `indeterminate` for want of time. */
  cancel(): void;
}

/** Starts an attempt; `settle` is never called before `start` has returned. */
export type StartAttempt = (target: ProbeTarget, settle: (result: AttemptResult) => void) => Attempt;

export const OUT_OF_TIME: Conclusion = { kind: 'indeterminate', reason: 'deadline' };
