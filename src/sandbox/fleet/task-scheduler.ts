import { setMaxListeners } from 'node:events';
import type { Clock } from '../../model/clock.ts';
import type { Service, Task } from '../world/ecs-shapes.ts';
import type { Machine } from '../world/machine.ts';
import type { TaskOptions } from '../world/new-task.ts';
import type { World } from '../world/world.ts';
import { RestartThrottle } from './restart-throttle.ts';
import type { RunningContainers } from './running-containers.ts';
import { keepServices, type ServiceKeeper, serviceOf } from './service-keeper.ts';

/** What becomes of a task or a machine; `successor` is missing where no service keeps the task. */
export type TaskChange =
  | { readonly kind: 'stopping'; readonly task: Task }
  | { readonly kind: 'ended'; readonly task: Task; readonly successor: Task | undefined }
  | { readonly kind: 'started'; readonly task: Task }
  | { readonly kind: 'waiting'; readonly service: Service; readonly waitMs: number }
  | { readonly kind: 'terminated'; readonly machine: Machine };

export interface SchedulerOptions {
  readonly world: World;
  readonly containers: RunningContainers;
  readonly clock: Clock;
  /** From its abort on nothing ends or starts any more. */
  readonly stop: AbortSignal;
  readonly observe: (change: TaskChange) => void;
  /** How long a task is on its way at each status before it runs; a second, unless given. */
  readonly startingMs?: (task: Task) => number;
  /** Knows which services wait before they begin another task. */
  readonly restarts?: RestartThrottle;
}

type Scheduling = SchedulerOptions & { readonly restarts: RestartThrottle };

const STARTING_MS = 1_000;
/** How long a task that was told to stop is deregistered, before its containers are told to end. */
const DEACTIVATING_MS = 1_000;
/** How long a machine goes on after it was told to shut down. */
const SHUTDOWN_MS = 2_000;
/** How long ECS describes a task that has stopped. */
const REMEMBERED_MS = 3_600_000;

/**
 * Does with tasks what ECS does: one that is to run does after a while, one that is told to stop goes on for a while and
 * ends, and services have as many as they want. What it returns resolves after `stop`, once nothing is under way.
 */
export function scheduleTasks({
  restarts = new RestartThrottle(),
  ...given
}: SchedulerOptions): () => Promise<void> {
  const options: Scheduling = { ...given, restarts };
  const { world, stop } = options;
  // Each task on its way waits by it: their number is no sign of a leak.
  setMaxListeners(0, stop);
  const under = new Set<Promise<void>>();
  const keeper = keepServices(options);
  const track = (work: Promise<void>) => {
    const tracked = work.finally(() => under.delete(tracked));
    under.add(tracked);
  };
  const seen = new Set<Task>();
  const follow = (task: Task) => {
    const { desiredStatus, lastStatus } = task;
    if (desiredStatus === 'STOPPED' && lastStatus === 'DEACTIVATING') track(replace(task, options, keeper));
    if (desiredStatus !== 'RUNNING' || !['PROVISIONING', 'PENDING'].includes(lastStatus) || seen.has(task))
      return;
    seen.add(task);
    track(bringUp(task, options, keeper));
  };
  const shutDown = (machine: Machine) => track(terminate(machine, options, keeper));
  world.taskListeners.add(follow);
  world.machineListeners.add(shutDown);
  world.serviceListeners.add(keeper.update);
  const end = () => {
    world.taskListeners.delete(follow);
    world.machineListeners.delete(shutDown);
    world.serviceListeners.delete(keeper.update);
  };
  stop.addEventListener('abort', end, { once: true });
  return async () => {
    await Promise.all(under);
  };
}

/** From PROVISIONING, where it gets an interface, by PENDING to RUNNING. */
async function bringUp(
  task: Task,
  { world, containers, clock, stop, observe, startingMs = () => STARTING_MS }: SchedulerOptions,
  keeper: ServiceKeeper,
): Promise<void> {
  const isOn = () => !stop.aborted && task.desiredStatus === 'RUNNING';
  await pause(startingMs(task), clock, stop);
  if (isOn() && task.lastStatus === 'PROVISIONING') {
    world.advanceTask(task, 'PENDING', clock.now() / 1000);
    await pause(startingMs(task), clock, stop);
  }
  if (!isOn()) return;
  world.advanceTask(task, 'RUNNING', clock.now() / 1000);
  await containers.start(task);
  observe({ kind: 'started', task });
  keeper.settle(serviceOf(world, task));
}

async function replace(task: Task, scheduling: Scheduling, keeper: ServiceKeeper): Promise<void> {
  const { world, containers, clock, stop, observe, restarts } = scheduling;
  observe({ kind: 'stopping', task });
  await pause(DEACTIVATING_MS, clock, stop);
  if (stop.aborted || !isAt(task, 'DEACTIVATING')) return;
  world.advanceTask(task, 'STOPPING', clock.now() / 1000);
  await containers.stop(task, clock, stop);
  if (stop.aborted || !isAt(task, 'STOPPING')) return;
  world.stopTask(task, clock.now() / 1000);
  forget(world, task.clusterArn, (clock.now() - REMEMBERED_MS) / 1000);
  const service = serviceOf(world, task);
  const waitMs = service === undefined ? 0 : restarts.count(service, task, clock.now());
  const options = keeper.isShort(service) ? successorOptions(world, task) : undefined;
  const successor =
    options === undefined ? undefined : world.addTask({ ...options, startedAt: clock.now() / 1000 });
  if (successor !== undefined) await containers.start(successor);
  observe({ kind: 'ended', task, successor });
  keeper.settle(service);
  if (service === undefined || waitMs === 0) return;
  observe({ kind: 'waiting', service, waitMs });
  // A clock that was set back says that it is too early, and nothing else begins what is missing.
  for (let left = waitMs; left > 0 && !stop.aborted; left = restarts.waitMs(service, clock.now()))
    await pause(left, clock, stop);
  if (!stop.aborted) keeper.settle(service);
}

/** What runs on a machine ends with it, and services run it elsewhere. */
async function terminate(
  machine: Machine,
  { world, containers, clock, stop, observe }: SchedulerOptions,
  keeper: ServiceKeeper,
): Promise<void> {
  await pause(SHUTDOWN_MS, clock, stop);
  if (stop.aborted) return;
  const { cluster, containerInstance } = machine;
  const tasks =
    cluster === undefined || containerInstance === undefined
      ? []
      : [...cluster.tasksOf(containerInstance.containerInstanceArn).values()];
  const ending = tasks.filter(({ lastStatus }) => lastStatus !== 'STOPPED');
  for (const task of ending) await containers.end(task);
  world.terminateMachine(machine, clock.now() / 1000);
  observe({ kind: 'terminated', machine });
  for (const service of new Set(ending.map((task) => serviceOf(world, task)))) keeper.settle(service);
}

/** Asked anew after each pause: the machine below it may be gone. */
function isAt({ lastStatus }: Task, status: string): boolean {
  return lastStatus === status;
}

async function pause(ms: number, clock: Clock, stop: AbortSignal): Promise<void> {
  await clock.sleep(ms, stop).catch(() => {});
}

function forget(world: World, clusterArn: string, before: number): void {
  const old = [...world.cluster(clusterArn).tasks.values()].filter(
    ({ stoppedAt }) => stoppedAt !== undefined && stoppedAt < before,
  );
  for (const task of old) world.removeTask(task);
}

/** The successor of a service's task: on the same machine, or at an address of its own; elsewhere where that is gone. */
function successorOptions(world: World, task: Task): Omit<TaskOptions, 'startedAt'> | undefined {
  const service = serviceOf(world, task);
  const taskDefinition = world.taskDefinitions.get(service?.taskDefinition ?? '');
  if (service === undefined || taskDefinition === undefined) return undefined;
  const machine = [...world.machines.values()].find(
    ({ containerInstance }) =>
      containerInstance !== undefined && containerInstance.containerInstanceArn === task.containerInstanceArn,
  );
  if (machine?.ec2 !== undefined && machine.ec2.state !== 'running') return undefined;
  return {
    cluster: task.clusterArn,
    taskDefinition,
    service: service.serviceName,
    launchType: task.launchType,
    availabilityZone: task.availabilityZone,
    ...(machine === undefined ? {} : { machine }),
    ...(taskDefinition.networkMode === 'awsvpc' ? { address: world.freshAddress() } : {}),
  };
}
