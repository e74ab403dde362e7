import { type Inventory, serviceKeyOf } from './inventory.ts';
import type { RunningTasks } from './run-state.ts';
import { LARGE_COUNT } from './share.ts';
import type { ServiceState } from './task-stop.ts';

/** Fewer than so many percent of the tasks that ran before are too few. Source: Eureka's self-preservation. */
export const RENEWAL_PERCENT = 85;

/** By `serviceKey`: how many tasks run. */
export type TaskCounts = RunningTasks['tasks'];

/** ECS services of which tasks are missing that ran when everything was read last. */
export interface MissingTasks {
  /** How many ran then, of all services. */
  readonly before: number;
  /** By `serviceKey`: how many of them are missing, and how many are there. */
  readonly services: ReadonlyMap<string, { readonly missing: number; readonly running: number }>;
}

/**
 * How many tasks of each ECS service run; `undefined` where not all that may run was read. A task that no service
 * started ends by itself sooner or later, and does not count.
 */
export function countRunning({ containers, incomplete }: Inventory): TaskCounts | undefined {
  if (incomplete.some(({ hides }) => hides === 'endpoints')) return undefined;
  const tasks = new Map<string, Set<string>>();
  for (const container of containers) {
    const key = serviceKeyOf(container);
    if (key === undefined || container.phase !== 'running') continue;
    tasks.set(key, (tasks.get(key) ?? new Set()).add(container.taskArn));
  }
  return new Map([...tasks].map(([key, arns]) => [key, arns.size]));
}

/** The services with fewer tasks than before, if too few are left in all; else `undefined`, as below 10 tasks. */
export function missingTasks(
  before: TaskCounts | undefined,
  running: TaskCounts | undefined,
  { coverage, clusters }: Inventory,
): MissingTasks | undefined {
  if (before === undefined || running === undefined) return undefined;
  const read = new Set(clusters.map(({ arn }) => arn));
  // A cluster that is no longer configured was left out by an operator.
  const isMeant = (key: string) => coverage === 'all-clusters' || read.has(clusterArnOf(key));
  const counted = [...before].filter(([key]) => isMeant(key));
  const services = counted
    .map(([key, ran]) => [key, ran, running.get(key) ?? 0] as const)
    .filter(([, ran, now]) => now < ran)
    .map(([key, ran, now]) => [key, { missing: ran - now, running: now }] as const);
  const total = counted.reduce((sum, [, ran]) => sum + ran, 0);
  return tooFew({ before: total, services: new Map(services) });
}

/** What is left of missing tasks once ECS has told of their services, by `serviceKey`. */
export function unexplained(
  { before, services }: MissingTasks,
  states: ReadonlyMap<string, ServiceState>,
): MissingTasks | undefined {
  const left = [...services].filter(([key, { running }]) => !isExplained(states.get(key), running));
  return tooFew({ before, services: new Map(left) });
}

/** ECS itself counts, or wants, no more than were read; or it is exchanging them. */
function isExplained(state: ServiceState | undefined, running: number): boolean {
  if (state === undefined) return false;
  return state.isDeploying || state.runningCount <= running || state.desiredCount <= running;
}

function tooFew(missing: MissingTasks): MissingTasks | undefined {
  const { before } = missing;
  return before >= LARGE_COUNT && leftOf(missing) * 100 < before * RENEWAL_PERCENT ? missing : undefined;
}

/** How many of the tasks that ran before are there, or are missing with a reason. */
export function leftOf({ before, services }: MissingTasks): number {
  return [...services.values()].reduce((left, { missing }) => left - missing, before);
}

function clusterArnOf(key: string): string {
  return key.slice(0, key.indexOf(' '));
}
