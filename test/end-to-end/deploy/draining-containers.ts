import type { Clock } from '../../../src/model/clock.ts';
import type { RunningContainers } from '../../../src/sandbox/fleet/running-containers.ts';
import type { Task } from '../../../src/sandbox/world/ecs-shapes.ts';

export interface DrainOptions {
  readonly clock: Clock;
  /** From its abort on nothing is waited for. */
  readonly stop: AbortSignal;
  /** How long a process goes on answering after SIGTERM. */
  readonly drainMs: number;
  /** How long after RUNNING a process begins to answer; at once, unless given. */
  readonly bootMs?: number;
  readonly observe?: (kind: 'answers' | 'ends', task: Task) => void;
}

/** Containers whose processes take a while to start, and go on answering for a while after SIGTERM. */
export function drainingContainers(
  containers: RunningContainers,
  { clock, stop, drainMs, bootMs = 0, observe = () => {} }: DrainOptions,
): RunningContainers {
  const pause = async (ms: number) => {
    if (ms > 0) await clock.sleep(ms, stop).catch(() => {});
  };
  return {
    start: async (task) => {
      await pause(bootMs);
      if (stop.aborted) return;
      await containers.start(task);
      observe('answers', task);
    },
    stop: async (task) => {
      await pause(drainMs);
      if (stop.aborted) return;
      await containers.end(task);
      observe('ends', task);
    },
    end: (task) => containers.end(task),
    close: () => containers.close(),
  };
}
