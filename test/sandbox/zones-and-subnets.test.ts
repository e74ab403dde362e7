import { DescribeInstancesCommand } from '@aws-sdk/client-ec2';
import { DescribeContainerInstancesCommand, DescribeTasksCommand } from '@aws-sdk/client-ecs';
import { describe, expect, test } from 'vitest';
import { createWorld } from '../../src/sandbox/world/world.ts';
import { withSandbox } from './with-sandbox.ts';

const HERE = { availabilityZone: 'eu-west-1b', subnetId: 'subnet-b' } as const;

function worldOf() {
  const world = createWorld({ region: 'eu-west-1' });
  const cluster = world.addCluster('blue');
  const machine = world.addMachine({ cluster, ...HERE });
  const other = world.addMachine({ cluster, external: true });
  const define = (family: string, networkMode: 'bridge' | 'awsvpc') =>
    world.addTaskDefinition({ family, networkMode, containers: [{ portMappings: [80] }] });
  const tasks = [
    world.addTask({ cluster, machine, taskDefinition: define('bridge', 'bridge') }),
    world.addTask({ cluster, machine, taskDefinition: define('own', 'awsvpc') }),
    world.addTask({ cluster, taskDefinition: define('fargate', 'awsvpc'), ...HERE }),
    world.addTask({ cluster, taskDefinition: define('any', 'awsvpc') }),
  ];
  return { world, machine, other, tasks };
}

describe('where something stands in the network', () => {
  test('EC2 tells it of an instance, by which it can be asked for', async () => {
    const { world, machine } = worldOf();
    const { ec2 } = await withSandbox(world);
    const Filters = [{ Name: 'availability-zone', Values: [HERE.availabilityZone] }];
    const { Reservations: [found] = [] } = await ec2.send(new DescribeInstancesCommand({ Filters }));
    expect(found?.Instances).toMatchObject([
      {
        InstanceId: machine.instanceId,
        Placement: { AvailabilityZone: HERE.availabilityZone },
        SubnetId: HERE.subnetId,
      },
    ]);
  });

  test('ECS tells it in the attributes of a container instance, unless that is of ECS Anywhere', async () => {
    const { world, machine, other } = worldOf();
    const { ecs } = await withSandbox(world);
    const containerInstances = [machine, other].map(
      (one) => one.containerInstance?.containerInstanceArn ?? '',
    );
    const answer = await ecs.send(
      new DescribeContainerInstancesCommand({ cluster: 'blue', containerInstances }),
    );
    const [here, anywhere] = answer.containerInstances ?? [];
    expect(here?.attributes).toEqual(
      expect.arrayContaining([
        { name: 'ecs.availability-zone', value: HERE.availabilityZone },
        { name: 'ecs.subnet-id', value: HERE.subnetId },
      ]),
    );
    expect(anywhere?.attributes?.map(({ name }) => name)).not.toContain('ecs.availability-zone');
  });

  test('ECS tells it of a task: that of its machine, or its own', async () => {
    const { world, tasks } = worldOf();
    const { ecs } = await withSandbox(world);
    const answer = await ecs.send(
      new DescribeTasksCommand({ cluster: 'blue', tasks: tasks.map(({ taskArn }) => taskArn) }),
    );
    const told = (answer.tasks ?? []).map(({ availabilityZone, attachments }) => [
      availabilityZone,
      attachments?.[0]?.details?.find(({ name }) => name === 'subnetId')?.value,
    ]);
    expect(told).toEqual([
      [HERE.availabilityZone, undefined],
      [HERE.availabilityZone, HERE.subnetId],
      [HERE.availabilityZone, HERE.subnetId],
      ['eu-west-1a', 'subnet-0a1b2c3d4e5f60718'],
    ]);
  });
});
