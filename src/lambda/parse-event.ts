import { z } from 'zod';
import { showValue } from '../config/settings-error.ts';
import type { RunMode } from '../report/report-schema.ts';
import { InvocationError } from './invocation-error.ts';

/** A rule sends an object, EventBridge Scheduler the same as text; both are empty unless an operator filled them. */
const emptyDetail = z.union([z.strictObject({}), z.literal('{}')]);

const scheduledEvent = z
  .looseObject({
    source: z.enum(['aws.events', 'aws.scheduler']),
    'detail-type': z.literal('Scheduled Event').optional(),
    detail: emptyDetail,
  })
  .transform((): Invocation => ({ kind: 'run', mode: undefined }));

const manualEvent = z
  .strictObject({ mode: z.enum(['plan', 'apply']) })
  .transform(({ mode }): Invocation => ({ kind: 'run', mode }));

const sqsEvent = z
  .looseObject({
    Records: z
      .array(z.looseObject({ eventSource: z.literal('aws:sqs'), messageId: z.string(), body: z.string() }))
      .min(1),
  })
  .transform(
    ({ Records }): Invocation => ({
      kind: 'messages',
      messages: Records.map(({ messageId: id, body }) => ({ id, body })),
    }),
  );

const knownEvent = z.union([scheduledEvent, manualEvent, sqsEvent]);

/** What an invocation is to do: a run that looks at everything, or to look where the messages of a queue say. */
export type Invocation =
  | { readonly kind: 'run'; readonly mode: RunMode | undefined }
  | { readonly kind: 'messages'; readonly messages: readonly Message[] };

/** A message of the queue, by the id by which SQS is told that it is to come again. */
export interface Message {
  readonly id: string;
  readonly body: string;
}

/**
 * What an event asks for: a run in the function's own mode for a schedule's event, of a rule or of EventBridge Scheduler;
 * the mode of a manual `{"mode":"plan"}` or `{"mode":"apply"}`; or the messages of a queue. Throws an `InvocationError` that names
 * what came for anything else: a run removes records, and nothing but these asks for one.
 */
export function parseEvent(event: unknown): Invocation {
  const parsed = knownEvent.safeParse(event);
  if (parsed.success) return parsed.data;
  throw new InvocationError(
    'unknown-event',
    `the event is none that starts a run: ${describe(event)}; send the event of a schedule or of an SQS queue as it is, {"mode":"plan"} or {"mode":"apply"}`,
  );
}

/** What tells events apart; the rest of an event may hold anything, and is not read. */
const TELLING = ['source', 'detail-type', 'detail', 'mode'];

function describe(event: unknown): string {
  if (Array.isArray(event)) return `a list of ${event.length}`;
  if (typeof event !== 'object' || event === null) {
    return event === null || event === undefined ? `${event}` : `a ${typeof event}`;
  }
  const keys = Object.keys(event);
  const telling = TELLING.filter((key) => keys.includes(key));
  if (telling.length > 0) {
    return telling.map((key) => `${key} ${showTelling(key, Reflect.get(event, key))}`).join(', ');
  }
  return keys.length === 0 ? 'an empty object' : `an object of ${showValue(keys.toSorted())}`;
}

function showTelling(key: string, value: unknown): string {
  if (key !== 'detail' || typeof value !== 'object' || value === null) return showValue(value);
  const keys = Object.keys(value);
  return keys.length === 0 ? '{}' : `with ${showValue(keys.toSorted())}`;
}
