import type { Service, Task } from '../world/ecs-shapes.ts';

/** Of two failures of one service, the later follows the earlier where its task has run for less than this. */
const STEADY_SECONDS = 10;
const FIRST_MS = 1_000;
const LONGEST_MS = 60_000;

/** A service whose tasks end by themselves soon after their start, again and again. */
interface Failing {
  readonly failures: number;
  /** Epoch milliseconds, as all times here; no task begins before. */
  readonly until: number;
}

/**
 * How long a service waits before it begins a task in place of one that has ended by itself:
 *
 * | failure        | another begins                        |
 * |----------------|---------------------------------------|
 * | the first      | at once                               |
 * | the second     | after a second                        |
 * | each following | after twice as long, at most a minute |
 *
 * A task that has run for ten seconds ends the row. What fails while its service waits counts as one failure with what
 * the service waits for. ECS has a row of this kind for tasks that never reach RUNNING alone, with a maximum of 27 minutes:
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-throttle-logic.html
 */
export class RestartThrottle {
  readonly #failing = new Map<Service, Failing>();

  /** Counts a task that has ended, if by itself; for how long its service waits from now on, 0 where not for this one. */
  count(service: Service, task: Task, now: number): number {
    if (task.stopCode !== 'EssentialContainerExited' || this.waitMs(service, now) > 0) return 0;
    const ranSeconds = (task.stoppingAt ?? 0) - (task.startedAt ?? 0);
    const before = ranSeconds < STEADY_SECONDS ? (this.#failing.get(service)?.failures ?? 0) : 0;
    const waitMs = delayMs(before);
    this.#failing.set(service, { failures: before + 1, until: now + waitMs });
    return waitMs;
  }

  /** For how long the service begins no task yet; 0 where it may. */
  waitMs(service: Service, now: number): number {
    return Math.max(0, (this.#failing.get(service)?.until ?? 0) - now);
  }

  /** Whether its tasks end one soon after the other: until another one has had the time to run for ten seconds. */
  isFailing(service: Service, now: number): boolean {
    const { failures, until } = this.#failing.get(service) ?? { failures: 0, until: 0 };
    return failures > 1 && now < until + STEADY_SECONDS * 1_000;
  }

  /** An updated service begins its tasks at once. */
  forget(service: Service): void {
    this.#failing.delete(service);
  }
}

function delayMs(failuresBefore: number): number {
  return failuresBefore === 0 ? 0 : Math.min(LONGEST_MS, FIRST_MS * 2 ** (failuresBefore - 1));
}
