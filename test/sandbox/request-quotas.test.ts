import { DescribeInstancesCommand, DescribeNetworkInterfacesCommand } from '@aws-sdk/client-ec2';
import {
  DescribeContainerInstancesCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  ListClustersCommand,
  ListContainerInstancesCommand,
  ListServicesCommand,
  ListTasksCommand,
} from '@aws-sdk/client-ecs';
import { ListHostedZonesCommand, ListResourceRecordSetsCommand } from '@aws-sdk/client-route-53';
import { describe, expect, test } from 'vitest';
import { createWorld } from '../../src/sandbox/world/world.ts';
import { failureOf, range, type Sandbox, withSandbox } from './with-sandbox.ts';

const SEND: Readonly<Record<string, (sandbox: Sandbox) => Promise<unknown>>> = {
  'ecs:ListTasks': ({ ecs }) => ecs.send(new ListTasksCommand({})),
  'ecs:DescribeTasks': ({ ecs }) => ecs.send(new DescribeTasksCommand({ tasks: ['a'] })),
  'ecs:ListContainerInstances': ({ ecs }) => ecs.send(new ListContainerInstancesCommand({})),
  'ecs:DescribeContainerInstances': ({ ecs }) =>
    ecs.send(new DescribeContainerInstancesCommand({ containerInstances: ['a'] })),
  'ecs:ListServices': ({ ecs }) => ecs.send(new ListServicesCommand({})),
  'ecs:DescribeServices': ({ ecs }) => ecs.send(new DescribeServicesCommand({ services: ['a'] })),
  'ecs:ListClusters': ({ ecs }) => ecs.send(new ListClustersCommand({})),
  'ecs:DescribeTaskDefinition': ({ ecs }) =>
    ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: 'a' })),
  'ec2:DescribeInstances': ({ ec2 }) => ec2.send(new DescribeInstancesCommand({})),
  'ec2:DescribeNetworkInterfaces': ({ ec2 }) => ec2.send(new DescribeNetworkInterfacesCommand({})),
  'route53:ListHostedZones': ({ route53 }) => route53.send(new ListHostedZonesCommand({})),
  'route53:ListResourceRecordSets': ({ route53 }) =>
    route53.send(new ListResourceRecordSetsCommand({ HostedZoneId: 'Z1' })),
};

const THROTTLED = ['ThrottlingException', 'RequestLimitExceeded', 'Throttling'];

/** The throttling errors among the answers to `count` requests sent at once. */
async function refusals(sandbox: Sandbox, operation: string, count: number) {
  const outcomes = await Promise.all(range(count).map(() => failureOf(SEND[operation]?.(sandbox) ?? fail())));
  return outcomes.filter(({ code }) => THROTTLED.includes(code));
}

function fail(): Promise<never> {
  return Promise.reject(new Error('no such request in this test'));
}

describe("AWS's token buckets", () => {
  test.each([
    ['ecs:ListTasks', 100, 20, { code: 'ThrottlingException', status: 400 }],
    ['ecs:DescribeTasks', 100, 20, { code: 'ThrottlingException', status: 400 }],
    ['ecs:ListContainerInstances', 100, 20, { code: 'ThrottlingException', status: 400 }],
    ['ecs:DescribeContainerInstances', 100, 20, { code: 'ThrottlingException', status: 400 }],
    ['ecs:ListServices', 100, 20, { code: 'ThrottlingException', status: 400 }],
    ['ecs:DescribeServices', 100, 20, { code: 'ThrottlingException', status: 400 }],
    ['ecs:ListClusters', 50, 20, { code: 'ThrottlingException', status: 400 }],
    ['ecs:DescribeTaskDefinition', 50, 20, { code: 'ThrottlingException', status: 400 }],
    ['ec2:DescribeInstances', 100, 20, { code: 'RequestLimitExceeded', status: 503 }],
    ['ec2:DescribeNetworkInterfaces', 100, 20, { code: 'RequestLimitExceeded', status: 503 }],
    ['route53:ListHostedZones', 50, 10, { code: 'Throttling', status: 400, message: 'Rate exceeded' }],
    ['route53:ListResourceRecordSets', 50, 10, { code: 'Throttling', status: 400 }],
  ] as const)('%s has %i at once and %i a second', async (operation, burst, perSecond, error) => {
    let now = 0;
    const sandbox = await withSandbox(createWorld(), { quotas: 'current', now: () => now });
    const first = await refusals(sandbox, operation, burst + 3);
    expect(first).toEqual(range(3).map(() => expect.objectContaining(error)));
    now += 1000;
    expect(await refusals(sandbox, operation, perSecond + 2)).toHaveLength(2);
  });

  test('one action leaves the others what is theirs', async () => {
    const sandbox = await withSandbox(createWorld(), { quotas: 'current', now: () => 0 });
    expect(await refusals(sandbox, 'ecs:ListClusters', 60)).toHaveLength(10);
    expect(await refusals(sandbox, 'ecs:DescribeTaskDefinition', 50)).toEqual([]);
  });

  test('all actions of Route 53 together have no more than one of them', async () => {
    const sandbox = await withSandbox(createWorld(), { quotas: 'current', now: () => 0 });
    expect(await refusals(sandbox, 'route53:ListHostedZones', 40)).toEqual([]);
    expect(await refusals(sandbox, 'route53:ListResourceRecordSets', 20)).toHaveLength(10);
  });
});

describe('the older quota of Route 53', () => {
  test('is five a second, whatever the action, and a refusal costs nothing', async () => {
    let now = 0;
    const sandbox = await withSandbox(createWorld(), { quotas: 'older', now: () => now });
    expect(await refusals(sandbox, 'route53:ListHostedZones', 3)).toEqual([]);
    expect(await refusals(sandbox, 'route53:ListResourceRecordSets', 5)).toHaveLength(3);
    now += 400;
    expect(await refusals(sandbox, 'route53:ListHostedZones', 3)).toHaveLength(1);
    now += 10_000;
    expect(await refusals(sandbox, 'route53:ListHostedZones', 7)).toHaveLength(2);
  });

  test('leaves ECS and EC2 as they are', async () => {
    const sandbox = await withSandbox(createWorld(), { quotas: 'older', now: () => 0 });
    expect(await refusals(sandbox, 'ecs:ListClusters', 50)).toEqual([]);
    expect(await refusals(sandbox, 'ec2:DescribeInstances', 100)).toEqual([]);
  });
});

describe('without quotas, or with one of its own', () => {
  test('none refuses nobody', async () => {
    const sandbox = await withSandbox(createWorld(), { now: () => 0 });
    expect(await refusals(sandbox, 'ecs:ListClusters', 120)).toEqual([]);
  });

  test('a rate holds for each action', async () => {
    const quotas = { burst: 2, perSecond: 1 };
    const sandbox = await withSandbox(createWorld(), { quotas, now: () => 0 });
    expect(await refusals(sandbox, 'ecs:ListTasks', 3)).toHaveLength(1);
    expect(await refusals(sandbox, 'ecs:DescribeTasks', 3)).toHaveLength(1);
  });
});

describe('latency', () => {
  test('every answer waits for it, refusals too, and requests wait side by side', async () => {
    const waiting: { readonly milliseconds: number; readonly end: () => void }[] = [];
    const wait = (milliseconds: number) =>
      new Promise<void>((resolve) => {
        waiting.push({ milliseconds, end: resolve });
      });
    const quotas = { burst: 2, perSecond: 1 };
    const sandbox = await withSandbox(createWorld(), { quotas, latencyMs: 30, wait, now: () => 0 });
    const answered: unknown[] = [];
    const calls = range(3).map(async () =>
      answered.push(await failureOf(sandbox.ecs.send(new ListClustersCommand({})))),
    );
    await expect.poll(() => waiting.length).toBe(3);
    expect(answered).toEqual([]);
    for (const { end } of waiting) end();
    await Promise.all(calls);
    expect(waiting.map(({ milliseconds }) => milliseconds)).toEqual([30, 30, 30]);
    expect(answered).toContainEqual(expect.objectContaining({ code: 'ThrottlingException' }));
  });

  test('without it nothing waits', async () => {
    const wait = () => fail();
    const { ecs } = await withSandbox(createWorld(), { wait });
    expect((await ecs.send(new ListClustersCommand({}))).clusterArns).toEqual([]);
  });
});
