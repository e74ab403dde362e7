import type { IncompleteScope } from './inventory.ts';

/** What a target group says of one of its targets; state and reason are Elastic Load Balancing's own codes. */
export interface TargetState {
  /** The target group's name. */
  readonly group: string;
  readonly state: string;
  readonly reason: string | undefined;
}

/** What target groups say of endpoints, by `historyKey`; what is in none, or could not be asked for, is absent. */
export type TargetStates = ReadonlyMap<string, readonly TargetState[]>;

/** What target groups said when they were asked. */
export interface TargetHealthLookup {
  readonly states: TargetStates;
  readonly incomplete: readonly IncompleteScope[];
}

export const NO_TARGET_HEALTH: TargetHealthLookup = { states: new Map(), incomplete: [] };

/** What all target groups of an endpoint come to; `disputed` where one finds it healthy and another one does not. */
export type TargetHealth = 'healthy' | 'unhealthy' | 'disputed';

/**
 * The reasons for which the endpoint itself has failed a health check. Elastic Load Balancing has others for the same
 * state, of its own trouble; and may have more one day.
 */
const FAILED_CHECKS: ReadonlySet<string> = new Set([
  'Target.FailedHealthChecks',
  'Target.ResponseCodeMismatch',
  'Target.Timeout',
]);

/**
 * What target groups say of the health of an endpoint; `undefined` where none of them says anything.
 *
 * | a target is …                                                        | which says     |
 * |----------------------------------------------------------------------|----------------|
 * | `healthy`                                                            | healthy        |
 * | `unhealthy`, as it failed a check, timed out or had the wrong answer | unhealthy      |
 * | `unhealthy` for another reason, or in any other state                | nothing        |
 *
 * Source: Elastic Load Balancing API Reference, "TargetHealth".
 */
export function targetHealthOf(states: readonly TargetState[]): TargetHealth | undefined {
  const isHealthy = states.some(({ state }) => state === 'healthy');
  const isUnhealthy = states.some(
    ({ state, reason }) => state === 'unhealthy' && FAILED_CHECKS.has(reason ?? ''),
  );
  if (isHealthy && isUnhealthy) return 'disputed';
  if (isHealthy) return 'healthy';
  return isUnhealthy ? 'unhealthy' : undefined;
}

/** What each target group says, in words for people. */
export function targetWords(states: readonly TargetState[]): string {
  return states
    .map(({ group, state, reason }) => `${group} ${state}${reason === undefined ? '' : ` (${reason})`}`)
    .join(', ');
}
