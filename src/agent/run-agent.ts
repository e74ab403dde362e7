import { isInForce } from '../model/change.ts';
import type { Clock } from '../model/clock.ts';
import { RunError } from '../model/run-error.ts';
import type { EngineApi } from '../sources/docker/engine-api.ts';
import { conductRun, type RunBounds, type RunEnd } from '../watch/conduct-run.ts';
import type { WatchEvent } from '../watch/watch-event.ts';
import type { HostPasses, PreparedPass } from './host-passes.ts';
import { createPendingWork, type PendingWork, type Work } from './pending-work.ts';

export interface AgentOptions extends Omit<RunBounds, 'allowedMs'> {
  readonly engine: Pick<EngineApi, 'events'>;
  readonly passes: HostPasses;
  /** How often all of the host is held against all of the zone. */
  readonly everyMs: number;
  /** Told that the engine ended its events, or why it cannot be asked for them. */
  readonly disconnected: (error?: unknown) => void;
  readonly observe: (event: WatchEvent) => void;
}

/** What happens within so short a time is one pass. */
const BURST_MS = 100;
/** So long after an event the engine is asked again, where it does not say yet what it has told. */
const UNSETTLED_MS = 300;
/** The clock of many agents that were started together drifts apart. */
const JITTER_SHARE = 0.1;
const FRESH_PASSES = 3;
/** The waits after a failure, so that an engine or a network that is down is not asked without a pause. */
const RETRY = { baseMs: 500, maxMs: 60_000, unreachableMs: 1_500 };

/**
 * Follows the container engine until `stop` aborts: each event that matters begins a pass over the names of its
 * container; a pass over all comes first, every so often, whenever the engine comes back, and after a failure. What is
 * still to be done is what differs, and is kept nowhere.
 */
export async function runAgent(options: AgentOptions): Promise<void> {
  const pending = createPendingWork();
  const ended = new AbortController();
  const signal = AbortSignal.any([options.stop, ended.signal]);
  const parts = [followEngine, passOverAll, carryOut].map((part) => part(pending, options, signal));
  try {
    await Promise.race(parts);
  } finally {
    ended.abort(new Error('the agent ends'));
    await Promise.allSettled(parts);
  }
}

/** Listens before it lets a pass look, so that nothing happens in between. */
async function followEngine(pending: PendingWork, options: AgentOptions, signal: AbortSignal): Promise<void> {
  for (let attempt = 1; !signal.aborted; attempt++) {
    try {
      const events = await options.engine.events(signal);
      pending.addAll();
      attempt = 0;
      for await (const event of events) {
        if (options.passes.changed(event)) pending.addContainer(event.containerId);
      }
      if (!signal.aborted) options.disconnected();
    } catch (error) {
      if (signal.aborted) return;
      options.disconnected(error);
      // Without events the passes over all go on: they say what is wrong with the engine.
      if (attempt === 1) pending.addAll();
    }
    await pause(retryMs(attempt, RETRY.unreachableMs, options.clock), options.clock, signal);
  }
}

async function passOverAll(
  pending: PendingWork,
  { everyMs, clock }: AgentOptions,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await pause(everyMs * (1 + JITTER_SHARE * (clock.random() - 0.5)), clock, signal);
    pending.addAll();
  }
}

async function carryOut(pending: PendingWork, options: AgentOptions, signal: AbortSignal): Promise<void> {
  const { clock, everyMs } = options;
  let failures = 0;
  while (await pending.arrives(signal)) {
    await pause(BURST_MS, clock, signal);
    if (signal.aborted) return;
    const retry = await carryOutOne(pending.take(), options, pending);
    void again(options.passes.unsettled(), pending, clock, signal);
    failures = retry === undefined ? 0 : failures + 1;
    if (retry === undefined || signal.aborted) continue;
    const maxMs = { unreachable: RETRY.unreachableMs, failed: RETRY.maxMs, partly: everyMs }[retry];
    await pause(retryMs(failures, maxMs, clock), clock, signal);
    pending.addAll();
  }
}

/** One wait for all of them: a host may have dozens, and each wait listens for the end of the agent. */
async function again(
  containerIds: readonly string[],
  pending: PendingWork,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  if (containerIds.length === 0) return;
  await pause(UNSETTLED_MS, clock, signal);
  for (const id of containerIds) pending.addContainer(id);
}

/** What of a pass is to be done again: all of it, because nothing could be reached or done, or a part. */
type Retry = 'unreachable' | 'failed' | 'partly';

async function carryOutOne(
  work: Work,
  options: AgentOptions,
  pending: PendingWork,
): Promise<Retry | undefined> {
  const { passes, clock, observe, stop } = options;
  const startedAt = clock.now();
  let pass: PreparedPass | undefined;
  try {
    pass = await passes.prepare(work, stop);
  } catch (error) {
    if (!stop.aborted) observe({ kind: 'failed', error });
    return stop.aborted ? undefined : 'failed';
  }
  if (pass === undefined) return undefined;
  const end = await conductPass(pass, options);
  observe(eventOf(end, { startedAt, isPartial: !work.isFull }, options));
  if (end.kind !== 'reported') return end.kind === 'failed' ? retryOf(end.error) : undefined;
  if (work.isFull && (await passes.askTakenOut(stop).catch(() => false))) pending.addAll();
  const { outcomes } = end.run.result;
  const isWhole = [...(outcomes?.values() ?? [])].every(isInForce);
  return isWhole ? undefined : 'partly';
}

/** One pass, in the time that a run has. */
export function conductPass(
  pass: PreparedPass,
  options: Omit<RunBounds, 'allowedMs'> & { readonly passes: Pick<HostPasses, 'run'> },
): Promise<RunEnd> {
  const worker = { run: (request: Parameters<HostPasses['run']>[1]) => options.passes.run(pass, request) };
  return conductRun(worker, { ...options, allowedMs: options.timeoutMs });
}

function retryOf(error: unknown): Retry {
  const isOutOfReach = error instanceof RunError && (error.code === 'endpoint' || error.code === 'engine');
  return isOutOfReach ? 'unreachable' : 'failed';
}

/** Grows from one failure to the next; half of it is chance, so that agents do not ask in step. */
function retryMs(failures: number, maxMs: number, clock: Clock): number {
  const ceiling = Math.min(maxMs, RETRY.baseMs * 2 ** Math.min(failures, 20));
  return ceiling * (0.5 + 0.5 * clock.random());
}

function eventOf(
  end: RunEnd,
  { startedAt, isPartial }: { readonly startedAt: number; readonly isPartial: boolean },
  { clock, everyMs, timeoutMs }: AgentOptions,
): WatchEvent {
  if (end.kind !== 'reported') return end;
  const finishedAt = clock.now();
  const freshUntil = finishedAt + FRESH_PASSES * (everyMs + timeoutMs);
  return {
    ...end,
    sinceMs: Math.max(0, finishedAt - startedAt),
    allowedMs: timeoutMs,
    finishedAt,
    freshUntil,
    isPartial,
  };
}

async function pause(ms: number, clock: Clock, signal: AbortSignal): Promise<void> {
  try {
    await clock.sleep(ms, signal);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
