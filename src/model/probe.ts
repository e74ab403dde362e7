import type { HealthCheck } from './health-check.ts';
import type { ReasonOf } from './verdict.ts';

/**
 * One health check of one endpoint. Several entries that lead to one address and port share it.
 *
 * | outcome       | meaning                                                              |
 * |---------------|----------------------------------------------------------------------|
 * | healthy       | an answer that the matcher accepts                                   |
 * | unhealthy     | the endpoint refused, failed or answered something else, every time  |
 * | indeterminate | the checker's own trouble, an answer that only it cannot read, or it was not allowed to ask |
 */
export type ProbeOutcome = (Success | Trouble) & ProbeEvidence;

/** `hasRecovered`: it failed first, and passed when it was asked again before its entry went. */
interface Success {
  readonly kind: 'healthy';
  readonly hasRecovered?: true;
}

type Trouble =
  | { readonly kind: 'unhealthy'; readonly reason: UnhealthyReason }
  | { readonly kind: 'indeterminate'; readonly reason: IndeterminateReason };

export type UnhealthyReason = ReasonOf<'unhealthy'>;

/** Why nothing is known of how an endpoint is. */
export type IndeterminateReason = Extract<
  ReasonOf<'unverified'>,
  'address-not-allowed' | 'checker-error' | 'deadline' | 'malformed-answer' | 'too-few-attempts'
>;

/** `durationMs` is that of all attempts together, without the waits between them. */
export interface ProbeEvidence extends AttemptEvidence {
  readonly attempts: number;
  readonly durationMs: number;
  /** When the last attempt of one that fails ended, in epoch milliseconds. */
  readonly endedAt?: number;
}

/** What an endpoint answered, as far as it did. */
export interface AttemptEvidence {
  readonly status?: number;
  readonly errorCode?: string;
  /** The first 200 bytes of a bad answer's body. */
  readonly body?: string;
}

/** Where a probe goes, an address literal (never a name) and a TCP port, and how it asks. */
export interface ProbeTarget {
  readonly address: string;
  readonly port: number;
  readonly check: HealthCheck;
  /** How long a TCP connection has to stand to count, in milliseconds: a proxy accepts before it finds that no container is behind it. */
  readonly lingerMs?: number;
}

/**
 * How one attempt ended. `exhausted` was none at all: the process had no descriptor or port left for
 * it, which says nothing of the endpoint.
 */
export type AttemptResult =
  | { readonly kind: 'healthy'; readonly status?: number }
  | (Trouble & AttemptEvidence)
  | { readonly kind: 'exhausted'; readonly errorCode: string };

/** One attempt as an observer sees it. */
export interface AttemptReport {
  readonly target: ProbeTarget;
  /** Counted from 1. */
  readonly attempt: number;
  readonly result: AttemptResult;
  readonly durationMs: number;
}

/** The outcome of a target that was not probed before time ran out. */
export const NOT_PROBED: ProbeOutcome = {
  kind: 'indeterminate',
  reason: 'deadline',
  attempts: 0,
  durationMs: 0,
};

/** Whether something at the endpoint spoke or listened, healthy or not. */
export function hasAnswered(outcome: ProbeOutcome): boolean {
  if (outcome.kind === 'indeterminate') return outcome.reason === 'malformed-answer';
  return outcome.kind === 'healthy' || !SILENCE.has(outcome.reason);
}

/** How nothing at all fails: no way there, no listener, or a proxy that has nothing behind it. */
const SILENCE: ReadonlySet<UnhealthyReason> = new Set([
  'connection-refused',
  'connection-reset',
  'timeout',
  'unreachable',
]);

/** Whether nothing at all came back: so an endpoint looks that is not there, and one to which there is no way. */
export function isUnheard(outcome: ProbeOutcome): boolean {
  return outcome.kind === 'unhealthy' && (outcome.reason === 'timeout' || outcome.reason === 'unreachable');
}

/** Where this machine has no route to a network, nothing there can be asked, now or in a later run. */
const NO_ROUTE = 'ENETUNREACH';

/** Whether there is no use in asking again. */
export function isWithoutRoute({ errorCode }: ProbeOutcome): boolean {
  return errorCode === NO_ROUTE;
}

/** Whether an endpoint was to be asked, and nothing is known of it that a later run may not find. */
export function isStillToAsk(outcome: ProbeOutcome): boolean {
  return outcome.kind === 'indeterminate' && STILL_TO_ASK.has(outcome.reason) && !isWithoutRoute(outcome);
}

const STILL_TO_ASK: ReadonlySet<IndeterminateReason> = new Set([
  'checker-error',
  'deadline',
  'too-few-attempts',
]);

export function probeKey(target: Pick<ProbeTarget, 'address' | 'port'>): string {
  return `${target.address} ${target.port}`;
}
