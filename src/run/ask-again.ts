import type { Observation } from '../plan/observation.ts';
import type { Plan } from '../plan/plan.ts';
import { askedAgain, askedBefore } from '../plan/recovery.ts';
import { askedOnce } from './ask-endpoints.ts';
import type { RunContext } from './run.ts';

/** What was asked longer ago may have recovered: a run is slow, or a question has stood on a terminal. */
const FRESH_MS = 5_000;

/**
 * Asks what is about to go for its health once more, where it was not asked just now. Whatever comes of it but another
 * failure spares it.
 */
export async function askAgain(
  approved: Plan,
  observation: Observation,
  { ports: { clock, prober }, options: { deadline, signal } }: RunContext,
): Promise<Observation> {
  const targets = askedBefore(clock.now() - FRESH_MS, approved, observation);
  if (targets.length === 0) return observation;
  const again = await prober.probe(targets.map(askedOnce), { deadline }, signal);
  return askedAgain(observation, again);
}
