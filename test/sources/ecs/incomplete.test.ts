import { describe, expect, it } from 'vitest';
import { awsError } from '../../aws/support.ts';
import {
  type Call,
  type EcsWorld,
  ec2Instance,
  inMemoryEc2,
  inMemoryEcs,
  instanceArn,
  many,
  registration,
  takeFrom,
  task,
  taskArn,
} from './support.ts';

const denied = awsError('AccessDeniedException', { message: 'not you', status: 400 });
const DENIED = 'AccessDeniedException: not you';

/** The second and later pages of an operation fail. */
const afterFirstPage = (operation: string) => (call: Call) =>
  call.operation === operation && call.token !== undefined ? denied : undefined;
const always = (operation: string) => (call: Call) => (call.operation === operation ? denied : undefined);

const tasks = many(120, (index) => task(index));
const instances = many(120, (index) => registration(index));
const known = { instances: many(120, (index) => ec2Instance(index)) };

async function take(world: EcsWorld) {
  const { incomplete, ...inventory } = await takeFrom(inMemoryEcs(world), inMemoryEc2(known));
  const scopes = incomplete.filter(({ operation }) => operation !== 'ecs:DescribeTaskDefinition');
  return { ...inventory, scopes };
}

describe('a request that fails', () => {
  it.each<[string, Pick<EcsWorld, 'fault'>, string, number, number]>([
    ['the first page of tasks', { fault: always('ListTasks') }, 'ecs:ListTasks', 0, 120],
    ['the second page of tasks', { fault: afterFirstPage('ListTasks') }, 'ecs:ListTasks', 100, 120],
    [
      'one of two descriptions of tasks',
      {
        fault: ({ operation, values }) =>
          operation === 'DescribeTasks' && values?.length === 20 ? denied : undefined,
      },
      'ecs:DescribeTasks',
      100,
      120,
    ],
    [
      'the second page of instances',
      { fault: afterFirstPage('ListContainerInstances') },
      'ecs:ListContainerInstances',
      120,
      100,
    ],
    [
      'the first page of instances',
      { fault: always('ListContainerInstances') },
      'ecs:ListContainerInstances',
      120,
      0,
    ],
  ])(
    '%s: the cluster is incomplete, and what came before is kept',
    async (_, fault, operation, containers, hosts) => {
      const inventory = await take({ clusters: { blue: { tasks, instances } }, ...fault });
      expect(inventory.scopes).toEqual([
        { scope: 'cluster/blue', operation, error: DENIED, hides: 'endpoints' },
      ]);
      expect(inventory.clusters).toMatchObject([{ name: 'blue', complete: false }]);
      expect(inventory.containers).toHaveLength(containers);
      expect(inventory.hosts).toHaveLength(hosts);
    },
  );

  it('leaves the other clusters complete', async () => {
    const inventory = await take({
      clusters: { blue: { tasks }, green: { tasks: [task('g')] } },
      fault: ({ operation, cluster }) =>
        operation === 'DescribeTasks' && cluster?.endsWith('/blue') ? denied : undefined,
    });
    expect(inventory.clusters).toMatchObject([
      { name: 'blue', complete: false },
      { name: 'green', complete: true },
    ]);
    expect(inventory.containers.map(({ cluster }) => cluster.name)).toEqual(['green']);
  });

  it('in the listing of clusters is a scope of its own', async () => {
    const clusters = Object.fromEntries(many(4, (index) => [`c${index}`, {}]));
    const inventory = await take({ clusters, pageSize: 2, fault: afterFirstPage('ListClusters') });
    expect(inventory.scopes).toEqual([
      { scope: 'clusters', operation: 'ecs:ListClusters', error: DENIED, hides: 'endpoints' },
    ]);
    expect(inventory.clusters).toMatchObject([
      { name: 'c0', complete: true },
      { name: 'c1', complete: true },
    ]);
  });

  it('for every page leaves an inventory of nothing, with every scope named', async () => {
    const inventory = await take({ clusters: { blue: {} }, fault: () => denied });
    expect(inventory.scopes.map(({ scope, operation }) => [scope, operation])).toEqual([
      ['clusters', 'ecs:ListClusters'],
    ]);
    expect(inventory).toMatchObject({ clusters: [], containers: [], endpoints: [], hosts: [] });
  });
});

describe('a listing whose token comes again', () => {
  it('is incomplete', async () => {
    const ecs = inMemoryEcs({ clusters: { blue: {} } });
    const listTasks = () => Promise.resolve({ items: [taskArn(1)], nextToken: 'again' });
    const { incomplete } = await takeFrom({ ...ecs, listTasks }, inMemoryEc2({}));
    expect(incomplete).toContainEqual({
      scope: 'cluster/blue',
      operation: 'ecs:ListTasks',
      error: 'the same page token came twice',
      hides: 'endpoints',
    });
  });
});

describe('a partial description', () => {
  it.each<[string, Omit<EcsWorld, 'clusters'>, string | undefined]>([
    ['nothing wrong with an id that is gone since', { failing: { [taskArn(1)]: 'MISSING' } }, undefined],
    ['an id that failed otherwise', { failing: { [taskArn(1)]: 'INTERNAL' } }, `INTERNAL for ${taskArn(1)}`],
    [
      'an id that failed and one that is gone',
      { failing: { [taskArn(0)]: 'MISSING', [taskArn(1)]: 'INTERNAL' } },
      `INTERNAL for ${taskArn(1)}`,
    ],
    ['an id left out without a word', { omitted: [taskArn(1)] }, '1 of 3 were left out of the answer'],
    [
      'ids left out beside one that is gone',
      { omitted: [taskArn(1)], failing: { [taskArn(2)]: 'MISSING' } },
      '1 of 3 were left out of the answer',
    ],
  ])('%s', async (_, world, error) => {
    const inventory = await take({ clusters: { blue: { tasks: tasks.slice(0, 3) } }, ...world });
    expect(inventory.scopes.map((scope) => scope.error)).toEqual(error === undefined ? [] : [error]);
    expect(inventory.clusters).toMatchObject([{ complete: error === undefined }]);
  });

  it('of container instances is told from one of tasks', async () => {
    const failing = { [instanceArn(1)]: 'INTERNAL' };
    const inventory = await take({ clusters: { blue: { instances: instances.slice(0, 3) } }, failing });
    expect(inventory.scopes.map(({ operation }) => operation)).toEqual(['ecs:DescribeContainerInstances']);
    expect(inventory.hosts).toHaveLength(2);
  });

  it('names what it can of a failure without details', async () => {
    const ecs = inMemoryEcs({ clusters: { blue: { tasks: [task(1)] } } });
    const describeTasks = () => Promise.resolve({ items: [], failures: [{}] });
    const { incomplete } = await takeFrom({ ...ecs, describeTasks }, inMemoryEc2({}));
    expect(incomplete).toMatchObject([{ error: 'unknown failure for ?' }]);
  });
});

describe('no task at all', () => {
  const busy = registration(1, { runningTasksCount: 3 });
  const busier = registration(4, { runningTasksCount: 4 });
  const idle = registration(2, { runningTasksCount: 0 });
  const silent = registration(3);

  it.each([
    ['is no proof while instances report running ones', [busy, idle, busier], 7],
    ['is true where the instances report none', [idle], undefined],
    ['is true where the instances do not say', [silent], undefined],
    ['is true without instances', [], undefined],
  ])('%s', async (_, registered, running) => {
    const inventory = await take({ clusters: { blue: { instances: registered } } });
    const error = `0 tasks were listed, but the container instances report ${running} running`;
    expect(inventory.clusters).toMatchObject([{ complete: running === undefined }]);
    expect(inventory.scopes).toEqual(
      running === undefined
        ? []
        : [{ scope: 'cluster/blue', operation: 'ecs:ListTasks', error, hides: 'endpoints' }],
    );
  });
});

describe('fewer tasks than the container instances report', () => {
  const busy = (runningTasksCount: number) => [registration(1, { runningTasksCount }), registration(2)];
  const listed = (count: number) => many(count, (index) => task(index));

  it.each<[string, number, number, string | undefined]>([
    [
      'a full page, and one more is reported',
      100,
      101,
      '100 tasks were listed, but the container instances report 101 running',
    ],
    ['two full pages', 200, 250, '200 tasks were listed, but the container instances report 250 running'],
    ['a full page, and no more is reported', 100, 100, undefined],
    ['a full page, and fewer are reported', 100, 3, undefined],
    ['one task: those that are being stopped are not listed', 1, 5, undefined],
    ['one less than a page', 99, 150, undefined],
    ['one more than a page', 101, 150, undefined],
  ])('%s', async (_, count, running, error) => {
    const inventory = await take({ clusters: { blue: { tasks: listed(count), instances: busy(running) } } });
    expect(inventory.scopes.map((scope) => [scope.operation, scope.error])).toEqual(
      error === undefined ? [] : [['ecs:ListTasks', error]],
    );
    expect(inventory.clusters).toMatchObject([{ complete: error === undefined }]);
    expect(inventory.containers).toHaveLength(count);
  });

  it.each<[string, Pick<EcsWorld, 'fault'>, string]>([
    ['after its first page', { fault: afterFirstPage('ListTasks') }, 'ecs:ListTasks'],
    ['at once', { fault: always('ListTasks') }, 'ecs:ListTasks'],
    ['to describe them', { fault: always('DescribeTasks') }, 'ecs:DescribeTasks'],
  ])('is told once where the reading failed %s', async (_, fault, operation) => {
    const blue = { tasks: listed(150), instances: busy(150) };
    const { scopes } = await take({ clusters: { blue }, ...fault });
    expect(new Set(scopes.map((scope) => scope.operation))).toEqual(new Set([operation]));
    expect(scopes.every(({ error }) => error === DENIED)).toBe(true);
  });

  it('counts what was listed, not what was still there to be described', async () => {
    const failing = { [taskArn(0)]: 'MISSING' };
    const inventory = await take({
      clusters: { blue: { tasks: listed(100), instances: busy(140) } },
      failing,
    });
    expect(inventory.clusters).toMatchObject([{ complete: false }]);
  });
});
