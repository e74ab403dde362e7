import { NOT_PROBED, type ProbeTarget, probeKey } from '../model/probe.ts';
import type { ProbeResults, Unprobed } from '../plan/observation.ts';
import { candidateTargetsOf } from '../plan/plan.ts';
import type { ProbeOptions, Prober } from '../probe/prober.ts';

/**
 * Asks whatever entries lead to how it is, and whatever would go as stale once, itself: what this role may see is not
 * all there is. The stale ones come first, because they are few, and endpoints that hang must not keep them from their
 * turn. Outcomes are by `probeKey`, and those of endpoints alone; answers are by `entryKey`.
 */
export async function askEndpoints(
  observed: Unprobed,
  endpoints: readonly ProbeTarget[],
  prober: Prober,
  options: ProbeOptions,
  signal: AbortSignal | undefined,
): Promise<Pick<ProbeResults, 'outcomes' | 'answers'>> {
  const candidates = candidateTargetsOf(observed);
  if (candidates.size === 0) {
    return { outcomes: await prober.probe(endpoints, options, signal), answers: new Map() };
  }
  const ofEndpoints = new Set(endpoints.map(probeKey));
  const further = [...candidates.values()].filter((target) => !ofEndpoints.has(probeKey(target)));
  const all = await prober.probe([...further, ...endpoints], options, signal);
  const answerOf = (target: ProbeTarget) => ({ target, outcome: all.get(probeKey(target)) ?? NOT_PROBED });
  return {
    outcomes: new Map([...all].filter(([key]) => ofEndpoints.has(key))),
    answers: new Map([...candidates].map(([key, target]) => [key, answerOf(target)])),
  };
}
