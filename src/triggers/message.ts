import { z } from 'zod';
import { inBatches } from '../model/in-batches.ts';
import type { Scope } from '../model/scope.ts';
import { type EventReading, readEcsEvent } from './ecs-event.ts';

const text = z.string().min(1);
const area = { account: text.optional(), region: text.optional() };
const scope: z.ZodType<Scope> = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('task'), cluster: text, taskArn: text }),
  z.strictObject({ kind: z.literal('container-instance'), cluster: text, arn: text }),
  z.strictObject({ kind: z.literal('service'), cluster: text, service: text, ...area }),
  z.strictObject({ kind: z.literal('instance'), instanceId: text, ...area }),
]);

const KIND = 'ecs-dns/look again';
const lookAgain = z.strictObject({ source: z.literal('ecs-dns'), scopes: z.array(scope).min(1) });

/** So many scopes fit in a message of SQS with ease. */
const SCOPES_OF_MESSAGE = 500;

/** Messages that ask to look at scopes again. */
export function messagesOf(scopes: readonly Scope[]): readonly string[] {
  return inBatches(scopes, SCOPES_OF_MESSAGE).map((some) =>
    JSON.stringify({ source: 'ecs-dns', scopes: some }),
  );
}

/** Reads the body of a message: an event as EventBridge sends it, or what this worker has put back. */
export function readMessage(body: string): EventReading {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return { kind: 'ignored', event: 'unknown', why: 'it is no JSON' };
  }
  const again = lookAgain.safeParse(value);
  return again.success ? { kind: 'scopes', event: KIND, scopes: again.data.scopes } : readEcsEvent(value);
}
