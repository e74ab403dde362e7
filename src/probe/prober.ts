import type { AddressRange } from '../model/address-range.ts';
import type { Clock } from '../model/clock.ts';
import {
  type AttemptReport,
  NOT_PROBED,
  type ProbeOutcome,
  type ProbeTarget,
  probeKey,
} from '../model/probe.ts';
import { allowList } from './allow-list.ts';
import { attemptStarters } from './attempt-starters.ts';
import { CheckEngine } from './engine.ts';

/** What bounds all health checks of a run together. */
export interface ProbeLimits {
  /** The most sockets that are open at once. */
  readonly concurrency: number;
  /** How long all probes together may take, in milliseconds. */
  readonly budgetMs: number;
  /** The only addresses that are ever connected to. */
  readonly allow: readonly AddressRange[];
}

/** Health checks as a run sees them. */
export interface Prober {
  /** One outcome for every target, by `probeKey`; rejects only when the signal aborts. */
  probe(
    targets: readonly ProbeTarget[],
    options: ProbeOptions,
    signal: AbortSignal | undefined,
  ): Promise<ReadonlyMap<string, ProbeOutcome>>;
}

/** What holds for one round of probes: its own end, if it has one, and who wants to know how it goes. */
export interface ProbeOptions {
  /** Epoch milliseconds; the budget may end it earlier. */
  readonly deadline?: number | undefined;
  /** Epoch milliseconds until which slow endpoints are waited for, where they may be asked on: see `ContinuingProber`. */
  readonly waitUntil?: number | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  readonly onOutcome?: ((target: ProbeTarget, outcome: ProbeOutcome) => void) | undefined;
  readonly onAttempt?: ((report: AttemptReport) => void) | undefined;
  /**
   * Told once, where only slow endpoints are left: everything was asked half a second ago, and some have no outcome yet.
   * Those of the others are known by `probeKey`. Never told once the call has ended.
   */
  readonly onSlow?: ((known: ReadonlyMap<string, ProbeOutcome>) => void) | undefined;
}

/** What has no outcome so long after it was asked first is slow. */
const SLOW_MS = 500;

/**
 * Checks every distinct address and port once, over as many sockets as the limits allow.
 *
 * @example
 * const prober = createProber(settings.health, systemClock);
 */
export function createProber({ concurrency, budgetMs, allow }: ProbeLimits, clock: Clock): Prober {
  const isAllowed = allowList(allow);
  return {
    async probe(targets, { deadline, onProgress, onOutcome, onAttempt, onSlow }, signal) {
      // One map from the first look at a target to its outcome: at 100,000 of them a second copy of
      // the keys is what the memory goes into.
      const outcomes = new Map<string, ProbeOutcome>();
      const allowed: ProbeTarget[] = [];
      for (const target of targets) {
        const key = probeKey(target);
        if (outcomes.has(key)) continue;
        const mayAsk = isAllowed(target.address);
        outcomes.set(key, mayAsk ? NOT_PROBED : NOT_ALLOWED);
        if (mayAsk) allowed.push(target);
      }
      let done = outcomes.size - allowed.length;
      const share = sharing();
      const kinds = new Set(allowed.map(({ check }) => check.kind));
      const over = new AbortController();
      const tellSlow = () => onSlow?.(new Map([...outcomes].filter(([, outcome]) => outcome !== NOT_PROBED)));
      const engine = new CheckEngine(allowed, {
        startAttempt: await attemptStarters(kinds),
        clock,
        concurrency,
        deadline: Math.min(clock.now() + budgetMs, deadline ?? Number.POSITIVE_INFINITY),
        onOutcome: (target, outcome) => {
          outcomes.set(probeKey(target), share(outcome));
          onOutcome?.(target, outcome);
          onProgress?.(++done, outcomes.size);
        },
        onAttempt,
        onAllAsked: onSlow && (() => void clock.sleep(SLOW_MS, over.signal).then(tellSlow, () => {})),
      });
      await engine.run(signal).finally(() => over.abort());
      return outcomes;
    },
  };
}

/** Most outcomes are alike: healthy, in so many milliseconds. One object serves them all. */
function sharing(): (outcome: ProbeOutcome) => ProbeOutcome {
  const known = new Map<number, ProbeOutcome>();
  return (outcome) => {
    if (outcome.kind !== 'healthy') return outcome;
    const { status, attempts, durationMs } = outcome;
    const same = known.get(durationMs);
    if (same?.kind === 'healthy' && same.status === status && same.attempts === attempts) return same;
    known.set(durationMs, outcome);
    return outcome;
  };
}

const NOT_ALLOWED: ProbeOutcome = { ...NOT_PROBED, kind: 'indeterminate', reason: 'address-not-allowed' };
