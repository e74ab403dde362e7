import type { Entry } from './entry.ts';
import type { IndeterminateReason, UnhealthyReason } from './probe.ts';

/**
 * What an entry is found to be, and why.
 *
 * | verdict    | the entry …                                                                        |
 * |------------|------------------------------------------------------------------------------------|
 * | live       | leads to a running container that is healthy, or needs no check                    |
 * | stale      | leads to nothing, to another service, or to a container that has a better entry    |
 * | unhealthy  | leads to a running container that failed its health check                          |
 * | unverified | is ours, but what it leads to cannot be known                                      |
 * | foreign    | is not provably ours                                                               |
 */
export type Verdict = 'live' | 'stale' | 'unhealthy' | 'unverified' | 'foreign';

export type LiveReason = 'healthy' | 'running' | 'host-present';
export type StaleReason = 'task-gone' | 'task-stopping' | 'instance-gone' | 'port-reassigned' | 'superseded';
export type UnverifiedReason =
  | IndeterminateReason
  | 'grace-period'
  | 'below-threshold'
  | 'recovering'
  | 'malformed-value'
  | 'target-unresolved'
  | 'host-not-covered'
  | 'escaped-name'
  | 'task-starting'
  | 'port-not-bound'
  | 'service-unknown';
export type ForeignReason =
  | 'record-type'
  | 'alias'
  | 'traffic-policy'
  | 'apex'
  | 'not-weighted'
  | 'set-identifier'
  | 'name-not-managed';

/** Stable codes; they appear in text, JSON and logs alike. */
export type Reason = LiveReason | StaleReason | UnhealthyReason | UnverifiedReason | ForeignReason;

/** The facts behind a verdict, flat, for people and programs. */
export type Evidence = Readonly<Record<string, string | number>>;

/** One entry with its verdict; the reason's type follows from the verdict. */
export type Judgement = {
  readonly entry: Entry;
  readonly evidence: Evidence;
} & (
  | { readonly verdict: 'live'; readonly reason: LiveReason }
  | { readonly verdict: 'stale'; readonly reason: StaleReason }
  | { readonly verdict: 'unhealthy'; readonly reason: UnhealthyReason }
  | { readonly verdict: 'unverified'; readonly reason: UnverifiedReason }
  | { readonly verdict: 'foreign'; readonly reason: ForeignReason }
);

export type JudgementOf<V extends Verdict> = Extract<Judgement, { verdict: V }>;
