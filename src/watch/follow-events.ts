import type { Clock } from '../model/clock.ts';
import { distinctScopes, type Scope, scopeKey } from '../model/scope.ts';
import type { RunFailure } from '../run/run.ts';
import type { EventQueue, QueueMessage } from '../triggers/event-queue.ts';
import { readMessage } from '../triggers/message.ts';
import type { ScopeRecord, Worker } from '../worker.ts';

/** What happens while events are followed. */
export type FollowEvent =
  /** What was named was looked at. */
  | {
      readonly kind: 'looked';
      readonly messages: number;
      readonly ignored: number;
      readonly scopes: readonly Scope[];
      readonly record: ScopeRecord;
      readonly durationMs: number;
      /** How old the oldest message was when it was taken; `undefined` without messages, or where the queue does not tell. */
      readonly ageMs: number | undefined;
      readonly failure: RunFailure | undefined;
    }
  /** The queue could not be reached, or what was named could not be looked at: the messages come again. */
  | { readonly kind: 'failed'; readonly error: unknown };

export interface FollowOptions {
  readonly worker: Pick<Worker, 'runScopes'>;
  readonly queue: EventQueue;
  readonly clock: Clock;
  /** From its abort on nothing more is taken from the queue. */
  readonly stop: AbortSignal;
  readonly observe: (event: FollowEvent) => void;
}

/** SQS waits so long at the most; while looks are under way not as long, because what one gives back is due soon. */
const LONGEST_WAIT_SECONDS = 20;
const BUSY_WAIT_SECONDS = 6;
/** What comes within so short a time is looked at together. */
const GATHER_MS = 200;
const GATHERED = 500;
/** What hangs holds up a few others at the most. */
const LOOKS_AT_ONCE = 32;
/** After so long what is still starting is looked at again. */
const AGAIN_MS = 5_000;
/** So often it is given another chance where looks at it fail: for a minute. Its event is done with, but a full run comes. */
const MAX_FAILURES = 12;
const RETRY = { baseMs: 1_000, maxMs: 30_000 };

/**
 * Takes events from a queue until `stop` aborts, and looks at once at what they name. Looks go on side by side, so that
 * one that waits for something to start holds up no other. A message is deleted once it was looked where it says; what
 * could not be looked at comes again, because it was not deleted.
 */
export async function followEvents(options: FollowOptions): Promise<void> {
  const { queue, clock, stop, observe } = options;
  const again = scheduledScopes(clock);
  const looks = new Set<Promise<void>>();
  for (let failures = 0; !stop.aborted; ) {
    try {
      const messages = await gather(queue, again.waitSeconds(looks.size > 0), clock, stop);
      failures = 0;
      const due = again.takeDue();
      if (messages.length + due.length === 0) continue;
      if (looks.size >= LOOKS_AT_ONCE) await Promise.race(looks);
      const look = lookAt(messages, due, options).then((left) => {
        again.add(left);
        looks.delete(look);
      });
      looks.add(look);
    } catch (error) {
      if (stop.aborted) break;
      observe({ kind: 'failed', error });
      await clock.sleep(Math.min(RETRY.baseMs * 2 ** failures++, RETRY.maxMs), stop).catch(() => {});
    }
  }
  await Promise.all(looks);
}

/** Messages that come shortly after the first one belong to the same deployment more often than not. */
async function gather(
  queue: EventQueue,
  waitSeconds: number,
  clock: Clock,
  stop: AbortSignal,
): Promise<readonly QueueMessage[]> {
  const messages = [...(await queue.receive(waitSeconds, stop))];
  const until = clock.now() + GATHER_MS;
  for (let more = messages.length; more > 0 && messages.length < GATHERED && clock.now() < until; ) {
    // What is here already would be hidden from all for minutes.
    const others = await queue.receive(0, stop).catch(() => []);
    messages.push(...others);
    more = others.length;
  }
  return messages;
}

/** What is to be looked at again, and how many looks at it have failed. */
interface Again {
  readonly scope: Scope;
  readonly failures: number;
}

/** Looks where messages say, and where it is time to look again; what is still starting, or was not looked at, is given back. */
async function lookAt(
  messages: readonly QueueMessage[],
  due: readonly Again[],
  { worker, queue, clock, stop, observe }: FollowOptions,
): Promise<readonly Again[]> {
  const startedAt = clock.now();
  const readings = messages.map(({ body }) => readMessage(body));
  const named = readings.flatMap((one) => (one.kind === 'scopes' ? one.scopes : []));
  const scopes = distinctScopes([...named, ...due.map(({ scope }) => scope)]);
  const failed = due.map(({ scope, failures }) => ({ scope, failures: failures + 1 }));
  const unread = readings.filter(({ kind }) => kind === 'ignored').length;
  try {
    const record =
      scopes.length === 0 ? NOTHING : await worker.runScopes(scopes, { mode: 'apply', signal: stop });
    const { failure, elsewhere } = record;
    const ignored = unread + elsewhere.length;
    const durationMs = clock.now() - startedAt;
    // What has been done need not be done again, also when all is to end.
    if (failure === undefined && messages.length > 0) await queue.remove(messages, undefined);
    const ageMs = ageOf(messages, startedAt);
    // That it was to end is no fault; what it has not done comes again.
    const isTold = failure?.code !== 'cut-short' || !stop.aborted;
    observe({
      kind: 'looked',
      messages: messages.length,
      ignored,
      scopes,
      record,
      durationMs,
      ageMs,
      failure: isTold ? failure : undefined,
    });
    const waiting = record.waiting.map((scope) => ({ scope, failures: 0 }));
    return failure === undefined ? waiting : [...failed, ...waiting];
  } catch (error) {
    if (!stop.aborted) observe({ kind: 'failed', error });
    return failed;
  }
}

function ageOf(messages: readonly QueueMessage[], now: number): number | undefined {
  const sent = messages.flatMap(({ sentAt }) => sentAt ?? []);
  // The clock of the queue may be ahead.
  return sent.length === 0 ? undefined : Math.max(0, now - Math.min(...sent));
}

const NOTHING: ScopeRecord = {
  runs: [],
  waiting: [],
  elsewhere: [],
  failure: undefined,
  calls: { awsCalls: {}, awsThrottled: 0 },
};

/** Scopes that are to be looked at again, each once, after a while. */
function scheduledScopes(clock: Clock) {
  let scheduled: ReadonlyMap<string, Again & { readonly at: number }> = new Map();
  return {
    add: (left: readonly Again[]) => {
      const at = clock.now() + AGAIN_MS;
      const hopeful = left.filter(({ failures }) => failures < MAX_FAILURES);
      scheduled = new Map([
        ...scheduled,
        ...hopeful.map((one) => [scopeKey(one.scope), { ...one, at }] as const),
      ]);
    },
    takeDue: (): readonly Again[] => {
      const now = clock.now();
      const all = [...scheduled];
      scheduled = new Map(all.filter(([, { at }]) => at > now));
      return all.flatMap(([, { at, ...one }]) => (at <= now ? [one] : []));
    },
    waitSeconds: (isLooking: boolean) => {
      const next = Math.min(...[...scheduled.values()].map(({ at }) => at), Number.POSITIVE_INFINITY);
      const left = Math.ceil((next - clock.now()) / 1000);
      return Math.max(0, Math.min(isLooking ? BUSY_WAIT_SECONDS : LONGEST_WAIT_SECONDS, left));
    },
  };
}
