import { describe, expect, it } from 'vitest';
import {
  type ClusterWorld,
  countCalls,
  type EcsWorld,
  ec2Instance,
  inMemoryEc2,
  inMemoryEcs,
  instanceArn,
  many,
  registration,
  takeFrom,
  task,
} from './support.ts';

async function take(world: EcsWorld) {
  const instances = Object.values(world.clusters ?? {}).flatMap((cluster) => cluster.instances ?? []);
  const ecs = inMemoryEcs(world);
  const ec2 = inMemoryEc2({
    instances: instances.map(({ ec2InstanceId = '' }) => ec2Instance(ec2InstanceId.replace('i-', ''))),
  });
  const inventory = await takeFrom(ecs, ec2);
  return { inventory, calls: countCalls(ecs, ec2) };
}

const fleet = (tasks: number, instances: number, from = 0): ClusterWorld => ({
  tasks: many(tasks, (index) => task(index), from),
  instances: many(instances, (index) => registration(index), from),
});

describe('the fewest calls that pages and batches allow', () => {
  it.each<[string, Readonly<Record<string, ClusterWorld>>, Readonly<Record<string, number>>]>([
    ['no cluster', {}, { ListClusters: 1 }],
    ['an empty cluster', { blue: {} }, { ListClusters: 1, ListTasks: 1, ListContainerInstances: 1 }],
    [
      'one full page',
      { blue: fleet(100, 100) },
      {
        ListClusters: 1,
        ListTasks: 1,
        DescribeTasks: 1,
        ListContainerInstances: 1,
        DescribeContainerInstances: 1,
        DescribeInstances: 1,
      },
    ],
    [
      '350 tasks and 120 instances',
      { blue: fleet(350, 120) },
      {
        ListClusters: 1,
        ListTasks: 4,
        DescribeTasks: 4,
        ListContainerInstances: 2,
        DescribeContainerInstances: 2,
        DescribeInstances: 1,
      },
    ],
    [
      '360 instances in three clusters',
      { blue: fleet(0, 120), green: fleet(0, 120, 120), red: fleet(0, 120, 240) },
      {
        ListClusters: 1,
        ListTasks: 3,
        ListContainerInstances: 6,
        DescribeContainerInstances: 6,
        DescribeInstances: 2,
      },
    ],
    [
      '199 instances, the most that one filter holds',
      { blue: fleet(0, 199) },
      {
        ListClusters: 1,
        ListTasks: 1,
        ListContainerInstances: 2,
        DescribeContainerInstances: 2,
        DescribeInstances: 1,
      },
    ],
    [
      '200 instances',
      { blue: fleet(0, 200) },
      {
        ListClusters: 1,
        ListTasks: 1,
        ListContainerInstances: 2,
        DescribeContainerInstances: 2,
        DescribeInstances: 2,
      },
    ],
  ])('%s', async (_, clusters, expected) => {
    const { inventory, calls } = await take({ clusters });
    const { DescribeTaskDefinition: _definitions, ...counted } = calls;
    expect(counted).toEqual(expected);
    expect(inventory.incomplete).toEqual([]);
  });
});

it('shows everything that the pages held', async () => {
  const { inventory } = await take({ clusters: { blue: fleet(350, 120) } });
  expect(inventory.containers).toHaveLength(350);
  expect(new Set(inventory.containers.map(({ taskArn }) => taskArn)).size).toBe(350);
  expect(inventory.hosts.map(({ state }) => state)).toEqual(many(120, () => 'present'));
});

it('describes full batches although the pages are short', async () => {
  const { inventory, calls } = await take({ clusters: { blue: fleet(250, 0) }, pageSize: 7 });
  expect(calls).toMatchObject({ ListTasks: 36, DescribeTasks: 3 });
  expect(inventory.containers).toHaveLength(250);
});

it('reads all pages of the clusters', async () => {
  const clusters = Object.fromEntries(many(5, (index) => [`c${index}`, fleet(1, 0, index)]));
  const { inventory, calls } = await take({ clusters, pageSize: 2 });
  expect(calls).toMatchObject({ ListClusters: 3 });
  expect(inventory.clusters.map(({ name }) => name)).toEqual(['c0', 'c1', 'c2', 'c3', 'c4']);
});

it('describes an ARN once that two pages list', async () => {
  const twice = [task(1), task(2), task(1)];
  const { inventory, calls } = await take({ clusters: { blue: { tasks: twice } }, pageSize: 2 });
  expect(inventory.containers).toHaveLength(2);
  expect(inventory.incomplete).toEqual([]);
  expect(calls).toMatchObject({ ListTasks: 2, DescribeTasks: 1 });
});

it('asks EC2 once for an instance that two clusters have registered', async () => {
  const shared = registration(1);
  const other = registration(2, { ec2InstanceId: 'i-1', containerInstanceArn: instanceArn('other') });
  const ecs = inMemoryEcs({ clusters: { blue: { instances: [shared] }, green: { instances: [other] } } });
  const ec2 = inMemoryEc2({ instances: [ec2Instance(1)] });
  const { hosts } = await takeFrom(ecs, ec2);
  expect(ec2.calls).toMatchObject([{ values: ['i-1'] }]);
  expect(hosts.map(({ cluster, instanceId }) => [cluster.name, instanceId])).toEqual([
    ['blue', 'i-1'],
    ['green', 'i-1'],
  ]);
});
