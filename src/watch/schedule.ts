import { Cron } from 'croner';
import { formatDuration } from '../model/duration.ts';
import { RunError } from '../model/run-error.ts';

/** When runs are due. All times are epoch milliseconds. */
export interface Schedule {
  /** The schedule in words, such as `every 5m`. */
  readonly description: string;
  /** When the first run is due. */
  first(now: number): number;
  /** When the run after the one that was due at `tick` is due; `now` is the time at which it is asked. */
  next(tick: number, now: number): number;
}

/** A run at once, and then one every so often. */
export function everySchedule(everyMs: number): Schedule {
  return {
    description: `every ${formatDuration(everyMs)}`,
    first: (now) => now,
    // The clock of the machine may have been set back; the next run does not wait until it has caught up.
    next: (tick, now) => Math.min(tick, now) + everyMs,
  };
}

/**
 * Runs at the times of a cron expression with five fields, or six with seconds first, in the time zone
 * of the process. Throws a `RunError` for one that is malformed, or that does not come again and again.
 */
export function cronSchedule(expression: string): Schedule {
  const cron = readCron(expression);
  const after = (time: number) => cron.nextRun(new Date(time))?.getTime();
  const first = after(Date.now());
  if (first === undefined || after(first) === undefined) {
    throw invalidCron(expression, 'it does not come again and again');
  }
  const next = (time: number) => {
    const due = after(time);
    if (due === undefined) throw new TypeError(`"${expression}" has no time after ${time}`);
    return due;
  };
  return { description: `at ${expression}`, first: next, next };
}

function readCron(expression: string): Cron {
  try {
    return new Cron(expression, { paused: true, mode: '5-or-6-parts' });
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    throw invalidCron(expression, text.replace(/^CronPattern: /, '').replace(/\.$/, ''));
  }
}

function invalidCron(expression: string, fault: string): RunError {
  const shown = JSON.stringify(expression);
  return new RunError('usage', `--cron: ${shown} is not valid (${fault}); write "*/5 * * * *" or the like`);
}
