import type { ServiceState } from '../../model/task-stop.ts';

/**
 * Why no task of a service is stopped; `undefined` when nothing speaks against it.
 *
 * | the service …                                  | because                                                    |
 * |------------------------------------------------|------------------------------------------------------------|
 * | is not described                               | it may be gone, and nothing would take the task's place       |
 * | is not ACTIVE                                  | the same                                                   |
 * | is being deployed                              | ECS starts and stops its tasks, and counts those that fail |
 * | runs no more tasks than are about to be stopped | the last one stays                                         |
 */
export function serviceObjection(state: ServiceState | undefined, stopping: number): string | undefined {
  if (state === undefined) return 'ECS does not describe its service';
  if (state.status !== 'ACTIVE') return `its service is ${state.status ?? 'in no known state'}, not ACTIVE`;
  if (state.isDeploying) return 'a deployment of its service is in progress';
  if (state.runningCount > stopping) return undefined;
  return `its service runs ${state.runningCount}, and the last one is never stopped`;
}
