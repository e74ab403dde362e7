import { type Comparison, comparePlans } from '../plan/compare.ts';
import { narrowedTo, type Observation } from '../plan/observation.ts';
import { makePlan, type Plan } from '../plan/plan.ts';
import type { Policy } from '../plan/policy.ts';
import { type Conduct, observe } from '../run/observe.ts';
import type { Ports } from '../run/ports.ts';

/** What another policy would change, with all that it was found out from. */
export interface Compared {
  readonly observation: Observation;
  readonly finishedAt: number;
  /** What a run would do under that policy. */
  readonly plan: Plan;
  readonly comparison: Comparison;
}

/**
 * Observes once and plans twice: by the policy in force, and by its alternative. How endpoints are checked is as the
 * alternative says for both. It changes nothing and remembers nothing. Throws a `RunError` for what a run cannot do
 * without.
 */
export async function compare(
  ports: Ports,
  inForce: Policy,
  alternative: Policy,
  conduct: Conduct,
): Promise<Compared> {
  const now = { ...inForce, health: alternative.health };
  const observation = await observe(ports, [alternative, now], conduct);
  const planFor = (policy: Policy) => makePlan(narrowedTo(observation, policy), policy);
  const plan = planFor(alternative);
  const comparison = comparePlans(planFor(now), plan);
  return { observation, finishedAt: ports.clock.now(), plan, comparison };
}
