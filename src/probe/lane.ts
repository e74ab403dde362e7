import type { AttemptResult, ProbeTarget } from '../model/probe.ts';
import { Fifo } from './fifo.ts';

/** One target on its way to its outcome. */
export interface Course {
  readonly target: ProbeTarget;
  readonly lane: Lane;
  attempts: number;
  exhaustions: number;
  durationMs: number;
  failure?: Extract<AttemptResult, { kind: 'unhealthy' }>;
}

/** Targets that are asked in turn, and so many of them at once at the most. */
export class Lane {
  readonly #targets: readonly ProbeTarget[];
  readonly #limit: number;
  /** The next target that has not been asked at all. */
  #next = 0;
  /** Those that have, and are due again. */
  readonly #due = new Fifo<Course>();
  #running = 0;

  constructor(targets: readonly ProbeTarget[], limit: number) {
    this.#targets = targets;
    this.#limit = limit;
  }

  /** Whether each target is being asked, or has been. */
  get isAllAsked(): boolean {
    return this.#next >= this.#targets.length;
  }

  /** The next one to be asked, if one more may be. First attempts come before all others. */
  start(): Course | undefined {
    const course = this.#running < this.#limit ? this.take() : undefined;
    if (course !== undefined) this.#running += 1;
    return course;
  }

  /** One that was started is not under way any more. */
  end(): void {
    this.#running -= 1;
  }

  again(course: Course): void {
    this.#due.push(course);
  }

  /** The next one, whether it may be asked or not. */
  take(): Course | undefined {
    const target = this.#targets[this.#next];
    if (target === undefined) return this.#due.take();
    this.#next += 1;
    return { target, lane: this, attempts: 0, exhaustions: 0, durationMs: 0 };
  }
}
