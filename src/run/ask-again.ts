import { type Observation, ruleOf } from '../plan/observation.ts';
import type { Plan } from '../plan/plan.ts';
import {
  askedAgain,
  askedBefore,
  condemnedBefore,
  ecsAskedAgain,
  groupsAskedAgain,
} from '../plan/recovery.ts';
import { askedOnce } from './ask-endpoints.ts';
import type { RunContext } from './run.ts';

/** What was asked longer ago may have recovered: a run is slow, or a question has stood on a terminal. */
const FRESH_MS = 5_000;

/**
 * Asks what is about to go for its health once more, where it was not asked just now: ECS or its target groups, where they
 * have condemned it, and itself. Whatever comes of it but another failure spares it.
 */
export async function askAgain(
  approved: Plan,
  observation: Observation,
  context: RunContext,
): Promise<Observation> {
  const { ports, options } = context;
  const { deadline, signal } = options;
  const time = ports.clock.now() - FRESH_MS;
  const seen = await askGroupsAgain(
    time,
    approved,
    await askEcsAgain(time, approved, observation, context),
    context,
  );
  // What AWS condemns no more is asked itself.
  const targets = askedBefore(time, approved, ruleOf(seen, options), seen);
  if (targets.length === 0) return seen;
  const again = await ports.prober.probe(targets.map(askedOnce), { deadline }, signal);
  return askedAgain(seen, again);
}

async function askEcsAgain(
  time: number,
  approved: Plan,
  observation: Observation,
  { ports: { inventory }, options: { signal } }: RunContext,
): Promise<Observation> {
  const containers = condemnedBefore(time, 'ecs-unhealthy', approved, observation).map(
    ({ container }) => container,
  );
  if (containers.length === 0) return observation;
  return ecsAskedAgain(observation, await inventory.readEcsHealth(containers, signal));
}

async function askGroupsAgain(
  time: number,
  approved: Plan,
  observation: Observation,
  { ports: { inventory }, options: { signal } }: RunContext,
): Promise<Observation> {
  const endpoints = condemnedBefore(time, 'target-unhealthy', approved, observation);
  if (endpoints.length === 0) return observation;
  return groupsAskedAgain(observation, endpoints, await inventory.readTargetHealth(endpoints, signal));
}
