import type { Clock } from '../../model/clock.ts';
import type { Service, Task } from '../world/ecs-shapes.ts';
import { placeTask } from '../world/placement.ts';
import type { World } from '../world/world.ts';
import type { RestartThrottle } from './restart-throttle.ts';

/** Sees to it that services have the tasks that they want. */
export interface ServiceKeeper {
  /** What an update of a service asks for; `isAnew` wants a new task in place of each. */
  readonly update: (service: Service, isAnew: boolean) => void;
  /** Begins what is missing, and tells to stop what is too much. */
  readonly settle: (service: Service | undefined) => void;
  /** Whether it wants more tasks than there are, and need not wait before it begins one. */
  readonly isShort: (service: Service | undefined) => boolean;
}

interface KeeperOptions {
  readonly world: World;
  readonly clock: Clock;
  readonly restarts: RestartThrottle;
}

/** The service that keeps a task, if one does. */
export function serviceOf(world: World, { clusterArn, group }: Task): Service | undefined {
  const [, name] = /^service:(.+)$/.exec(group) ?? [];
  const cluster = world.cluster(clusterArn);
  return name === undefined ? undefined : cluster.services.get(cluster.arnOf('service', name));
}

/** What runs when it begins is what services want, where they say less. */
export function keepServices({ world, clock, restarts }: KeeperOptions): ServiceKeeper {
  const outdated = new Set<Task>();
  for (const cluster of world.clusters.values())
    for (const service of cluster.services.values())
      service.desiredCount = Math.max(service.desiredCount, wantedOf(world, service).length);

  const isShort: ServiceKeeper['isShort'] = (service) =>
    service !== undefined &&
    service.status === 'ACTIVE' &&
    !isWaiting(service) &&
    wantedOf(world, service).length < service.desiredCount;
  const isWaiting = (service: Service) => restarts.waitMs(service, clock.now()) > 0;

  const settle: ServiceKeeper['settle'] = (service) => {
    if (service === undefined || service.status !== 'ACTIVE') return;
    const wanted = wantedOf(world, service);
    const current = wanted.filter((task) => !outdated.has(task));
    const missing = isWaiting(service) ? 0 : service.desiredCount - current.length;
    for (let begun = 0; begun < missing; begun++) begin(service);
    const running = wanted.filter(({ lastStatus }) => lastStatus === 'RUNNING');
    const old = running.filter((task) => outdated.has(task));
    // What replaces them runs before they go; of what is too much otherwise, the newest goes first.
    const excess = Math.max(0, running.length - service.desiredCount);
    const first = [...old, ...current.toReversed()].slice(
      0,
      Math.max(excess, current.length - service.desiredCount),
    );
    for (const task of first) tellToStop(task);
  };

  const begin = (service: Service): void => {
    const cluster = world.cluster(service.clusterArn);
    const taskDefinition = world.taskDefinitions.get(service.taskDefinition);
    if (taskDefinition === undefined) return;
    const place = placeTask(world, cluster, taskDefinition, service.launchType);
    if (place?.kind !== 'placed') return;
    const { serviceName, launchType } = service;
    world.beginTask(
      { cluster, taskDefinition, service: serviceName, launchType, ...place.at },
      clock.now() / 1000,
    );
  };

  const tellToStop = (task: Task): void => {
    outdated.delete(task);
    world.tellToStop(
      task,
      'Scaling activity initiated by the service',
      clock.now() / 1000,
      'ServiceSchedulerInitiated',
    );
  };

  return {
    isShort,
    settle,
    update: (service, isAnew) => {
      restarts.forget(service);
      if (isAnew) for (const task of wantedOf(world, service)) outdated.add(task);
      settle(service);
    },
  };
}

/** Its tasks that are to run, whether they do yet or not. */
function wantedOf(world: World, { clusterArn, serviceName }: Service): readonly Task[] {
  return [...world.cluster(clusterArn).tasks.values()].filter(
    ({ group, desiredStatus }) => group === `service:${serviceName}` && desiredStatus === 'RUNNING',
  );
}
