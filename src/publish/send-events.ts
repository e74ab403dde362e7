import pLimit from 'p-limit';
import { describeError, isAmbiguous, isThrottling } from '../aws/aws-error.ts';
import { type BackOff, backOff, NotSentError } from '../aws/wait-bounds.ts';
import type { Clock } from '../model/clock.ts';
import { type EventEntry, packEntries } from './event-entries.ts';
import type { EntryFailure, EventsApi } from './events-api.ts';

export interface SendContext {
  readonly api: EventsApi;
  readonly clock: Clock;
  readonly signal: AbortSignal | undefined;
  /** Epoch milliseconds after which nothing is sent any more. */
  readonly deadline: number;
}

const CONCURRENCY = 4;
const MAX_ATTEMPTS = 5;
const DELAYS: BackOff = { baseMs: 200, maxMs: 5_000 };
/** Of the codes of single entries, those worth another attempt. Source: EventBridge API Reference, "PutEventsResultEntry". */
const RETRYABLE: ReadonlySet<string> = new Set(['ThrottlingException', 'InternalFailure']);

const STOPPED = 'the run was stopped';
const OUT_OF_TIME = 'time ran out';

/** Shut by the first request that fails as a whole for good: the next ones would fare no better. */
interface Gate {
  shutBy: string | undefined;
}

/**
 * Sends entries in as few requests as the limits allow, and those that were throttled or met a fault
 * again. Resolves with one cause for each entry that was not taken; never rejects for what EventBridge
 * answers. An entry whose answer was lost is sent again, and may then be taken twice.
 */
export async function sendEvents(
  entries: readonly EventEntry[],
  context: SendContext,
): Promise<readonly string[]> {
  const gate: Gate = { shutBy: undefined };
  const limit = pLimit(CONCURRENCY);
  const causes = packEntries(entries).map((batch) => limit(() => deliver(batch, gate, context)));
  return (await Promise.all(causes)).flat();
}

async function deliver(
  batch: readonly EventEntry[],
  gate: Gate,
  context: SendContext,
): Promise<readonly string[]> {
  const causes: string[] = [];
  let waiting = batch;
  let last = '';
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    if (attempt > 0) await backOff(attempt, DELAYS, context);
    const obstacle = gate.shutBy ?? obstacleOf(context, last);
    if (obstacle !== undefined) return [...causes, ...waiting.map(() => obstacle)];
    const attempted = await tryOnce(waiting, context);
    causes.push(...attempted.causes);
    waiting = attempted.waiting;
    last = attempted.last;
    if (attempted.isRefused) gate.shutBy ??= last;
    if (waiting.length === 0) return causes;
  }
  gate.shutBy ??= last;
  return [...causes, ...waiting.map(() => last ?? '')];
}

function obstacleOf({ clock, signal, deadline }: SendContext, last: string): string | undefined {
  const after = last === '' ? '' : `, after ${last}`;
  if (signal?.aborted) return STOPPED + after;
  return clock.now() >= deadline ? OUT_OF_TIME + after : undefined;
}

/** What came of one request. */
interface Attempted {
  /** One for each entry that is given up. */
  readonly causes: readonly string[];
  /** The entries that are to be sent again. */
  readonly waiting: readonly EventEntry[];
  /** Why they were not taken, or were given up. */
  readonly last: string;
  /** Whether the request failed as a whole, and would fail again. */
  readonly isRefused: boolean;
}

async function tryOnce(entries: readonly EventEntry[], context: SendContext): Promise<Attempted> {
  const { api, signal, deadline } = context;
  try {
    return sortOut(entries, await api.putEvents(entries, { signal, deadline }));
  } catch (error) {
    if (signal?.aborted) return givenUp(entries, STOPPED);
    if (error instanceof NotSentError) return givenUp(entries, OUT_OF_TIME);
    const last = describeError(error);
    const isWorthAnother = isThrottling(error) || isAmbiguous(error);
    return isWorthAnother ? { causes: [], waiting: entries, last, isRefused: false } : givenUp(entries, last);
  }
}

function givenUp(entries: readonly EventEntry[], last: string): Attempted {
  return { causes: entries.map(() => last), waiting: [], last, isRefused: true };
}

function sortOut(entries: readonly EventEntry[], failures: readonly (EntryFailure | undefined)[]): Attempted {
  const failed = entries.flatMap((entry, i) => {
    const failure = failures[i];
    return failure === undefined ? [] : [{ entry, failure, cause: `${failure.code}: ${failure.message}` }];
  });
  const again = failed.filter(({ failure }) => RETRYABLE.has(failure.code));
  const given = failed.filter(({ failure }) => !RETRYABLE.has(failure.code));
  return {
    causes: given.map(({ cause }) => cause),
    waiting: again.map(({ entry }) => entry),
    last: again.at(-1)?.cause ?? '',
    isRefused: false,
  };
}
