import { type ProbeOutcome, type ProbeTarget, probeKey } from '../../../src/model/probe.ts';
import type { Prober } from '../../../src/probe/prober.ts';
import { mutant } from './mutant.ts';

type Outcomes = ReadonlyMap<string, ProbeOutcome>;

/** A prober that mishears: all that it tells, while slow endpoints are still asked and at the end, is altered. */
export function mishearing(
  alter: (heard: Outcomes, targets: readonly ProbeTarget[]) => Outcomes,
): (prober: Prober) => Prober {
  return (prober) => ({
    probe: async (targets, { onSlow, ...options }, signal) => {
      const told = onSlow && { onSlow: (heard: Outcomes) => onSlow(alter(heard, targets)) };
      return alter(await prober.probe(targets, { ...options, ...told }, signal), targets);
    },
  });
}

/** The same, of one outcome after the other. */
export function mishearingEach(alter: (outcome: ProbeOutcome) => ProbeOutcome): (prober: Prober) => Prober {
  return mishearing((heard) => new Map([...heard].map(([key, outcome]) => [key, alter(outcome)])));
}

/** A stale entry that is asked itself refuses where `isMeant`: only such targets say how long a connection has to stand. */
export function answering(
  isMeant: (outcome: ProbeOutcome, isCandidate: boolean) => boolean,
): (prober: Prober) => Prober {
  return mishearing((heard, targets) => {
    const candidates = new Set(targets.filter(isAskedOnce).map(probeKey));
    const refused = ({ attempts, durationMs }: ProbeOutcome): ProbeOutcome => ({
      kind: 'unhealthy',
      reason: 'connection-refused',
      attempts,
      durationMs,
    });
    return new Map(
      [...heard].map(([key, one]) => [key, isMeant(one, candidates.has(key)) ? refused(one) : one]),
    );
  });
}

/** Whether a target is an entry that would go as stale. */
export function isAskedOnce({ check, lingerMs }: ProbeTarget): boolean {
  return check.attempts === 1 && lingerMs !== undefined;
}

const askingNothing = answering((_, isCandidate) => isCandidate);
const unasking = mutant('still-answers-ignored', { prober: askingNothing });

/**
 * Nothing is asked before it goes as stale. What a worker misses of its clusters answers, and would stay: a mutant that
 * overlooks some of it is found out only so.
 */
export const unasked = { prober: askingNothing, besides: unasking };
