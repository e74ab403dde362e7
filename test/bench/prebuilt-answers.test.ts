import { DescribeTasksCommand, ListTasksCommand, StopTaskCommand } from '@aws-sdk/client-ecs';
import {
  ChangeResourceRecordSetsCommand,
  GetChangeCommand,
  ListResourceRecordSetsCommand,
} from '@aws-sdk/client-route-53';
import { describe, expect, test } from 'vitest';
import { PrebuiltAnswers } from '../../bench/fleet/prebuilt-answers.ts';
import type { Intercept } from '../../src/sandbox/answer.ts';
import { createWorld } from '../../src/sandbox/world/world.ts';
import { failureOf, withSandbox } from '../sandbox/with-sandbox.ts';
import { stopsTasks } from '../stopped-tasks.ts';

function newWorld() {
  const world = createWorld();
  const cluster = world.addCluster('blue');
  const taskDefinition = world.addTaskDefinition({ family: 'web', containers: [{}] });
  const task = world.addTask({ cluster, taskDefinition });
  const zone = world.addHostedZone({ id: 'Z1', name: 'sd.internal' });
  return { world, cluster, taskDefinition, task, zone };
}

const SET = {
  Name: 'a.sd.internal.',
  Type: 'A',
  TTL: 60,
  ResourceRecords: [{ Value: '192.0.2.1' }],
} as const;

async function openKept() {
  const fixture = newWorld();
  const answers = new PrebuiltAnswers();
  const intercept: Intercept = (request) => answers.answer(request);
  const sandbox = await withSandbox(fixture.world, { intercept });
  const { ecs, route53 } = sandbox;
  return {
    ...fixture,
    ...sandbox,
    answers,
    tasks: async () => (await ecs.send(new ListTasksCommand({ cluster: 'blue' }))).taskArns?.length,
    names: async () => {
      const answer = await route53.send(new ListResourceRecordSetsCommand({ HostedZoneId: 'Z1' }));
      return answer.ResourceRecordSets?.map(({ Name, Type }) => `${Name} ${Type}`);
    },
    create: () =>
      route53.send(
        new ChangeResourceRecordSetsCommand({
          HostedZoneId: 'Z1',
          ChangeBatch: {
            Changes: [
              { Action: 'CREATE', ResourceRecordSet: { ...SET, ResourceRecords: [...SET.ResourceRecords] } },
            ],
          },
        }),
      ),
  };
}

describe('prebuilt answers', () => {
  test('are given again until the world is said to have changed', async () => {
    const { world, cluster, taskDefinition, answers, tasks } = await openKept();
    expect(await tasks()).toBe(1);
    world.addTask({ cluster, taskDefinition });
    expect(await tasks()).toBe(1);
    answers.forgetAll();
    expect(await tasks()).toBe(2);
  });

  test('are made anew after a request that changes a zone, or a task', async () => {
    stopsTasks();
    const { ecs, task, names, tasks, create } = await openKept();
    expect([await names(), await tasks()]).toEqual([['sd.internal. NS', 'sd.internal. SOA'], 1]);
    await create();
    expect(await names()).toContain('a.sd.internal. A');
    await ecs.send(new StopTaskCommand({ cluster: 'blue', task: task.taskArn }));
    expect(await tasks()).toBe(0);
  });

  test('belong to one request each, and refusals are never kept', async () => {
    const { ecs, world } = await openKept();
    const describeTasks = (arn: string) =>
      ecs.send(new DescribeTasksCommand({ cluster: 'blue', tasks: [arn] }));
    expect((await describeTasks('x')).failures).toHaveLength(1);
    expect((await describeTasks('y')).failures?.[0]?.arn).toMatch(/\/y$/);
    const list = () => ecs.send(new ListTasksCommand({ cluster: 'red' }));
    expect((await failureOf(list())).code).toBe('ClusterNotFoundException');
    world.addCluster('red');
    expect((await list()).taskArns).toEqual([]);
  });

  test('have nothing to do with what a fault makes of an answer, nor with the state of a change', async () => {
    const { server, world, route53, tasks, create } = await openKept();
    const transform = () => ({ taskArns: [] });
    expect(await tasks()).toBe(1);
    server.addFault({ operation: 'ecs:ListTasks', times: 1, effect: { kind: 'transform', transform } });
    expect([await tasks(), await tasks()]).toEqual([0, 1]);
    world.pendingReads = 1;
    const { ChangeInfo } = await create();
    const status = async () =>
      (await route53.send(new GetChangeCommand({ Id: ChangeInfo?.Id ?? '' }))).ChangeInfo?.Status;
    expect([await status(), await status()]).toEqual(['PENDING', 'INSYNC']);
  });

  test('carry a request id each, and are in the log like all others', async () => {
    const { ecs, server, tasks } = await openKept();
    const ids = [
      (await ecs.send(new ListTasksCommand({ cluster: 'blue' }))).$metadata.requestId,
      (await ecs.send(new ListTasksCommand({ cluster: 'blue' }))).$metadata.requestId,
    ];
    expect(new Set(ids).size).toBe(2);
    expect(server.counts()).toEqual({ 'ecs:ListTasks': 2 });
    server.clearLog();
    await tasks();
    expect(server.log).toEqual([{ operation: 'ecs:ListTasks', input: { cluster: 'blue' }, status: 200 }]);
  });
});
