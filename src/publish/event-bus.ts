import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import pLimit from 'p-limit';
import { describeError, isAmbiguous, isThrottling } from '../aws/aws-error.ts';
import { sendOptions } from '../aws/send-options.ts';
import { type BackOff, backOff, boundWait, NotSentError } from '../aws/wait-bounds.ts';
import type { Clock } from '../model/clock.ts';
import { agentEntries } from './agent-events.ts';
import { type EventEntry, entryOf, packEntries } from './event-entries.ts';
import type { Publisher } from './publisher.ts';

/** However long a run may take, its events take no longer than this. */
const MAX_MS = 60_000;
const TOO_LARGE = 'an event holds less than 256 KB';

/** In whose words events are told: this worker's, or those of the host agent before it. */
export type EventFormat = 'ecs-dns' | 'agent';

/** Tells an EventBridge bus, by its name or ARN. `report` is told, a line for each cause, of events that are lost. */
export function eventBusPublisher(
  { bus, format }: { readonly bus: string; readonly format: EventFormat },
  client: () => Promise<EventBridgeClient>,
  clock: Clock,
  report: (detail: string) => void,
): Publisher {
  return {
    async publish(events, { signal, deadline = Number.POSITIVE_INFINITY }) {
      try {
        const all = events();
        const entries =
          format === 'agent' ? agentEntries(bus, all) : all.flatMap((event) => entryOf(bus, event) ?? []);
        const total = format === 'agent' ? entries.length : all.length;
        const until = Math.min(deadline, clock.now() + MAX_MS);
        const causes = await sendEvents(entries, { client, clock, signal, deadline: until });
        const counts = new Map([[TOO_LARGE, total - entries.length]]);
        for (const cause of causes) counts.set(cause, (counts.get(cause) ?? 0) + 1);
        for (const [cause, lost] of counts)
          if (lost > 0) report(`eventBus: ${lost} of ${total} events were not sent to ${bus}: ${cause}`);
      } catch (error) {
        // The zone is changed already: whatever this is, the report has to come.
        report(`eventBus: events were not sent to ${bus}: ${describeError(error)}`);
      }
    },
  };
}

interface SendContext {
  /** Only built once there is something to send. */
  readonly client: () => Promise<EventBridgeClient>;
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

interface Gate {
  /** The first request that fails as a whole for good: the next ones would fare no better. */
  shutBy: string | undefined;
}

/**
 * Sends entries in as few requests as the limits allow, and those that were throttled or met a fault
 * again. Resolves with one cause for each entry that was not taken; never rejects for what EventBridge
 * answers. An entry whose answer was lost is sent again, and may then be taken twice.
 */
async function sendEvents(entries: readonly EventEntry[], context: SendContext): Promise<readonly string[]> {
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
  const { clock, signal, deadline } = context;
  const causes: string[] = [];
  let waiting = batch;
  let last = '';
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    if (attempt > 0) await backOff(attempt, DELAYS, context);
    const after = last === '' ? '' : `, after ${last}`;
    const isOver = clock.now() >= deadline;
    const obstacle = signal?.aborted ? STOPPED + after : isOver ? OUT_OF_TIME + after : undefined;
    const lost = gate.shutBy ?? obstacle ?? (await tryOnce(waiting, context));
    if (typeof lost === 'string') {
      if (obstacle === undefined) gate.shutBy ??= lost;
      return [...causes, ...waiting.map(() => lost)];
    }
    causes.push(...lost.filter(({ isRetryable }) => !isRetryable).map(({ cause }) => cause));
    const again = lost.filter(({ isRetryable }) => isRetryable);
    if (again.length === 0) return causes;
    waiting = again.map(({ entry }) => entry);
    last = again.at(-1)?.cause ?? '';
  }
  gate.shutBy ??= last;
  return [...causes, ...waiting.map(() => last)];
}

interface LostEntry {
  readonly entry: EventEntry;
  readonly cause: string;
  readonly isRetryable: boolean;
}

/** The entries that were not taken, or why the request failed as a whole, and would fail again. */
async function tryOnce(
  entries: readonly EventEntry[],
  { client, signal, deadline }: SendContext,
): Promise<readonly LostEntry[] | string> {
  try {
    const command = new PutEventsCommand({ Entries: [...entries] });
    command.middlewareStack.use(boundWait({ signal, deadline }));
    const { Entries = [] } = await (await client()).send(command, sendOptions(signal));
    return entries.flatMap((entry, i) => {
      const { EventId, ErrorCode = 'Unknown', ErrorMessage = '' } = Entries[i] ?? {};
      const lost = { entry, cause: `${ErrorCode}: ${ErrorMessage}`, isRetryable: RETRYABLE.has(ErrorCode) };
      return EventId === undefined ? [lost] : [];
    });
  } catch (error) {
    if (signal?.aborted) return STOPPED;
    if (error instanceof NotSentError) return OUT_OF_TIME;
    const cause = describeError(error);
    if (!isThrottling(error) && !isAmbiguous(error)) return cause;
    return entries.map((entry) => ({ entry, cause, isRetryable: true }));
  }
}
