import { type ProbeOutcome, type ProbeTarget, probeKey } from '../../../src/model/probe.ts';
import type { Prober } from '../../../src/probe/prober.ts';
import { mutant } from './mutant.ts';

/** A stale entry that is asked itself refuses where `isMeant`: only such targets say how long a connection has to stand. */
export function answering(
  isMeant: (outcome: ProbeOutcome, isCandidate: boolean) => boolean,
): (prober: Prober) => Prober {
  return (prober) => ({
    probe: async (targets, ...rest) => {
      const outcomes = await prober.probe(targets, ...rest);
      const candidates = new Set(targets.filter(isAskedOnce).map(probeKey));
      const refused = ({ attempts, durationMs }: ProbeOutcome): ProbeOutcome => ({
        kind: 'unhealthy',
        reason: 'connection-refused',
        attempts,
        durationMs,
      });
      return new Map(
        [...outcomes].map(([key, one]) => [key, isMeant(one, candidates.has(key)) ? refused(one) : one]),
      );
    },
  });
}

function isAskedOnce({ check, lingerMs }: ProbeTarget): boolean {
  return check.attempts === 1 && lingerMs !== undefined;
}

const askingNothing = answering((_, isCandidate) => isCandidate);
const unasking = mutant('still-answers-ignored', { prober: askingNothing });

/**
 * Nothing is asked before it goes as stale. What a worker misses of its clusters answers, and would stay: a mutant that
 * overlooks some of it is found out only so.
 */
export const unasked = { prober: askingNothing, besides: unasking };
