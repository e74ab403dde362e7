import { NOT_PROBED, type ProbeOutcome, type ProbeTarget, probeKey } from '../model/probe.ts';
import type { ProbeResults, Unprobed } from '../plan/observation.ts';
import { candidateTargetsOf } from '../plan/plan.ts';
import type { ProbeOptions, Prober } from '../probe/prober.ts';
import { inSpan } from '../spans.ts';
import { outcomeOfProbes } from './span-outcomes.ts';

/** What endpoints and stale entries said. */
export type Heard = Pick<ProbeResults, 'outcomes' | 'answers'>;

/** How endpoints are asked; `onSlow` is told once, where only slow ones are left, with what was heard by then. */
export interface AskOptions extends Omit<ProbeOptions, 'onSlow'> {
  readonly onSlow?: ((heard: Heard) => void) | undefined;
}

/**
 * Asks whatever entries lead to how it is, and whatever would go as stale once, itself: what this role may see is not
 * all there is. The stale ones come first, because they are few, and endpoints that hang must not keep them from their
 * turn. Outcomes are by `probeKey`, and those of endpoints alone; answers are by `entryKey`.
 */
export async function askEndpoints(
  observed: Unprobed,
  endpoints: readonly ProbeTarget[],
  prober: Prober,
  { onSlow, ...options }: AskOptions,
  signal: AbortSignal | undefined,
): Promise<Heard> {
  const candidates = candidateTargetsOf(observed);
  const ofEndpoints = new Set(candidates.size === 0 ? [] : endpoints.map(probeKey));
  const further = [...candidates.values()].filter((target) => !ofEndpoints.has(probeKey(target)));
  const heardIn = (all: ReadonlyMap<string, ProbeOutcome>): Heard => {
    if (candidates.size === 0) return { outcomes: all, answers: new Map() };
    const answerOf = (target: ProbeTarget) => ({ target, outcome: all.get(probeKey(target)) ?? NOT_PROBED });
    return {
      outcomes: new Map([...all].filter(([key]) => ofEndpoints.has(key))),
      answers: new Map([...candidates].map(([key, target]) => [key, answerOf(target)])),
    };
  };
  const told = onSlow && { onSlow: (all: ReadonlyMap<string, ProbeOutcome>) => onSlow(heardIn(all)) };
  const probing = () => prober.probe([...further, ...endpoints], { ...options, ...told }, signal);
  return heardIn(await inSpan('probe', probing, outcomeOfProbes));
}

/** The same target, asked once. */
export function askedOnce(target: ProbeTarget): ProbeTarget {
  return { ...target, check: { ...target.check, attempts: 1 } };
}
