import { DescribeInstancesCommand } from '@aws-sdk/client-ec2';
import {
  ListClustersCommand,
  ListTasksCommand,
  PutClusterCapacityProvidersCommand,
} from '@aws-sdk/client-ecs';
import {
  ListHealthChecksCommand,
  ListHostedZonesCommand,
  ListResourceRecordSetsCommand,
} from '@aws-sdk/client-route-53';
import { describe, expect, test } from 'vitest';
import { createWorld } from '../../src/sandbox/world/world.ts';
import { startTestServer, type TestServerOptions } from './test-server.ts';
import { failureOf, withSandbox } from './with-sandbox.ts';

describe('the log', () => {
  test('has every request in order, with its input and its outcome', async () => {
    const world = createWorld();
    world.addCluster('blue');
    const { server, ecs, ec2, route53 } = await withSandbox(world);
    await ecs.send(new ListTasksCommand({ cluster: 'blue' }));
    await failureOf(ecs.send(new ListTasksCommand({ cluster: 'red' })));
    await ec2.send(
      new DescribeInstancesCommand({
        Filters: [{ Name: 'instance-id', Values: ['a', 'b'] }],
        MaxResults: 5,
        IncludeManagedResources: true,
      }),
    );
    const cursor = {
      StartRecordName: '\\052.x',
      StartRecordType: 'SRV',
      StartRecordIdentifier: 'a:b',
    } as const;
    await failureOf(route53.send(new ListResourceRecordSetsCommand({ HostedZoneId: 'Z1', ...cursor })));
    expect(server.log).toEqual([
      { operation: 'ecs:ListTasks', input: { cluster: 'blue' }, status: 200 },
      {
        operation: 'ecs:ListTasks',
        input: { cluster: 'red' },
        status: 400,
        errorCode: 'ClusterNotFoundException',
      },
      {
        operation: 'ec2:DescribeInstances',
        input: {
          Filters: [{ Name: 'instance-id', Values: ['a', 'b'] }],
          MaxResults: 5,
          IncludeManagedResources: true,
        },
        status: 200,
      },
      {
        operation: 'route53:ListResourceRecordSets',
        input: { HostedZoneId: 'Z1', ...cursor },
        status: 404,
        errorCode: 'NoSuchHostedZone',
      },
    ]);
    expect(server.counts()).toEqual({
      'ecs:ListTasks': 2,
      'ec2:DescribeInstances': 1,
      'route53:ListResourceRecordSets': 1,
    });
  });
});

test('whoever observes is told of every request as it came, refused ones too', async () => {
  const seen: string[] = [];
  const observe: TestServerOptions['observe'] = ({ operation, status }, { method, path, body }) =>
    seen.push(`${operation} ${status} ${method} ${path} ${body}`);
  const { ecs, route53 } = await withSandbox(createWorld(), { observe });
  await failureOf(ecs.send(new ListTasksCommand({ cluster: 'red' })));
  await route53.send(new ListHostedZonesCommand({}));
  expect(seen).toEqual([
    'ecs:ListTasks 400 POST / {"cluster":"red"}',
    'route53:ListHostedZones 200 GET /2013-04-01/hostedzone ',
  ]);
});

describe('access keys', () => {
  test('any is let in, unless the server wants one', async () => {
    const { ecs, ec2, route53 } = await withSandbox(createWorld(), { requireAccessKey: 'ANOTHER' });
    expect(await failureOf(ecs.send(new ListClustersCommand({})))).toMatchObject({
      code: 'UnrecognizedClientException',
      status: 400,
    });
    expect(await failureOf(ec2.send(new DescribeInstancesCommand({})))).toMatchObject({
      code: 'AuthFailure',
      status: 401,
    });
    expect(await failureOf(route53.send(new ListHostedZonesCommand({})))).toMatchObject({
      code: 'InvalidClientTokenId',
      status: 403,
    });
    const welcome = await withSandbox(createWorld(), { requireAccessKey: 'SANDBOX' });
    expect((await welcome.ecs.send(new ListClustersCommand({}))).clusterArns).toEqual([]);
  });
});

describe('what is no request of these services', () => {
  test('operations that the sandbox does not have', async () => {
    const { ecs, route53 } = await withSandbox();
    const other = new PutClusterCapacityProvidersCommand({
      cluster: 'x',
      capacityProviders: [],
      defaultCapacityProviderStrategy: [],
    });
    expect((await failureOf(ecs.send(other))).code).toBe('UnknownOperationException');
    expect((await failureOf(route53.send(new ListHealthChecksCommand({})))).status).toBe(404);
  });

  test.each([
    ['an empty request', { method: 'GET' }, 404],
    [
      'an ECS body that is no JSON',
      {
        method: 'POST',
        body: '[',
        headers: { 'x-amz-target': 'AmazonEC2ContainerServiceV20141113.ListTasks' },
      },
      400,
    ],
  ])('%s', async (_, request, status) => {
    const { server } = await withSandbox();
    expect((await fetch(server.url, request)).status).toBe(status);
  });
});

test('a port that is taken is an error', async () => {
  const { server } = await withSandbox();
  await expect(startTestServer(createWorld(), { port: server.port })).rejects.toThrow('EADDRINUSE');
});

test('every answer carries a request id', async () => {
  const { ecs, ec2, route53 } = await withSandbox();
  const answers = [
    await ecs.send(new ListClustersCommand({})),
    await ec2.send(new DescribeInstancesCommand({})),
    await route53.send(new ListHostedZonesCommand({})),
  ];
  for (const { $metadata } of answers) expect($metadata.requestId).toMatch(/^[0-9a-f-]{36}$/);
});
