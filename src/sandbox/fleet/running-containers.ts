import type { Clock } from '../../model/clock.ts';
import type { Task } from '../world/ecs-shapes.ts';

/** What runs as the containers of tasks. */
export interface RunningContainers {
  /** Starts the containers of one more task. */
  start(task: Task): Promise<void>;
  /**
   * Tells those of a task to end, as ECS does, and ends what has not by its `stopTimeout`. Resolves once all have ended, or
   * at `signal` with some of them still running.
   */
  stop(task: Task, clock: Clock, signal: AbortSignal): Promise<void>;
  /** Ends those of a task at once, as when the machine below them goes. */
  end(task: Task): Promise<void>;
  /** Ends them all, at once. */
  close(): Promise<void>;
}
