import type { Entry } from './entry.ts';
import { INDETERMINATE_REASONS, UNHEALTHY_REASONS } from './probe.ts';

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
export const VERDICTS = ['live', 'stale', 'unhealthy', 'unverified', 'foreign'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** Every reason there is, by the verdict it can stand for. */
export const REASONS = {
  live: ['healthy', 'running', 'host-present', 'service-balanced'],
  stale: [
    'task-gone',
    'task-stopping',
    'instance-gone',
    'port-reassigned',
    'superseded',
    'service-gone',
    'balancer-gone',
  ],
  unhealthy: [...UNHEALTHY_REASONS, 'draining'],
  unverified: [
    ...INDETERMINATE_REASONS,
    'grace-period',
    'below-threshold',
    'recovering',
    'malformed-value',
    'target-unresolved',
    'host-not-covered',
    'escaped-name',
    'task-starting',
    'port-not-bound',
    'service-unknown',
    'service-unread',
    'cluster-not-covered',
    'address-differs',
    'address-not-covered',
  ],
  foreign: [
    'record-type',
    'alias',
    'traffic-policy',
    'apex',
    'not-weighted',
    'set-identifier',
    'name-not-managed',
  ],
} as const satisfies Readonly<Record<Verdict, readonly string[]>>;

export type ReasonOf<V extends Verdict> = (typeof REASONS)[V][number];
export type ForeignReason = ReasonOf<'foreign'>;

/** Stable codes; they appear in text, JSON and logs alike. */
export type Reason = ReasonOf<Verdict>;

/** The facts behind a verdict, flat, for people and programs. */
export type Evidence = Readonly<Record<string, string | number>>;

/** One entry with its verdict; the reason's type follows from the verdict. */
export type Judgement = {
  readonly [V in Verdict]: {
    readonly entry: Entry;
    readonly evidence: Evidence;
    readonly verdict: V;
    readonly reason: ReasonOf<V>;
  };
}[Verdict];

export type JudgementOf<V extends Verdict> = Extract<Judgement, { verdict: V }>;
