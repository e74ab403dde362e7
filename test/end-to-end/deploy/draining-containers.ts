import type { Clock } from '../../../src/model/clock.ts';
import type { RunningContainers } from '../../../src/sandbox/fleet/containers.ts';
import type { Task } from '../../../src/sandbox/world/ecs-shapes.ts';
import type { World } from '../../../src/sandbox/world/world.ts';

export interface DrainOptions {
  readonly world: World;
  readonly clock: Clock;
  /** From its abort on nothing is waited for. */
  readonly stop: AbortSignal;
  /** How long a process goes on answering after SIGTERM. */
  readonly drainMs: number;
  /** How long after RUNNING a process begins to answer; at once, unless given. */
  readonly bootMs?: (task: Task) => number;
  readonly observe?: (kind: 'answers' | 'ends', task: Task) => void;
}

/** Containers whose processes take a while to start, and go on answering after the SIGTERM that comes with STOPPING. */
export function drainingContainers(
  containers: RunningContainers,
  { world, clock, stop, drainMs, bootMs = () => 0, observe = () => {} }: DrainOptions,
): RunningContainers {
  const drains = new Map<Task, Promise<void>>();
  const drain = async (task: Task) => {
    if (drainMs > 0) await clock.sleep(drainMs, stop).catch(() => {});
    if (stop.aborted) return;
    await containers.end(task);
    observe('ends', task);
  };
  world.taskListeners.add((task) => {
    if (task.lastStatus === 'STOPPING' && !drains.has(task)) drains.set(task, drain(task));
  });
  return {
    get listening() {
      return containers.listening;
    },
    connections: (address, port) => containers.connections(address, port),
    start: async (task) => {
      const waitMs = bootMs(task);
      if (waitMs > 0) await clock.sleep(waitMs, stop).catch(() => {});
      if (stop.aborted) return;
      await containers.start(task);
      observe('answers', task);
    },
    end: (task) => drains.get(task) ?? containers.end(task),
    close: () => containers.close(),
  };
}
