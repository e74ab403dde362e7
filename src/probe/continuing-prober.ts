import type { Clock } from '../model/clock.ts';
import { NOT_PROBED, type ProbeOutcome, type ProbeTarget, probeKey } from '../model/probe.ts';
import type { ProbeOptions, Prober } from './prober.ts';

type Outcomes = ReadonlyMap<string, ProbeOutcome>;

/** What one call has asked, by `probeKey`, as far as no call has told its outcome yet. */
interface Round {
  readonly untold: Map<string, ProbeTarget>;
  readonly outcomes: Map<string, ProbeOutcome>;
  /** Resolves once all of it is heard, or was given up. */
  readonly end: Promise<void>;
  /** When that was, in epoch milliseconds. */
  endedAt: number | undefined;
  giveUp(reason: unknown): void;
}

/** What was heard longer ago says nothing of how it is now. So it comes about where runs fail before they ask anything. */
const NEWS_MS = 60_000;

/**
 * The same prober, but that `waitUntil` ends the waiting and not the asking: what has no outcome by then goes on, and the
 * next call that asks for the same in the same way tells how it ended. So an endpoint that hangs for longer than a run
 * may take holds up no run, and is found out all the same. It lives as long as its process.
 */
export class ContinuingProber implements Prober {
  readonly #prober: Prober;
  readonly #clock: Clock;
  #rounds: readonly Round[] = [];

  constructor(prober: Prober, clock: Clock) {
    this.#prober = prober;
    this.#clock = clock;
  }

  async probe(
    targets: readonly ProbeTarget[],
    { waitUntil, onSlow, ...options }: ProbeOptions,
    signal: AbortSignal | undefined,
  ): Promise<Outcomes> {
    if (waitUntil === undefined) return this.#prober.probe(targets, { onSlow, ...options }, signal);
    const earlier = this.#rounds.filter(
      ({ endedAt = Number.POSITIVE_INFINITY }) => endedAt > this.#clock.now() - NEWS_MS,
    );
    const isUnderWay = (target: ProbeTarget) => earlier.some((round) => asksSo(round, target));
    const joined = targets.filter(isUnderWay);
    let maySlowBeTold = true;
    const heard = (known: Outcomes): Outcomes =>
      new Map([...known, ...joined.flatMap((target) => outcomeIn(earlier, target))]);
    const tellSlow = (known: Outcomes) => {
      if (maySlowBeTold) onSlow?.(heard(known));
      maySlowBeTold = false;
    };
    const fresh = targets.filter((target) => !isUnderWay(target));
    const round = this.#begin(fresh, { ...options, onSlow: tellSlow });
    this.#rounds = [...earlier, round];
    // What was left over is slow already.
    void round.end.then(
      () => joined.some((target) => outcomeIn(earlier, target).length === 0) && tellSlow(round.outcomes),
    );
    await this.#wait(waitUntil, signal).finally(() => {
      // Its run goes on without them, or is over.
      maySlowBeTold = false;
    });
    const all = heard(round.outcomes);
    for (const one of this.#rounds) for (const key of all.keys()) one.untold.delete(key);
    this.#rounds = this.#rounds.filter(({ endedAt }) => endedAt === undefined);
    return new Map(targets.map((target) => [probeKey(target), all.get(probeKey(target)) ?? NOT_PROBED]));
  }

  /** Ends all that is still asked. */
  close(reason: unknown = new Error('the worker was closed')): void {
    for (const round of this.#rounds) round.giveUp(reason);
    this.#rounds = [];
  }

  #begin(targets: readonly ProbeTarget[], options: ProbeOptions): Round {
    const stop = new AbortController();
    const outcomes = new Map<string, ProbeOutcome>();
    const hear = (target: ProbeTarget, outcome: ProbeOutcome) => void outcomes.set(probeKey(target), outcome);
    const asking = this.#prober.probe(targets, { ...options, onOutcome: hear }, stop.signal);
    const round: Round = {
      untold: new Map(targets.map((target) => [probeKey(target), target])),
      outcomes,
      endedAt: undefined,
      // Only an abort ends it with an error.
      end: asking
        .catch((): Outcomes => new Map())
        .then((all) => {
          for (const [key, outcome] of all) outcomes.set(key, outcome);
          round.endedAt = this.#clock.now();
        }),
      giveUp: (reason) => stop.abort(reason),
    };
    return round;
  }

  /** Rejects once the signal aborts, and all is given up. */
  async #wait(until: number, signal: AbortSignal | undefined): Promise<void> {
    const over = new AbortController();
    const giveUp = () => this.close(signal?.reason);
    signal?.addEventListener('abort', giveUp, { once: true });
    const time = this.#clock.sleep(Math.max(0, until - this.#clock.now()), over.signal).catch(() => {});
    await Promise.race([Promise.all(this.#rounds.map(({ end }) => end)), time]);
    over.abort();
    signal?.removeEventListener('abort', giveUp);
    signal?.throwIfAborted();
  }
}

/** Whether a round asks the target in the same way, and has not told how that ended. */
function asksSo({ untold }: Round, target: ProbeTarget): boolean {
  const own = untold.get(probeKey(target));
  return (
    own !== undefined &&
    own.lingerMs === target.lingerMs &&
    JSON.stringify(own.check) === JSON.stringify(target.check)
  );
}

function outcomeIn(
  rounds: readonly Round[],
  target: ProbeTarget,
): readonly (readonly [string, ProbeOutcome])[] {
  const key = probeKey(target);
  return rounds.flatMap(({ untold, outcomes }) => {
    const outcome = untold.has(key) ? outcomes.get(key) : undefined;
    return outcome === undefined ? [] : [[key, outcome] as const];
  });
}
