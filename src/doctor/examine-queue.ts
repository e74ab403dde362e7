import type { AwsClients } from '../aws/aws-clients.ts';
import { queueRegion } from '../triggers/event-queue.ts';
import type { CallRecord } from './call-record.ts';

/** No queue has given this out. */
const NO_MESSAGE = { receipt: 'ecs-dns-doctor', body: '' };

/**
 * Asks the queue of events to delete a message that it cannot have. It tells whether there is such a queue, and whether
 * this role is let at it, and changes nothing: to receive one would count as a try of the message, and three of those
 * move it to the queue for what failed.
 */
export async function examineQueue(
  url: string | undefined,
  clients: Pick<AwsClients, 'sqs'>,
  record: CallRecord,
  signal: AbortSignal,
): Promise<void> {
  if (url === undefined) return;
  const { sqsQueue } = await import('../triggers/queue.ts');
  const queue = sqsQueue(await clients.sqs(queueRegion(url)), url);
  const remove = (within: AbortSignal) => queue.remove([NO_MESSAGE], within);
  // What it fails with is on record.
  await record.observe('sqs:DeleteMessage', signal, remove).catch(() => signal.throwIfAborted());
}
