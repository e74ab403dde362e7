import {
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { errorName } from '../aws/aws-error.ts';
import { explainAwsError } from '../aws/explain-error.ts';
import { sendOptions } from '../aws/send-options.ts';
import { inBatches } from '../model/in-batches.ts';
import { RunError } from '../model/run-error.ts';
import type { EventQueue } from './event-queue.ts';

/** An abort is thrown on; whatever else goes wrong is told with what to do about it. */
function reject(error: unknown, url: string, signal: AbortSignal | undefined): never {
  signal?.throwIfAborted();
  if (errorName(error) !== 'QueueDoesNotExist') throw explainAwsError('sqs:ReceiveMessage', error);
  throw new RunError('aws', `SQS has no queue ${url}: correct the URL, or make the queue`, error);
}

/** The largest batch of SQS. */
const BATCH_SIZE = 10;

/**
 * A standard queue of SQS.
 *
 * @example
 * const queue = sqsQueue(new SQSClient({}), settings.events);
 */
export function sqsQueue(client: SQSClient, url: string): EventQueue {
  return {
    async receive(waitSeconds, signal) {
      const command = new ReceiveMessageCommand({
        QueueUrl: url,
        MaxNumberOfMessages: BATCH_SIZE,
        WaitTimeSeconds: waitSeconds,
        MessageSystemAttributeNames: ['SentTimestamp'],
      });
      const { Messages = [] } = await client
        .send(command, sendOptions(signal))
        .catch((error: unknown) => reject(error, url, signal));
      return Messages.map(({ ReceiptHandle = '', Body = '', Attributes }) => ({
        receipt: ReceiptHandle,
        body: Body,
        sentAt: Attributes?.SentTimestamp === undefined ? undefined : Number(Attributes.SentTimestamp),
      }));
    },
    async remove(messages, signal) {
      await Promise.all(
        inBatches(messages, BATCH_SIZE).map((batch) => {
          const Entries = batch.map(({ receipt }, i) => ({ Id: String(i), ReceiptHandle: receipt }));
          // What is not deleted comes again, and finds nothing to do.
          return client.send(new DeleteMessageBatchCommand({ QueueUrl: url, Entries }), sendOptions(signal));
        }),
      );
    },
    async sendLater(body, delaySeconds, signal) {
      const command = new SendMessageCommand({
        QueueUrl: url,
        MessageBody: body,
        DelaySeconds: delaySeconds,
      });
      await client.send(command, sendOptions(signal));
    },
  };
}
