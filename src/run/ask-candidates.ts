import { NOT_PROBED, type ProbeTarget, probeKey } from '../model/probe.ts';
import type { ProbeResults, Unasked } from '../plan/observation.ts';
import { candidateTargetsOf } from '../plan/plan.ts';
import type { ProbeOptions, Prober } from '../probe/prober.ts';

/**
 * Asks whatever would go as stale once, itself: what this role may see is not all there is. A fleet with nothing stale
 * has nothing to ask. The answers are by `entryKey`.
 */
export async function askCandidates(
  observed: Unasked,
  prober: Prober,
  options: ProbeOptions,
  signal: AbortSignal | undefined,
): Promise<ProbeResults['answers']> {
  const targets = candidateTargetsOf(observed);
  if (targets.size === 0) return new Map();
  const outcomes = await prober.probe([...targets.values()], options, signal);
  const answerOf = (target: ProbeTarget) => ({
    target,
    outcome: outcomes.get(probeKey(target)) ?? NOT_PROBED,
  });
  return new Map([...targets].map(([key, target]) => [key, answerOf(target)]));
}
