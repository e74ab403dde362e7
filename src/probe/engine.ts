import { setMaxListeners } from 'node:events';
import type { Clock } from '../model/clock.ts';
import type { AttemptReport, AttemptResult, ProbeOutcome, ProbeTarget } from '../model/probe.ts';
import { type Attempt, type Conclusion, OUT_OF_TIME, type StartAttempt } from './attempt.ts';
import { errorCodeOf } from './classify-error.ts';
import { type Course, Lane } from './lane.ts';

export interface EngineOptions {
  readonly startAttempt: StartAttempt;
  readonly clock: Clock;
  /** The most sockets that are open at once. */
  readonly concurrency: number;
  /** Epoch milliseconds after which nothing is started and what runs is ended. */
  readonly deadline: number;
  readonly onOutcome: (target: ProbeTarget, outcome: ProbeOutcome) => void;
  /** Told once every target is being asked, or has been. */
  readonly onAllAsked?: (() => void) | undefined;
  readonly onAttempt?: ((report: AttemptReport) => void) | undefined;
}

/** So many handshakes, of TLS or HTTP/2, keep a processor busy; more at once only make each take longer. */
const MAX_COSTLY = 50;

/** Half of the slots at the most. */
function costlyLimit(concurrency: number): number {
  return Math.min(MAX_COSTLY, Math.ceil(concurrency / 2));
}

/** How often an attempt is put back because the process had no socket left for it. */
const MAX_EXHAUSTIONS = 5;
const EXHAUSTION_PAUSE_MS = 100;
const SHRINK = 0.75;
const JITTER = 0.25;
const CALM_ROUNDS = 4;

/** It failed each time it was asked, and was not asked often enough. */
const TOO_FEW_ATTEMPTS = { kind: 'indeterminate', reason: 'too-few-attempts' } as const;

/**
 * Checks all targets, each until its first success or its last attempt. Attempts start in the order
 * in which they become due: all first ones before any second one, so that an endpoint that hangs
 * holds a slot for one timeout while others wait, and not for all of its attempts. The wait between two
 * attempts of a target is spent outside of any slot. A TLS handshake costs as much as ten plain checks, so there is a
 * bound for those of their own: a fleet that speaks TLS, or hangs in it, leaves room for all others.
 */
export class CheckEngine {
  readonly #options: EngineOptions;
  readonly #running = new Map<Course, Attempt>();
  readonly #stopped = new AbortController();
  readonly #lanes: readonly Lane[];
  #unsettled: number;
  /** Attempts concluded since the limit was last moved. */
  #calm = 0;
  #limit: number;
  #done: () => void = () => {};

  constructor(targets: readonly ProbeTarget[], options: EngineOptions) {
    this.#options = options;
    this.#limit = options.concurrency;
    const isCostly = ({ check }: ProbeTarget) => check.kind === 'https' || check.kind === 'grpc';
    this.#lanes = [
      new Lane(targets.filter(isCostly), costlyLimit(options.concurrency)),
      new Lane(
        targets.filter((target) => !isCostly(target)),
        options.concurrency,
      ),
    ];
    this.#unsettled = targets.length;
    // Every target that waits for its next attempt listens.
    setMaxListeners(0, this.#stopped.signal);
  }

  /**
   * Resolves when every target has its outcome and every socket is closed. Rejects with the signal's
   * reason once it aborts and every socket is closed.
   */
  async run(signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted();
    const stop = () => this.#stop();
    signal?.addEventListener('abort', stop, { once: true });
    const done = new Promise<void>((resolve) => {
      this.#done = resolve;
    });
    const { clock, deadline } = this.#options;
    if (Number.isFinite(deadline)) {
      clock.sleep(Math.max(0, deadline - clock.now()), this.#stopped.signal).then(stop, () => {});
    }
    this.#pump();
    await done;
    this.#stopped.abort();
    signal?.removeEventListener('abort', stop);
    signal?.throwIfAborted();
  }

  /** Ends what runs and gives everything else up for want of time. */
  #stop(): void {
    this.#stopped.abort();
    for (const attempt of this.#running.values()) attempt.cancel();
    for (const lane of this.#lanes) {
      for (let course = lane.take(); course !== undefined; course = lane.take()) {
        this.#settle(course, OUT_OF_TIME);
      }
    }
    this.#finishIfDone();
  }

  #pump(): void {
    for (const lane of this.#lanes) {
      while (!this.#stopped.signal.aborted && this.#running.size < this.#limit) {
        const course = lane.start();
        if (course === undefined) break;
        const isFirst = course.attempts + course.exhaustions === 0;
        this.#start(course);
        if (isFirst && this.#lanes.every(({ isAllAsked }) => isAllAsked)) this.#options.onAllAsked?.();
      }
    }
    this.#finishIfDone();
  }

  #start(course: Course): void {
    const { clock, startAttempt } = this.#options;
    const startedAt = clock.now();
    try {
      const attempt = startAttempt(course.target, (result) => {
        this.#running.delete(course);
        course.lane.end();
        this.#conclude(course, result, clock.now() - startedAt);
        this.#pump();
      });
      this.#running.set(course, attempt);
    } catch (error) {
      course.lane.end();
      // A target that cannot even be asked says nothing of its health, and nothing of the others.
      this.#settle(course, { kind: 'indeterminate', reason: 'checker-error', errorCode: errorCodeOf(error) });
    }
  }

  #conclude(course: Course, result: AttemptResult, durationMs: number): void {
    if (result.kind === 'exhausted') {
      this.#yieldTo(course, result.errorCode);
      return;
    }
    this.#recover();
    course.attempts += 1;
    course.durationMs += durationMs;
    this.#options.onAttempt?.({ target: course.target, attempt: course.attempts, result, durationMs });
    const { attempts, intervalMs } = course.target.check;
    if (result.kind === 'unhealthy') course.failure = result;
    if (result.kind !== 'unhealthy' || course.attempts >= attempts) this.#settle(course, result);
    else this.#later(course, intervalMs * (1 - JITTER + 2 * JITTER * this.#options.clock.random()));
  }

  /** The process is out of sockets: fewer at once, and this one again when others are closed. */
  #yieldTo(course: Course, errorCode: string): void {
    course.exhaustions += 1;
    this.#calm = 0;
    this.#limit = Math.max(1, Math.floor(Math.max(this.#running.size, 1) * SHRINK));
    if (course.exhaustions <= MAX_EXHAUSTIONS) this.#later(course, EXHAUSTION_PAUSE_MS);
    else this.#settle(course, { kind: 'indeterminate', reason: 'checker-error', errorCode });
  }

  /** Several rounds without want of sockets give one more, up to what was asked for. */
  #recover(): void {
    this.#calm += 1;
    if (this.#limit >= this.#options.concurrency || this.#calm < this.#limit * CALM_ROUNDS) return;
    this.#limit += 1;
    this.#calm = 0;
  }

  #later(course: Course, delayMs: number): void {
    this.#options.clock.sleep(delayMs, this.#stopped.signal).then(
      () => {
        course.lane.again(course);
        this.#pump();
      },
      () => {
        this.#settle(course, OUT_OF_TIME);
        this.#finishIfDone();
      },
    );
  }

  #settle(course: Course, result: Conclusion): void {
    this.#unsettled -= 1;
    const { attempts, durationMs, failure } = course;
    const isCutShort = result === OUT_OF_TIME && failure !== undefined;
    const told = isCutShort ? ({ ...failure, ...TOO_FEW_ATTEMPTS } as const) : result;
    const outcome = { ...told, attempts, durationMs };
    this.#options.onOutcome(
      course.target,
      outcome.kind === 'unhealthy' ? { ...outcome, endedAt: this.#options.clock.now() } : outcome,
    );
  }

  #finishIfDone(): void {
    if (this.#unsettled === 0 && this.#running.size === 0) this.#done();
  }
}
