import type { Clock } from '../../model/clock.ts';
import { groupBy } from '../../model/multimap.ts';
import type { Task } from '../world/ecs-shapes.ts';
import type { World } from '../world/world.ts';

export interface ChurnOptions {
  readonly world: World;
  readonly clock: Clock;
  readonly everyMs: number;
  readonly stop: AbortSignal;
}

/** Tells a task to stop every so often, service by service, as long as another of its service runs. */
export async function churn({ world, clock, everyMs, stop }: ChurnOptions): Promise<void> {
  for (let turn = 0; !stop.aborted; turn++) {
    await clock.sleep(everyMs, stop).catch(() => {});
    if (stop.aborted) return;
    const replaceable = replaceableServices(world);
    const [task] = replaceable[turn % replaceable.length] ?? [];
    if (task !== undefined) world.tellToStop(task, 'Task stopped to be replaced', clock.now() / 1000);
  }
}

/** The running tasks of each service that has more than one, those first that have run longest. */
function replaceableServices(world: World): readonly (readonly Task[])[] {
  const running = [...world.clusters.values()]
    .flatMap((cluster) => [...cluster.tasks.values()])
    .filter((task) => task.lastStatus === 'RUNNING' && task.desiredStatus === 'RUNNING')
    .filter(({ group }) => group.startsWith('service:'));
  const byService = groupBy(running, ({ clusterArn, group }) => `${clusterArn} ${group}`);
  return [...byService].map(([, tasks]) => tasks).filter((tasks) => tasks.length > 1);
}
