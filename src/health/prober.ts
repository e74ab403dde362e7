import pLimit from 'p-limit';
import type { AddressRange } from '../model/address-range.ts';
import type { Clock } from '../model/clock.ts';
import { type ProbeOutcome, type ProbeTarget, probeKey } from '../model/probe.ts';
import { matchesStatus, type StatusRange } from '../model/status-matcher.ts';
import { allowList } from './allow-list.ts';
import { classifyError } from './classify-error.ts';
import { type HttpCheck, requestStatus } from './http-probe.ts';

/** How endpoints are checked. Durations in milliseconds. */
export interface ProbeSettings extends HttpCheck {
  readonly matcher: readonly StatusRange[];
  readonly attempts: number;
  readonly intervalMs: number;
  readonly concurrency: number;
  readonly allow: readonly AddressRange[];
}

/** Health checks as a run sees them. */
export interface Prober {
  /** One outcome for every target, by `probeKey`; rejects only when the signal aborts. */
  probe(
    targets: readonly ProbeTarget[],
    progress: (done: number, total: number) => void,
    signal: AbortSignal | undefined,
  ): Promise<ReadonlyMap<string, ProbeOutcome>>;
}

/** Checks endpoints over HTTP, every distinct address and port once, with bounded concurrency. */
export function createProber(settings: ProbeSettings, clock: Clock): Prober {
  const isAllowed = allowList(settings.allow);
  return {
    async probe(targets, progress, signal) {
      const distinct = new Map(targets.map((target) => [probeKey(target), target]));
      const limit = pLimit(settings.concurrency);
      let done = 0;
      const outcomes = await Promise.all(
        [...distinct].map(async ([key, target]) => {
          const outcome = isAllowed(target.address)
            ? await probeTarget(target, settings, { clock, slot: limit, signal })
            : NOT_ALLOWED;
          progress(++done, distinct.size);
          return [key, outcome] as const;
        }),
      );
      return new Map(outcomes);
    },
  };
}

const NOT_ALLOWED: ProbeOutcome = {
  kind: 'indeterminate',
  reason: 'address-not-allowed',
  attempts: 0,
  durationMs: 0,
};

interface ProbeContext {
  readonly clock: Clock;
  /** Gives a slot for one request; the wait between two attempts is spent outside of it. */
  readonly slot: <T>(request: () => Promise<T>) => Promise<T>;
  readonly signal: AbortSignal | undefined;
}

type Attempt = ProbeOutcome extends infer O
  ? O extends ProbeOutcome
    ? Omit<O, 'attempts' | 'durationMs'>
    : never
  : never;

/** The first success ends it; only failures in a row, and nothing but failures, make it unhealthy. */
async function probeTarget(
  target: ProbeTarget,
  settings: ProbeSettings,
  { clock, slot, signal }: ProbeContext,
): Promise<ProbeOutcome> {
  let durationMs = 0;
  for (let attempts = 1; ; attempts++) {
    const result = await slot(async () => {
      const startedAt = clock.now();
      const answer = await attempt(target, settings, signal);
      durationMs += clock.now() - startedAt;
      return answer;
    });
    if (result.kind !== 'unhealthy' || attempts >= settings.attempts)
      return { ...result, attempts, durationMs };
    await clock.sleep(settings.intervalMs, signal);
  }
}

async function attempt(
  target: ProbeTarget,
  settings: ProbeSettings,
  signal: AbortSignal | undefined,
): Promise<Attempt> {
  try {
    const status = await requestStatus(target, settings, signal);
    if (matchesStatus(settings.matcher, status)) return { kind: 'healthy', status };
    return { kind: 'unhealthy', reason: 'http-status', status };
  } catch (error) {
    signal?.throwIfAborted();
    return classifyError(error);
  }
}
