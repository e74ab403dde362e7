import type { Observation } from '../plan/observation.ts';
import type { ChangePlan, Plan } from '../plan/plan.ts';
import type { RunPreview } from './run.ts';
import { previewStops } from './stop-tasks.ts';

/** What is known before anything of a plan is carried out. */
export function previewOf(
  plan: Plan,
  { zone, inventory, unknownHosts, probeResults, services, targetHealth }: Observation,
  runId: string,
): RunPreview {
  const known = { runId, zone, inventory, unknownHosts, probeResults, services, targetHealth };
  return { ...known, plan: changePlanOf(plan), stops: previewStops(plan.stops) };
}

/** What is told of a plan: what it would change, without what planning needs of the fleet. */
export function changePlanOf(plan: Plan): ChangePlan {
  const { judged, desiredRecords, unregistered, stops, inventory, matching, ...changes } = plan;
  return changes;
}
