import { expect, test } from 'vitest';
import type { Scope } from '../../src/model/scope.ts';
import { messagesOf, readMessage } from '../../src/triggers/message.ts';
import { CLUSTER_ARN, taskArn, taskEvent } from './event-shapes.ts';

const SCOPES: readonly Scope[] = [
  { kind: 'task', cluster: CLUSTER_ARN, taskArn: taskArn('1') },
  { kind: 'container-instance', cluster: CLUSTER_ARN, arn: 'arn:aws:ecs:x' },
  { kind: 'service', cluster: 'blue', service: 'orders' },
  { kind: 'instance', instanceId: 'i-0a' },
  { kind: 'instance', instanceId: 'i-0a', account: '222222222222', region: 'eu-west-1' },
];

test('what is put back into the queue is read as it was', () => {
  const [body = ''] = messagesOf(SCOPES);
  expect(readMessage(body)).toMatchObject({ kind: 'scopes', scopes: SCOPES });
});

test('many scopes go into several messages, none larger than SQS takes', () => {
  const many = Array.from({ length: 1_200 }, (_, i): Scope => {
    return { kind: 'task', cluster: CLUSTER_ARN, taskArn: taskArn(String(i).padStart(32, '0')) };
  });
  const bodies = messagesOf(many);
  expect(bodies.flatMap((body) => Object(readMessage(body)).scopes)).toEqual(many);
  expect(Math.max(...bodies.map((body) => body.length))).toBeLessThan(256 * 1024);
});

test('an event is read as EventBridge sends it', () => {
  expect(readMessage(JSON.stringify(taskEvent(taskArn('1'))))).toMatchObject({
    kind: 'scopes',
    event: 'aws.ecs/ECS Task State Change',
    scopes: [SCOPES[0]],
  });
});

test.each([
  ['no JSON', '<html>', 'it is no JSON'],
  [
    'scopes of no kind that is known',
    '{"source":"ecs-dns","scopes":[{"kind":"zone"}]}',
    'no event of EventBridge',
  ],
])('%s is ignored', (_, body, why) => {
  expect(readMessage(body)).toMatchObject({ kind: 'ignored', why: expect.stringContaining(why) });
});
