import { createHash } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { AwsError } from '../error-answer.ts';
import type { Call, Json, OperationContext, RawRequest, Service } from '../service.ts';
import { decodeJson, encodeJsonError, jsonResponse } from '../wire/json-protocol.ts';
import { isReceipt, type MessageQueue } from '../world/message-queue.ts';

/** What the header `x-amz-target` of an SQS request starts with. */
export const SQS_TARGET = 'AmazonSQS.';

type Action = (queue: MessageQueue, input: Json, now: number) => Json;

const ACTIONS: Readonly<Record<string, Action>> = {
  SendMessage: (queue, input, now) => {
    const body = text(input, 'MessageBody');
    if (body === '') throw missing('MessageBody');
    const id = queue.send(body, now, number(input, 'DelaySeconds', 0, 0, 900) * 1000);
    return { MessageId: id, MD5OfMessageBody: md5(body) };
  },
  ReceiveMessage: (queue, input, now) => {
    const max = number(input, 'MaxNumberOfMessages', 1, 1, 10);
    number(input, 'WaitTimeSeconds', 0, 0, 20);
    const hidden = number(input, 'VisibilityTimeout', queue.visibilityMs / 1000, 0, 43_200) * 1000;
    const names = [input['MessageSystemAttributeNames'] ?? []].flat();
    const Messages = queue.receive(max, hidden, now).map(({ id, body, receipt, sentAt }) => {
      const Attributes = names.includes('SentTimestamp') ? { SentTimestamp: String(sentAt) } : undefined;
      return { MessageId: id, ReceiptHandle: receipt, Body: body, MD5OfBody: md5(body), Attributes };
    });
    return Messages.length === 0 ? {} : { Messages };
  },
  DeleteMessageBatch: (queue, input) => {
    const entries = (input['Entries'] ?? []) as readonly { Id: string; ReceiptHandle: string }[];
    if (entries.length === 0)
      throw invalid('EmptyBatchRequest', 'There should be at least one DeleteMessageBatchRequestEntry.');
    if (entries.length > 10)
      throw invalid('TooManyEntriesInBatchRequest', 'Maximum number of entries per request are 10.');
    const known = entries.filter(({ ReceiptHandle }) => isReceipt(ReceiptHandle));
    const unknown = entries.filter((entry) => !known.includes(entry));
    for (const { ReceiptHandle } of known) queue.delete(ReceiptHandle);
    return {
      Successful: known.map(({ Id }) => ({ Id })),
      Failed: unknown.map(({ Id }) => ({ Id, Code: 'ReceiptHandleIsInvalid', SenderFault: true })),
    };
  },
};

/** Amazon SQS in its JSON protocol: standard queues, as far as a consumer needs them. */
export const sqsService: Service = {
  name: 'sqs',
  operations: Object.keys(ACTIONS),
  operationOf: (request) => String(request.headers['x-amz-target']).slice(SQS_TARGET.length),
  decode: decodeJson,
  execute,
  encode: (_, output) => jsonResponse(200, output),
  encodeError: encodeJsonError,
  throttled: () => new AwsError('RequestThrottled', 'Request is throttled.', 403),
  // Standard queues take nearly as many as come.
  rateOf: () => ({ burst: 10_000, perSecond: 10_000 }),
  ready,
};

function execute({ world, now }: OperationContext, { operation, input }: Call): Json {
  const action = ACTIONS[operation];
  if (action === undefined)
    throw new AwsError('UnknownOperationException', `The sandbox does not know sqs:${operation}.`);
  const queue = world.findQueue(text(input, 'QueueUrl'));
  if (queue === undefined)
    throw new AwsError('AWS.SimpleQueueService.NonExistentQueue', 'The specified queue does not exist.');
  return action(queue, input, now());
}

/** A receiver that waits is answered with the first message, or when its time is up. */
async function ready({ world, now }: OperationContext, request: RawRequest): Promise<void> {
  if (!String(request.headers['x-amz-target']).endsWith('.ReceiveMessage')) return;
  const input = decodeJson(request);
  const queue = world.findQueue(text(input, 'QueueUrl'));
  const end = now() + Math.min(20, Number(input['WaitTimeSeconds'] ?? 0)) * 1000;
  if (queue === undefined) return;
  while (now() < end) {
    const next = queue.nextAt();
    if (next !== undefined && next <= now()) return;
    const sent = new AbortController();
    const stop = queue.onSend(() => sent.abort());
    const waitMs = Math.min(end, next ?? end) - now();
    await setTimeout(Math.max(1, waitMs), undefined, { signal: sent.signal }).catch(() => {});
    stop();
  }
}

function text(input: Json, name: string): string {
  const value = input[name];
  return typeof value === 'string' ? value : '';
}

function number(input: Json, name: string, byDefault: number, min: number, max: number): number {
  const value = Number(input[name] ?? byDefault);
  if (value >= min && value <= max) return value;
  throw invalid(
    'InvalidParameterValue',
    `Value ${value} for parameter ${name} is invalid. Reason: Must be between ${min} and ${max}, if provided.`,
  );
}

function missing(name: string): AwsError {
  return invalid('MissingParameter', `The request must contain the parameter ${name}.`);
}

function invalid(code: string, message: string): AwsError {
  return new AwsError(code, message);
}

function md5(body: string): string {
  return createHash('md5').update(body).digest('hex');
}
