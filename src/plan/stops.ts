import { normalizeName } from '../model/dns-name.ts';
import { nameSwitch } from '../model/name-pattern.ts';
import type { DeregisteredSince } from '../model/task-stop.ts';
import type { Observation } from './observation.ts';
import type { StoppingPolicy } from './policy.ts';
import { type AppliedGroup, nextDeregisteredSince, zoneAfter } from './stop/deregistered-since.ts';
import { taskReferencesIn } from './stop/task-references.ts';

export { pendingChanges, withChangesInSync } from './stop/deregistered-since.ts';
export type { DueStop, FailingTask, StopPlan } from './stop/plan-stops.ts';
export { serviceObjection } from './stop/service-objection.ts';
export { taskReferencesIn } from './stop/task-references.ts';

/** What is known of the records of tasks that may be stopped, once a run has applied its changes. */
export function deregistrations(
  { ecsServices, deregisteredSince }: StoppingPolicy,
  { zone, recordSets, readAt, inventory, state }: Observation,
  applied: readonly AppliedGroup[],
  now: number,
): DeregisteredSince {
  const zoneName = normalizeName(zone.name);
  const mayStop = nameSwitch(ecsServices);
  const before = taskReferencesIn(recordSets, zoneName, inventory);
  const groups = applied.map(({ group }) => group);
  const after =
    groups.length === 0 ? before : taskReferencesIn(zoneAfter(recordSets, groups), zoneName, inventory);
  const tasks = new Set(
    inventory.containers
      .filter(({ ecsService }) => ecsService !== undefined && mayStop(ecsService))
      .map(({ taskArn }) => taskArn),
  );
  const times = { readAt, lastRunAt: state.lastRun?.finishedAt };
  return nextDeregisteredSince(deregisteredSince, { tasks, before, after, applied, now, ...times });
}
