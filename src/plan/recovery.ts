import type { EcsHealthLookup } from '../model/ecs-health.ts';
import { historyKey } from '../model/health-history.ts';
import type { Endpoint } from '../model/inventory.ts';
import { type ProbeOutcome, type ProbeTarget, probeKey } from '../model/probe.ts';
import { NO_TARGET_HEALTH, type TargetHealthLookup, targetHealthOf } from '../model/target-health.ts';
import { isForHealth } from './judge/judge-entries.ts';
import {
  type ProbeRule,
  probeTargetOf,
  type TrustedFailure,
  trustedFailureOf,
} from './judge/probe-targets.ts';
import type { Observation } from './observation.ts';
import type { Plan } from './plan.ts';

/** What is to go because AWS itself calls it unhealthy, where AWS was asked before the given time. */
export function condemnedBefore(
  time: number,
  by: TrustedFailure,
  { removing, matching: { rule } }: Plan,
  { readAt }: Observation,
): readonly Endpoint[] {
  if (readAt >= time) return [];
  return removing.filter(isForHealth).flatMap(({ match }) => {
    if (match.kind !== 'endpoint') return [];
    return trustedFailureOf(match.endpoint, rule) === by ? [match.endpoint] : [];
  });
}

/** The observation with what ECS says of containers by now. The very same where it still calls them all unhealthy. */
export function ecsAskedAgain(observation: Observation, again: EcsHealthLookup): Observation {
  const isSame = [...again.values()].every((health) => health === 'UNHEALTHY');
  return isSame ? observation : { ...observation, ecsHealth: again };
}

/**
 * The observation with what target groups say of some endpoints by now, where they do not call them unhealthy any more, or
 * say nothing. The very same where they still do.
 */
export function groupsAskedAgain(
  observation: Observation,
  endpoints: readonly Endpoint[],
  again: TargetHealthLookup,
): Observation {
  const said = endpoints
    .map((one) => historyKey(one))
    .map((key) => [key, again.states.get(key) ?? []] as const);
  const changed = said.filter(([, states]) => targetHealthOf(states) !== 'unhealthy');
  if (changed.length === 0) return observation;
  const { states, incomplete } = observation.targetHealth ?? NO_TARGET_HEALTH;
  return { ...observation, targetHealth: { states: new Map([...states, ...changed]), incomplete } };
}

/** Where what is to go for its health was asked last before the given time: there it is asked once more before it goes. */
export function askedBefore(
  time: number,
  { removing }: Plan,
  rule: ProbeRule,
  { probeResults: { outcomes }, now }: Observation,
): readonly ProbeTarget[] {
  const targets = removing.filter(isForHealth).flatMap(({ match }) => probeTargetOf(match, rule) ?? []);
  return targets.filter((target) => (outcomes.get(probeKey(target))?.endedAt ?? now) < time);
}

/**
 * The observation with what was said when it was asked again, where that is no other failure: what passes has recovered,
 * and of what could not be asked it is not known any more how it is. The very same where all still fail.
 */
export function askedAgain(observation: Observation, again: ReadonlyMap<string, ProbeOutcome>): Observation {
  const changed = [...again].filter(([, { kind }]) => kind !== 'unhealthy');
  if (changed.length === 0) return observation;
  const { probeResults } = observation;
  const outcomes = new Map(probeResults.outcomes);
  for (const [key, outcome] of changed) {
    outcomes.set(key, outcome.kind === 'healthy' ? { ...outcome, hasRecovered: true } : outcome);
  }
  return { ...observation, probeResults: { ...probeResults, outcomes } };
}
