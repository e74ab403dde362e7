import {
  DescribeClustersCommand,
  ListClustersCommand,
  ListContainerInstancesCommand,
  ListServicesCommand,
  ListTasksCommand,
  type ListTasksCommandInput,
} from '@aws-sdk/client-ecs';
import { describe, expect, test } from 'vitest';
import { createWorld, type World } from '../../../src/sandbox/world/world.ts';
import { failureOf, range, type Sandbox, withSandbox } from '../with-sandbox.ts';

function worldWith(tasks: number): World {
  const world = createWorld();
  const cluster = world.addCluster('blue');
  const machine = world.addMachine({ cluster });
  const taskDefinition = world.addTaskDefinition({ family: 'web', containers: [{ portMappings: [80] }] });
  for (const _ of range(tasks)) world.addTask({ cluster, machine, taskDefinition });
  return world;
}

async function listAllTasks({ ecs }: Sandbox, input: ListTasksCommandInput): Promise<readonly string[][]> {
  const pages: string[][] = [];
  let nextToken: string | undefined;
  do {
    const page = await ecs.send(new ListTasksCommand({ ...input, nextToken }));
    pages.push(page.taskArns ?? []);
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return pages;
}

describe('ListTasks', () => {
  test.each([
    { name: 'fits on one page', tasks: 100, maxResults: undefined, sizes: [100] },
    { name: 'needs one more', tasks: 101, maxResults: undefined, sizes: [100, 1] },
    { name: 'in the pages asked for', tasks: 7, maxResults: 3, sizes: [3, 3, 1] },
    { name: 'has nothing', tasks: 0, maxResults: undefined, sizes: [0] },
  ])('pages a listing that $name', async ({ tasks, maxResults, sizes }) => {
    const sandbox = await withSandbox(worldWith(tasks));
    const pages = await listAllTasks(sandbox, { cluster: 'blue', maxResults });
    expect(pages.map((page) => page.length)).toEqual(sizes);
    expect(new Set(pages.flat()).size).toBe(tasks);
  });

  test('skips and repeats nothing when tasks go between two pages', async () => {
    const world = worldWith(6);
    const sandbox = await withSandbox(world);
    const cluster = world.cluster('blue');
    const before = [...cluster.tasks.values()].map((task) => task.taskArn);
    sandbox.server.addFault({
      operation: 'ecs:ListTasks',
      when: ({ input }) => input['nextToken'] !== undefined,
      times: 1,
      effect: {
        kind: 'before',
        before: () => {
          for (const task of [...cluster.tasks.values()].slice(0, 2)) world.removeTask(task);
        },
      },
    });
    const pages = await listAllTasks(sandbox, { cluster: 'blue', maxResults: 3 });
    expect(pages).toEqual([before.slice(0, 3), before.slice(3)]);
  });

  test('filters by status, launch type, family, service and container instance', async () => {
    const world = createWorld();
    const cluster = world.addCluster('blue');
    const [one, two] = [world.addMachine({ cluster }), world.addMachine({ cluster })];
    const web = world.addTaskDefinition({ family: 'web', containers: [{}] });
    const job = world.addTaskDefinition({ family: 'job', containers: [{}] });
    world.addService({ cluster, serviceName: 'shop', taskDefinition: web });
    const a = world.addTask({ cluster, machine: one, taskDefinition: web, service: 'shop' }).taskArn;
    const b = world.addTask({ cluster, machine: two, taskDefinition: job }).taskArn;
    const c = world.addTask({ cluster, taskDefinition: web }).taskArn;
    const stopped = world.addTask({ cluster, machine: two, taskDefinition: web });
    world.stopTask(stopped);
    const sandbox = await withSandbox(world);
    const list = async (input: Partial<ListTasksCommandInput>) =>
      (await listAllTasks(sandbox, { cluster: cluster.arn, ...input })).flat();

    expect(await list({})).toEqual([a, b, c]);
    expect(await list({ desiredStatus: 'STOPPED' })).toEqual([stopped.taskArn]);
    expect(await list({ desiredStatus: 'PENDING' })).toEqual([]);
    expect(await list({ launchType: 'FARGATE' })).toEqual([c]);
    expect(await list({ family: 'web' })).toEqual([a, c]);
    expect(await list({ serviceName: 'shop' })).toEqual([a]);
    const containerInstance = two.containerInstance?.containerInstanceArn;
    expect(await list({ containerInstance })).toEqual([b]);
    expect(await list({ containerInstance, desiredStatus: 'STOPPED' })).toEqual([stopped.taskArn]);
    expect(
      await list({
        containerInstance: one.containerInstance?.containerInstanceArn,
        desiredStatus: 'STOPPED',
      }),
    ).toEqual([]);
  });

  const refusals: readonly [string, ListTasksCommandInput, string, string][] = [
    ['an unknown cluster', { cluster: 'red' }, 'ClusterNotFoundException', 'Cluster not found.'],
    ['no cluster and no default', {}, 'ClusterNotFoundException', 'Cluster not found.'],
    [
      'a page of 0',
      { cluster: 'blue', maxResults: 0 },
      'InvalidParameterException',
      'maxResults must be between 1 and 100.',
    ],
    [
      'a page of 101',
      { cluster: 'blue', maxResults: 101 },
      'InvalidParameterException',
      'maxResults must be between 1 and 100.',
    ],
    [
      'a token it never gave',
      { cluster: 'blue', nextToken: 'made-up' },
      'InvalidParameterException',
      'Invalid token.',
    ],
    [
      'an unknown service',
      { cluster: 'blue', serviceName: 'x' },
      'ServiceNotFoundException',
      'Service not found.',
    ],
    [
      'an unknown machine',
      { cluster: 'blue', containerInstance: 'x' },
      'InvalidParameterException',
      'Referenced container instance x not found.',
    ],
  ];
  test.each(refusals)('refuses %s', async (_, input, code, message) => {
    const { ecs } = await withSandbox(worldWith(1));
    expect(await failureOf(ecs.send(new ListTasksCommand(input)))).toEqual({ code, status: 400, message });
  });

  test('takes a token for the listing it was given for, and no other', async () => {
    const { ecs } = await withSandbox(worldWith(3));
    const { nextToken } = await ecs.send(new ListTasksCommand({ cluster: 'blue', maxResults: 1 }));
    const other = new ListTasksCommand({ cluster: 'blue', desiredStatus: 'STOPPED', nextToken });
    expect((await failureOf(ecs.send(other))).message).toBe('Invalid token.');
  });
});

describe('the other listings', () => {
  test('list clusters in pages of 100', async () => {
    const world = createWorld();
    for (const i of range(101)) world.addCluster(`cluster-${i}`);
    const { ecs } = await withSandbox(world);
    const first = await ecs.send(new ListClustersCommand({}));
    const second = await ecs.send(new ListClustersCommand({ nextToken: first.nextToken }));
    expect([first.clusterArns?.length, second.clusterArns]).toEqual([
      100,
      [world.cluster('cluster-100').arn],
    ]);
  });

  test('list services in pages of 10 unless asked otherwise', async () => {
    const world = worldWith(0);
    const taskDefinition = world.addTaskDefinition({ family: 'svc', containers: [{}] });
    for (const i of range(11)) world.addService({ cluster: 'blue', serviceName: `s${i}`, taskDefinition });
    const { ecs } = await withSandbox(world);
    const short = await ecs.send(new ListServicesCommand({ cluster: 'blue' }));
    const long = await ecs.send(new ListServicesCommand({ cluster: 'blue', maxResults: 100 }));
    expect([short.serviceArns?.length, long.serviceArns?.length]).toEqual([10, 11]);
  });

  test('list container instances of one status or of all', async () => {
    const world = createWorld();
    const cluster = world.addCluster('blue');
    world.addMachine({ cluster });
    const draining = world.addMachine({ cluster, status: 'DRAINING' });
    const { ecs } = await withSandbox(world);
    const all = await ecs.send(new ListContainerInstancesCommand({ cluster: 'blue' }));
    const some = await ecs.send(new ListContainerInstancesCommand({ cluster: 'blue', status: 'DRAINING' }));
    expect(all.containerInstanceArns).toHaveLength(2);
    expect(some.containerInstanceArns).toEqual([draining.containerInstance?.containerInstanceArn]);
  });

  test('describe clusters with what runs in them, and what is missing', async () => {
    const { ecs } = await withSandbox(worldWith(2));
    const answer = await ecs.send(new DescribeClustersCommand({ clusters: ['blue', 'red'] }));
    expect(answer.clusters?.[0]).toMatchObject({ clusterName: 'blue', runningTasksCount: 2 });
    expect(answer.failures).toEqual([
      { arn: 'arn:aws:ecs:us-east-1:123456789012:cluster/red', reason: 'MISSING' },
    ]);
  });
});
