import { DeleteMessageBatchCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { expect, onTestFinished, test } from 'vitest';
import { createWorld } from '../../../src/sandbox/world/world.ts';
import { accessTo } from '../../aws/support.ts';
import { serve } from '../../end-to-end/support.ts';

test('a receipt that no queue has given out fails alone, and what was received goes', async () => {
  const world = createWorld();
  const queue = world.addQueue('events');
  queue.send('an event', 0);
  const { url } = await serve(world);
  const client = new SQSClient(accessTo(url));
  onTestFinished(() => client.destroy());
  const QueueUrl = `${url}/123456789012/events`;
  const { Messages: [message] = [] } = await client.send(new ReceiveMessageCommand({ QueueUrl }));

  const Entries = [message?.ReceiptHandle, 'made up'].map((ReceiptHandle, i) => ({
    Id: `${i}`,
    ReceiptHandle,
  }));
  const { Successful, Failed } = await client.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));

  expect(Successful).toEqual([{ Id: '0' }]);
  expect(Failed).toEqual([{ Id: '1', Code: 'ReceiptHandleIsInvalid', SenderFault: true }]);
  expect(queue.size).toBe(0);
});
