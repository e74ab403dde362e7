import { describe, expect, test } from 'vitest';
import { readEcsEvent } from '../../src/triggers/ecs-event.ts';
import {
  CLUSTER_ARN,
  callEvent,
  containerInstanceEvent,
  deploymentEvent,
  instanceEvent,
  newerEvent,
  taskArn,
  taskEvent,
} from './event-shapes.ts';

const CI = 'arn:aws:ecs:us-east-1:123456789012:container-instance/blue/0123';
const SERVICE = { kind: 'service', cluster: CLUSTER_ARN, service: 'orders' };
const byName = (cluster: string) => ({ kind: 'service', cluster, service: 'orders' });
const SERVICE_ARN = 'arn:aws:ecs:us-east-1:123456789012:service/blue/orders';

test.each([
  ['a task', taskEvent(taskArn('1')), { kind: 'task', cluster: CLUSTER_ARN, taskArn: taskArn('1') }],
  [
    'a container instance',
    containerInstanceEvent(CI),
    { kind: 'container-instance', cluster: CLUSTER_ARN, arn: CI },
  ],
  ['a deployment', deploymentEvent('orders'), SERVICE],
  ['CreateService', callEvent('CreateService', { cluster: 'blue', serviceName: 'orders' }), byName('blue')],
  [
    'UpdateService, the cluster by ARN',
    callEvent('UpdateService', { cluster: CLUSTER_ARN, service: 'orders' }),
    SERVICE,
  ],
  [
    'UpdateService, the service by ARN',
    callEvent('UpdateService', { cluster: 'blue', service: SERVICE_ARN }),
    SERVICE,
  ],
  [
    'DeleteService of the default cluster',
    callEvent('DeleteService', { service: 'orders' }),
    byName('default'),
  ],
  ['a Spot warning', instanceEvent('i-0a', 'spot'), { kind: 'instance', instanceId: 'i-0a' }],
  ['an instance that ends', instanceEvent('i-0a'), { kind: 'instance', instanceId: 'i-0a' }],
])('%s says where to look', (_, event, scope) => {
  expect(readEcsEvent(event)).toMatchObject({ kind: 'scopes', scopes: [scope] });
});

test('what is named by no ARN is of the account and region that the event has come from', () => {
  const area = { account: '222222222222', region: 'eu-west-1' };
  for (const event of [instanceEvent('i-0a'), callEvent('UpdateService', { service: 'orders' })])
    expect(readEcsEvent({ ...event, ...area })).toMatchObject({ scopes: [area] });
});

describe('what says nothing is ignored, with the reason', () => {
  test.each([
    ['a newer kind of event', newerEvent(), 'it is of no kind that is known'],
    [
      'a call that failed',
      callEvent('DeleteService', { service: 'a' }, { errorCode: 'AccessDenied' }),
      'AccessDenied',
    ],
    ['another call', callEvent('RunTask', { cluster: 'blue' }), 'it tells of RunTask'],
    ['a call without a service', callEvent('UpdateService', null), 'its call names no service'],
    ['a deployment of no service', { ...deploymentEvent('a'), resources: [] }, 'it names no service'],
    ['a task without its ARN', { ...taskEvent('x'), detail: { clusterArn: CLUSTER_ARN } }, 'taskArn'],
    ['a task whose ARN is none of a task', taskEvent('arn:aws:ecs:a b'), 'taskArn'],
    ['a machine whose id is none, and more of a filter', instanceEvent('i-0a] or [i-0b'), 'instance-id'],
    [
      'another source',
      { ...taskEvent(taskArn('1')), source: 'com.example' },
      'it is of no kind that is known',
    ],
    ['no event', { hello: 'world' }, 'it is no event of EventBridge'],
    ['a text', 'hello', 'it is no event of EventBridge'],
  ])('%s', (_, event, why) => {
    expect(readEcsEvent(event)).toMatchObject({ kind: 'ignored', why: expect.stringContaining(why) });
  });
});
