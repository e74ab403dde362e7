import { expect, test } from 'vitest';
import { MessageQueue } from '../../../src/sandbox/world/message-queue.ts';

const DAY_MS = 24 * 3_600_000;

test('what nobody takes is forgotten after four days, with the next message', () => {
  const queue = new MessageQueue('events', 'arn:aws:sqs:us-east-1:123456789012:events');
  queue.send('first', 0);
  queue.send('second', 4 * DAY_MS - 1);
  expect(queue.size).toBe(2);
  queue.send('third', 4 * DAY_MS);
  expect(queue.receive(10, 0, 5 * DAY_MS).map(({ body }) => body)).toEqual(['second', 'third']);
});
