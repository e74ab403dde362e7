import { expect, test } from 'vitest';
import { serve } from '../end-to-end/support.ts';
import { examine, twoClusters } from './support.ts';

async function withQueue(name = 'ecs-events') {
  const { world } = await twoClusters({ kind: 'healthy' });
  const queue = world.addQueue('ecs-events');
  queue.send('an event', Date.now());
  const server = await serve(world);
  return { queue, server, flags: ['--events', `${server.url}/123456789012/${name}`] };
}

test('a queue of events that is there is told so, and keeps what it has, untouched', async () => {
  const { queue, server, flags } = await withQueue();
  const { failed, of } = await examine(server, flags);
  expect(failed).toEqual([]);
  expect(of('endpoint-sqs')).toBe('ok: answers');
  expect(of('queue')).toBe('ok: it is there');
  expect(of('sqs:DeleteMessage')).toBe('ok: permitted');
  expect(of('sqs:ReceiveMessage')).toMatch(/^skip: it cannot be tried without taking a message, /);
  expect(of('sqs:SendMessage')).toMatch(/^skip: it cannot be tried without sending a message: /);
  expect(queue.receive(10, 0, Date.now())).toMatchObject([{ body: 'an event', receives: 1 }]);
});

test('a queue that is not there fails, with what to do', async () => {
  const { server, flags } = await withQueue('other');
  const { failed, of } = await examine(server, flags);
  expect(failed).toEqual(['queue']);
  expect(of('queue')).toMatch(
    /^fail: there is no queue http\S+\/other: SQS does not know it → correct the URL in `events`, or make the queue$/,
  );
  expect(of('sqs:DeleteMessage')).toBe('skip: there is no such queue');
});

test('a role that is not let at it fails, with the action to grant', async () => {
  const { server, flags } = await withQueue();
  const effect = { kind: 'error', code: 'AccessDeniedException', status: 403 } as const;
  server.addFault({ operation: 'sqs:DeleteMessageBatch', effect });
  const { failed, of } = await examine(server, flags);
  expect(failed).toEqual(['sqs:DeleteMessage']);
  expect(of('sqs:DeleteMessage')).toMatch(/ → grant sqs:DeleteMessage: `ecs-dns iam` prints the policy$/);
});

test('without a queue nothing is asked of SQS', async () => {
  const { server } = await withQueue();
  const { findings } = await examine(server);
  expect(findings.filter(({ check }) => /sqs|queue/.test(check))).toEqual([]);
  expect(server.log.filter(({ operation }) => operation.startsWith('sqs:'))).toEqual([]);
});
