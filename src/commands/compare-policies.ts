import { comparePlans } from '../plan/compare.ts';
import { narrowedTo } from '../plan/observation.ts';
import { makePlan } from '../plan/plan.ts';
import type { Policy } from '../plan/policy.ts';
import { type Conduct, observe } from '../run/observe.ts';
import type { Ports } from '../run/ports.ts';
import { changePlanOf } from '../run/preview.ts';
import type { Compared } from '../run/run.ts';

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
  const { zone, startedAt, inventory, unknownHosts, probeResults, services, targetHealth } = observation;
  return {
    observation: { zone, startedAt, inventory, unknownHosts, probeResults, services, targetHealth },
    finishedAt: ports.clock.now(),
    plan: changePlanOf(plan),
    comparison,
  };
}
