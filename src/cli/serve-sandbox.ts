import { once } from 'node:events';
import { systemClock } from '../aws/system-clock.ts';
import type { Clock } from '../model/clock.ts';
import { churn } from '../sandbox/fleet/churn.ts';
import { scheduleTasks, type TaskChange } from '../sandbox/fleet/task-scheduler.ts';
import type { OpenSandbox } from '../sandbox/open-sandbox.ts';
import { directionsOf, type Policy } from '../sandbox/tour.ts';
import type { Task } from '../sandbox/world/ecs-shapes.ts';
import { EXIT } from './exit-codes.ts';
import type { Terminal } from './terminal.ts';

interface Serving {
  readonly policy: Policy;
  /** How often a task is replaced; never, unless given. */
  readonly churnMs: number | undefined;
  readonly clock?: Clock;
}

/** Keeps the sandbox going until the signal: what is told to stop ends, and services run another in its place. */
export async function serveSandbox(
  sandbox: OpenSandbox,
  { policy, churnMs, clock = systemClock }: Serving,
  { stdout }: Terminal,
  stop: AbortSignal,
): Promise<number> {
  stdout.write(directionsOf(sandbox, policy));
  const { containers, fleet } = sandbox;
  const observe = (change: TaskChange) => void stdout.write(`${describe(change, clock.now())}\n`);
  const ended = scheduleTasks({ world: fleet.world, containers, clock, stop, observe });
  if (churnMs !== undefined) await churn({ world: fleet.world, clock, everyMs: churnMs, stop });
  if (!stop.aborted) await once(stop, 'abort');
  await ended();
  return EXIT.done;
}

function describe(change: TaskChange, now: number): string {
  const { task } = change;
  const head = `${new Date(now).toISOString().slice(11, 19)}  ${task.group.replace(/^\w+:/, '')}:`;
  if (change.kind === 'stopping') return `${head} task ${idOf(task)} is told to stop`;
  const { successor } = change;
  const next = successor === undefined ? '' : `, and ${idOf(successor)} runs`;
  return `${head} task ${idOf(task)} has ended${next}`;
}

/** The beginning of a task's id, which tells it from others. */
function idOf({ taskArn }: Task): string {
  return `${taskArn.slice(taskArn.lastIndexOf('/') + 1).slice(0, 12)}…`;
}
