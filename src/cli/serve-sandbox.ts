import { once } from 'node:events';
import process from 'node:process';
import { systemClock } from '../aws/system-clock.ts';
import type { Log } from '../log/log.ts';
import type { Clock } from '../model/clock.ts';
import { churn } from '../sandbox/fleet/churn.ts';
import { scheduleTasks, type TaskChange } from '../sandbox/fleet/task-scheduler.ts';
import type { OpenSandbox } from '../sandbox/open-sandbox.ts';
import { directionsOf, type Policy } from '../sandbox/tour.ts';
import { EXIT } from './exit-codes.ts';
import { invocationOf } from './invocation.ts';
import type { Terminal } from './terminal.ts';

interface Serving {
  readonly policy: Policy;
  /** How often a task is replaced; never, unless given. */
  readonly churnMs: number | undefined;
  readonly log: Log;
  readonly clock?: Clock;
}

/** Keeps the sandbox going until the signal: what is told to stop ends, and services run another in its place. */
export async function serveSandbox(
  sandbox: OpenSandbox,
  { policy, churnMs, log, clock = systemClock }: Serving,
  terminal: Terminal,
  stop: AbortSignal,
): Promise<number> {
  const { stdout } = terminal;
  stdout.write(directionsOf(sandbox, policy, invocationOf(terminal, process.cwd())));
  const { containers, fleet } = sandbox;
  const observe = (change: TaskChange) => tellChange(change, log);
  const ended = scheduleTasks({ world: fleet.world, containers, clock, stop, observe });
  if (churnMs !== undefined) await churn({ world: fleet.world, clock, everyMs: churnMs, stop });
  if (!stop.aborted) await once(stop, 'abort');
  await ended();
  return EXIT.done;
}

/** Tells what becomes of a task or a machine. */
export function tellChange(change: TaskChange, log: Log): void {
  if (change.kind === 'terminated') {
    log.write('machine terminated', { instance: change.machine.instanceId });
    return;
  }
  if (change.kind === 'waiting') {
    log.write('restart delayed', { ecsService: change.service.serviceName, waitMs: change.waitMs });
    return;
  }
  const { group, taskArn: task } = change.task;
  const fields = { ecsService: group.replace(/^\w+:/, ''), task };
  if (change.kind === 'started') log.write('task runs', fields);
  else if (change.kind === 'stopping') log.write('task told to stop', fields);
  else log.write('task ended', { ...fields, successor: change.successor?.taskArn });
}
