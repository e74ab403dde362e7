import { isIPv4 } from 'node:net';
import type { Clock } from '../../model/clock.ts';
import type { Task } from '../world/ecs-shapes.ts';
import type { TaskOptions } from '../world/new-task.ts';
import type { World } from '../world/world.ts';
import type { RunningContainers } from './containers.ts';

/** What becomes of a task; `successor` is missing where no service keeps it. */
export type TaskChange =
  | { readonly kind: 'stopping'; readonly task: Task }
  | { readonly kind: 'ended'; readonly task: Task; readonly successor: Task | undefined };

export interface SchedulerOptions {
  readonly world: World;
  readonly containers: RunningContainers;
  readonly clock: Clock;
  /** From its abort on nothing ends or starts any more. */
  readonly stop: AbortSignal;
  readonly observe: (change: TaskChange) => void;
}

/** How long a container goes on after its task was told to stop. */
const ENDING_MS = 3_000;
/** How long ECS describes a task that has stopped. */
const REMEMBERED_MS = 3_600_000;

/**
 * Does with tasks what ECS does: one that is told to stop goes on for a while and ends, and its service runs another in
 * its place. What it returns resolves after `stop`, once nothing is under way.
 */
export function scheduleTasks(options: SchedulerOptions): () => Promise<void> {
  const { world, stop } = options;
  const under = new Set<Promise<void>>();
  const addresses = freshAddresses();
  const follow = (task: Task) => {
    if (task.desiredStatus !== 'STOPPED' || task.lastStatus === 'STOPPED') return;
    const ending = replace(task, addresses, options).finally(() => under.delete(ending));
    under.add(ending);
  };
  world.taskListeners.add(follow);
  stop.addEventListener('abort', () => world.taskListeners.delete(follow), { once: true });
  return async () => {
    await Promise.all(under);
  };
}

async function replace(
  task: Task,
  addresses: FreshAddresses,
  { world, containers, clock, stop, observe }: SchedulerOptions,
): Promise<void> {
  observe({ kind: 'stopping', task });
  await clock.sleep(ENDING_MS, stop).catch(() => {});
  if (stop.aborted) return;
  await containers.end(task);
  world.stopTask(task, clock.now() / 1000);
  forget(world, task.clusterArn, (clock.now() - REMEMBERED_MS) / 1000);
  const options = successorOptions(world, task, addresses);
  const successor =
    options === undefined ? undefined : world.addTask({ ...options, startedAt: clock.now() / 1000 });
  if (successor !== undefined) await containers.start(successor);
  observe({ kind: 'ended', task, successor });
}

function forget(world: World, clusterArn: string, before: number): void {
  const old = [...world.cluster(clusterArn).tasks.values()].filter(
    ({ stoppedAt }) => stoppedAt !== undefined && stoppedAt < before,
  );
  for (const task of old) world.removeTask(task);
}

/** The successor of a service's task: on the same machine, or at an address of its own. */
function successorOptions(
  world: World,
  task: Task,
  addresses: FreshAddresses,
): Omit<TaskOptions, 'startedAt'> | undefined {
  const [, service] = /^service:(.+)$/.exec(task.group) ?? [];
  const taskDefinition = world.taskDefinitions.get(task.taskDefinitionArn);
  if (service === undefined || taskDefinition === undefined) return undefined;
  const machine = [...world.machines.values()].find(
    ({ containerInstance }) =>
      containerInstance !== undefined && containerInstance.containerInstanceArn === task.containerInstanceArn,
  );
  const address = addressOf(task);
  return {
    cluster: task.clusterArn,
    taskDefinition,
    service,
    launchType: task.launchType,
    availabilityZone: task.availabilityZone,
    ...(machine === undefined ? {} : { machine }),
    ...(address === undefined ? {} : { address: addresses.after(address) }),
  };
}

function addressOf({ attachments }: Task): string | undefined {
  const details = attachments.flatMap((one) => one.details);
  return details.find(({ name, value }) => name === 'privateIPv4Address' && isIPv4(value))?.value;
}

type FreshAddresses = ReturnType<typeof freshAddresses>;

/** Addresses in the block of those that the fleet began with, and beyond all of them. */
function freshAddresses() {
  let count = 0;
  return {
    after: (address: string): string => {
      const [first, second] = address.split('.');
      const index = count++ % 10_000;
      return `${first}.${second}.${200 + Math.floor(index / 250)}.${1 + (index % 250)}`;
    },
  };
}
