import { DescribeTasksCommand, ECSClient, ListTasksCommand } from '@aws-sdk/client-ecs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAwsClients } from '../../src/aws/aws-clients.ts';
import { createCallCounter } from '../../src/aws/call-counter.ts';
import { route53Api } from '../../src/route53/route53-api.ts';
import { loadBalancersApi } from '../../src/sources/ecs/resolve-balancers.ts';
import { type Answer, accessTo, retriesWithoutDelay, startService } from './support.ts';

const FAULT: Answer = { status: 500, body: '{"__type":"ServerException","message":"try again"}' };
const THROTTLE: Answer = { status: 400, body: '{"__type":"ThrottlingException","message":"slow down"}' };
const NO_TASKS: Answer = { status: 200, body: '{"taskArns":[],"tasks":[]}' };

let stopAll: (() => unknown)[] = [];
beforeEach(() => {
  stopAll = [];
});
afterEach(async () => {
  for (const stop of stopAll) await stop();
});

async function service(answers: readonly Answer[]) {
  const started = await startService(answers);
  stopAll.push(started.stop);
  return started;
}

describe('the call counter', () => {
  it('counts every attempt of a call, not the calls', async () => {
    const { endpoint, requests } = await service([FAULT, FAULT, NO_TASKS]);
    const counter = createCallCounter();
    const counted = counter.begin();
    const client = new ECSClient({ ...accessTo(endpoint), retryStrategy: retriesWithoutDelay(3) });
    stopAll.unshift(() => client.destroy());
    client.middlewareStack.use(counter.plugin('ecs'));

    await client.send(new ListTasksCommand({}));

    expect(requests()).toBe(3);
    expect(counted()).toEqual({ awsCalls: { 'ecs:ListTasks': 3 }, awsThrottled: 0 });
  });

  it('counts the attempts of a call that fails for good', async () => {
    const { endpoint } = await service([FAULT]);
    const counter = createCallCounter();
    const counted = counter.begin();
    const client = new ECSClient({ ...accessTo(endpoint), retryStrategy: retriesWithoutDelay(2) });
    stopAll.unshift(() => client.destroy());
    client.middlewareStack.use(counter.plugin('ecs'));

    await expect(client.send(new ListTasksCommand({}))).rejects.toThrow('try again');
    expect(counted()).toEqual({ awsCalls: { 'ecs:ListTasks': 2 }, awsThrottled: 0 });
  });

  it('counts the attempts that were throttled, whether or not a later one went well', async () => {
    const { endpoint } = await service([THROTTLE, THROTTLE, NO_TASKS, THROTTLE]);
    const counter = createCallCounter();
    const counted = counter.begin();
    const client = new ECSClient({ ...accessTo(endpoint), retryStrategy: retriesWithoutDelay(3) });
    stopAll.unshift(() => client.destroy());
    client.middlewareStack.use(counter.plugin('ecs'));

    await client.send(new ListTasksCommand({}));
    expect(counted()).toEqual({ awsCalls: { 'ecs:ListTasks': 3 }, awsThrottled: 2 });
    await expect(client.send(new ListTasksCommand({}))).rejects.toThrow('slow down');
    expect(counted()).toEqual({ awsCalls: { 'ecs:ListTasks': 6 }, awsThrottled: 5 });
  });

  it('names operations by service, sorted, and counts anew from each beginning', async () => {
    const { endpoint } = await service([NO_TASKS]);
    const counter = createCallCounter();
    const counted = counter.begin();
    const client = new ECSClient(accessTo(endpoint));
    stopAll.unshift(() => client.destroy());
    client.middlewareStack.use(counter.plugin('ecs'));

    await client.send(new ListTasksCommand({}));
    await client.send(new DescribeTasksCommand({ tasks: ['a'] }));
    await client.send(new ListTasksCommand({}));

    expect(Object.entries(counted().awsCalls)).toEqual([
      ['ecs:DescribeTasks', 1],
      ['ecs:ListTasks', 2],
    ]);
    expect(counter.begin()()).toEqual({ awsCalls: {}, awsThrottled: 0 });
  });
});

describe('createAwsClients', () => {
  it('counts what all its clients send, and never repeats a change by itself', async () => {
    const { endpoint, requests } = await service([{ status: 500, body: '<Error/>' }]);
    const clients = createAwsClients(accessTo(endpoint));
    const calls = clients.countCalls();
    stopAll.unshift(() => clients.destroy());
    const api = route53Api(clients.route53, clients.route53Changes);
    const recordSet = { Name: 'a.example.', Type: 'A', TTL: 0, ResourceRecords: [{ Value: '10.0.0.1' }] };

    await expect(api.changeRecordSets('Z1', [{ action: 'DELETE', recordSet }])).rejects.toThrow();

    expect(requests()).toBe(1);
    expect(calls()).toEqual({
      awsCalls: { 'route53:ChangeResourceRecordSets': 1 },
      awsThrottled: 0,
    });
  });

  it('loads the clients of load balancers once, paces them and counts both under the name of IAM', async () => {
    const { endpoint, requests } = await service([{ status: 403, body: '<ErrorResponse/>' }]);
    const clients = createAwsClients(accessTo(endpoint));
    const calls = clients.countCalls();
    stopAll.unshift(() => clients.destroy());
    const api = await loadBalancersApi(clients);
    expect(await clients.loadBalancing()).toBe(await clients.loadBalancing());

    await expect(api.loadBalancers(['arn:a'], undefined, undefined)).rejects.toThrow();
    await expect(api.classicBalancers(['a'], undefined, undefined)).rejects.toThrow();
    await expect(api.targetGroups(['arn:a'], undefined, undefined)).rejects.toThrow();

    expect(requests()).toBe(3);
    expect(calls().awsCalls).toEqual({
      'elasticloadbalancing:DescribeLoadBalancers': 2,
      'elasticloadbalancing:DescribeTargetGroups': 1,
    });
  });
});
