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
  .transform((): RunMode => 'apply');

const manualEvent = z.strictObject({ mode: z.enum(['plan', 'apply']) }).transform(({ mode }) => mode);

const runEvent = z.union([scheduledEvent, manualEvent]);

/**
 * What an event asks for: `apply` for a schedule's event, of a rule or of EventBridge Scheduler, and
 * the mode of a manual `{"mode":"plan"}` or `{"mode":"apply"}`. Throws an `InvocationError` that names
 * what came for anything else: a run removes records, and nothing but these asks for one.
 */
export function parseEvent(event: unknown): RunMode {
  const parsed = runEvent.safeParse(event);
  if (parsed.success) return parsed.data;
  throw new InvocationError(
    'unknown-event',
    `the event is none that starts a run: ${describe(event)}; send the event of a schedule as it is, {"mode":"plan"} or {"mode":"apply"}`,
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
