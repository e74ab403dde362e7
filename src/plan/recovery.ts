import { type ProbeOutcome, type ProbeTarget, probeKey } from '../model/probe.ts';
import { isForHealth } from './judge/judge-entries.ts';
import { probeTargetOf } from './judge/probe-targets.ts';
import type { Observation } from './observation.ts';
import type { Plan } from './plan.ts';

/** Where what is to go for its health was asked last before the given time: there it is asked once more before it goes. */
export function askedBefore(
  time: number,
  { removing, matching: { rule } }: Plan,
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
