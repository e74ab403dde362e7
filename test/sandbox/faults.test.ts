import { DescribeInstancesCommand } from '@aws-sdk/client-ec2';
import { DescribeTasksCommand, ListClustersCommand } from '@aws-sdk/client-ecs';
import {
  ChangeResourceRecordSetsCommand,
  ListHostedZonesCommand,
  type ResourceRecordSet,
} from '@aws-sdk/client-route-53';
import { describe, expect, test } from 'vitest';
import { createWorld } from '../../src/sandbox/world/world.ts';
import type { FaultEffect } from './faults.ts';
import { failureOf, type Sandbox, withSandbox } from './with-sandbox.ts';

const SET: ResourceRecordSet & { Name: string; Type: 'A'; ResourceRecords: { Value: string }[] } = {
  Name: 'a.sd.internal.',
  Type: 'A',
  TTL: 60,
  ResourceRecords: [{ Value: '192.0.2.1' }],
};

function create({ route53 }: Sandbox) {
  const Changes = [{ Action: 'CREATE' as const, ResourceRecordSet: SET }];
  return route53.send(new ChangeResourceRecordSetsCommand({ HostedZoneId: 'Z1', ChangeBatch: { Changes } }));
}

describe('the effects on a change', () => {
  // The SDK calls a connection that was reset a TimeoutError.
  const effects: readonly [string, FaultEffect, string, boolean, number][] = [
    [
      'an error',
      { kind: 'error', code: 'InvalidChangeBatch', message: '[no]' },
      'InvalidChangeBatch',
      false,
      400,
    ],
    [
      'an error of a status',
      { kind: 'error', code: 'ServiceUnavailable', status: 503 },
      'ServiceUnavailable',
      false,
      503,
    ],
    ['a throttle', { kind: 'throttle' }, 'Throttling', false, 400],
    ['a dropped request', { kind: 'drop' }, 'TimeoutError', false, 0],
    ['a lost reply', { kind: 'apply-then-drop' }, 'TimeoutError', true, 0],
    ['an error after the fact', { kind: 'apply-then-error' }, 'InternalFailure', true, 500],
  ];
  test.each(effects)('%s', async (_, effect, code, isApplied, status) => {
    const world = createWorld();
    const zone = world.addHostedZone({ id: 'Z1', name: 'sd.internal' });
    const sandbox = await withSandbox(world);
    sandbox.server.addFault({ operation: 'route53:ChangeResourceRecordSets', times: 1, effect });
    expect((await failureOf(create(sandbox))).code).toBe(code);
    expect(zone.list().some((set) => set.Name === SET.Name)).toBe(isApplied);
    expect(sandbox.server.log).toEqual([
      expect.objectContaining({ operation: 'route53:ChangeResourceRecordSets', status }),
    ]);
    // Used up: the next request meets the service as it is.
    const next = await failureOf(create(sandbox));
    expect(next.code).toBe(isApplied ? 'InvalidChangeBatch' : 'Error');
  });

  test('a request that hangs ends with the server, or when its caller gives up', async () => {
    const sandbox = await withSandbox();
    sandbox.server.addFault({ operation: 'ecs:*', effect: { kind: 'hang' } });
    const abort = new AbortController();
    const call = sandbox.ecs.send(new ListClustersCommand({}), { abortSignal: abort.signal });
    const failure = failureOf(call);
    await expect.poll(() => sandbox.server.log.length).toBe(1);
    abort.abort();
    expect((await failure).code).toBe('AbortError');
  });
});

describe('the services throttle in their own words', () => {
  test('on all three', async () => {
    const { server, ecs, ec2, route53 } = await withSandbox();
    server.addFault({ operation: '*', effect: { kind: 'throttle' } });
    expect(await failureOf(ecs.send(new ListClustersCommand({})))).toMatchObject({
      code: 'ThrottlingException',
      status: 400,
    });
    expect(await failureOf(ec2.send(new DescribeInstancesCommand({})))).toMatchObject({
      code: 'RequestLimitExceeded',
      status: 503,
    });
    expect(await failureOf(route53.send(new ListHostedZonesCommand({})))).toMatchObject({
      code: 'Throttling',
      status: 400,
    });
  });
});

describe('rules', () => {
  test('hold for the requests they describe, as often as they say, until they are removed', async () => {
    const { server, ecs } = await withSandbox();
    const remove = server.addFault({
      operation: 'ecs:ListClusters',
      when: ({ input }) => input['maxResults'] === 7,
      times: 2,
      effect: { kind: 'error', code: 'ServerException', status: 500 },
    });
    const list = (maxResults?: number) => failureOf(ecs.send(new ListClustersCommand({ maxResults })));
    expect([(await list()).code, (await list(7)).code]).toEqual(['Error', 'ServerException']);
    remove();
    expect((await list(7)).code).toBe('Error');
  });

  test('change the world just before, and the answer just after', async () => {
    const world = createWorld();
    const cluster = world.addCluster('blue');
    const taskDefinition = world.addTaskDefinition({ family: 'web', containers: [{}] });
    const [kept, gone] = [
      world.addTask({ cluster, taskDefinition }),
      world.addTask({ cluster, taskDefinition }),
    ];
    const { server, ecs } = await withSandbox(world);
    const operation = 'ecs:DescribeTasks';
    server.addFault({ operation, effect: { kind: 'before', before: (it) => it.removeTask(gone) } });
    server.addFault({
      operation,
      effect: { kind: 'transform', transform: (output) => ({ ...output, failures: [{ reason: 'ACCESS' }] }) },
    });
    const tasks = [kept.taskArn, gone.taskArn];
    const answer = await ecs.send(new DescribeTasksCommand({ cluster: 'blue', tasks }));
    expect(answer.tasks?.map((task) => task.taskArn)).toEqual([kept.taskArn]);
    expect(answer.failures).toEqual([{ reason: 'ACCESS' }]);
  });

  test('a transform gets a copy: what it does to it leaves the world alone', async () => {
    const world = createWorld();
    const zone = world.addHostedZone({ id: 'Z1', name: 'sd.internal' });
    const { server, route53 } = await withSandbox(world);
    const transform = (output: object) => ({ ...output, HostedZones: [] });
    server.addFault({
      operation: 'route53:ListHostedZones',
      times: 1,
      effect: { kind: 'transform', transform },
    });
    const list = async () => (await route53.send(new ListHostedZonesCommand({}))).HostedZones?.length;
    expect([await list(), await list(), zone.name]).toEqual([0, 1, 'sd.internal.']);
  });
});
