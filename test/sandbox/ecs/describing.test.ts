import {
  DescribeContainerInstancesCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  ListTasksCommand,
  StopTaskCommand,
} from '@aws-sdk/client-ecs';
import { describe, expect, test } from 'vitest';
import { createWorld } from '../../../src/sandbox/world/world.ts';
import { stopsTasks } from '../../stopped-tasks.ts';
import { failureOf, range, withSandbox } from '../with-sandbox.ts';

describe('DescribeTasks', () => {
  test('describes a bridge task with its ports on both protocols, its start as a date', async () => {
    const world = createWorld();
    const cluster = world.addCluster('blue');
    const machine = world.addMachine({ cluster });
    const taskDefinition = world.addTaskDefinition({
      family: 'web',
      containers: [
        {
          portMappings: [
            80,
            { containerPort: 53, hostPort: 5300, protocol: 'udp' },
            { containerPortRange: '9000-9002' },
          ],
        },
      ],
    });
    const task = world.addTask({ cluster, machine, taskDefinition, ipv6: true, startedAt: 1_700_000_000.5 });
    const { ecs } = await withSandbox(world);
    const { tasks } = await ecs.send(new DescribeTasksCommand({ cluster: 'blue', tasks: [task.taskArn] }));
    expect(tasks?.[0]?.startedAt).toEqual(new Date(1_700_000_000_500));
    expect(tasks?.[0]?.launchType).toBe('EC2');
    expect(tasks?.[0]?.containers?.[0]?.runtimeId).toMatch(/^[0-9a-f]{64}$/);
    const ipv4 = [
      { bindIP: '0.0.0.0', protocol: 'tcp', containerPort: 80, hostPort: 20_000 },
      { bindIP: '0.0.0.0', protocol: 'udp', containerPort: 53, hostPort: 5300 },
      { bindIP: '0.0.0.0', protocol: 'tcp', containerPortRange: '9000-9002', hostPortRange: '20001-20003' },
    ];
    const ipv6 = ipv4.map((binding) => ({ ...binding, bindIP: '::' }));
    expect(tasks?.[0]?.containers?.[0]?.networkBindings).toEqual([...ipv4, ...ipv6]);
  });

  test('describes an awsvpc task by its network interface', async () => {
    const world = createWorld({ region: 'eu-west-1' });
    const cluster = world.addCluster('blue');
    const taskDefinition = world.addTaskDefinition({
      family: 'web',
      networkMode: 'awsvpc',
      containers: [{ portMappings: [80] }],
    });
    const task = world.addTask({ cluster, taskDefinition, address: '10.1.2.3' });
    const { ecs } = await withSandbox(world);
    const { tasks } = await ecs.send(new DescribeTasksCommand({ cluster: 'blue', tasks: [task.taskArn] }));
    const [attachment] = tasks?.[0]?.attachments ?? [];
    expect(attachment?.type).toBe('ElasticNetworkInterface');
    expect(attachment?.details).toEqual(
      expect.arrayContaining([
        { name: 'privateIPv4Address', value: '10.1.2.3' },
        { name: 'privateDnsName', value: 'ip-10-1-2-3.eu-west-1.compute.internal' },
      ]),
    );
    const [container] = tasks?.[0]?.containers ?? [];
    expect(container?.networkBindings).toEqual([]);
    expect(container?.networkInterfaces).toEqual([
      { attachmentId: attachment?.id, privateIpv4Address: '10.1.2.3' },
    ]);
    expect(container?.runtimeId).toMatch(/^[0-9a-f]{32}-\d{10}$/);
  });

  test('knows nothing yet of the containers of a task that is pending', async () => {
    const world = createWorld();
    const cluster = world.addCluster('blue');
    const machine = world.addMachine({ cluster });
    const taskDefinition = world.addTaskDefinition({ family: 'web', containers: [{ portMappings: [80] }] });
    const { taskArn } = world.addTask({ cluster, machine, taskDefinition, lastStatus: 'PENDING' });
    const { ecs } = await withSandbox(world);
    const { tasks } = await ecs.send(new DescribeTasksCommand({ cluster: 'blue', tasks: [taskArn] }));
    expect(tasks?.[0]?.startedAt).toBeUndefined();
    expect(tasks?.[0]?.containers?.[0]?.runtimeId).toBeUndefined();
    expect(tasks?.[0]?.containers?.[0]?.networkBindings).toEqual([]);
  });

  test('answers for the tasks it finds, by id or ARN, and names those it misses', async () => {
    const world = createWorld();
    const cluster = world.addCluster('blue');
    const taskDefinition = world.addTaskDefinition({ family: 'web', containers: [{}] });
    const here = world.addTask({ cluster, taskDefinition, taskId: 'a'.repeat(32) });
    const gone = world.addTask({ cluster, taskDefinition });
    world.removeTask(gone);
    const { ecs } = await withSandbox(world);
    const tasks = ['a'.repeat(32), gone.taskArn, 'b'.repeat(32)];
    const answer = await ecs.send(new DescribeTasksCommand({ cluster: 'blue', tasks }));
    expect(answer.tasks?.map((task) => task.taskArn)).toEqual([here.taskArn]);
    expect(answer.failures).toEqual([
      { arn: gone.taskArn, reason: 'MISSING' },
      { arn: `arn:aws:ecs:us-east-1:123456789012:task/blue/${'b'.repeat(32)}`, reason: 'MISSING' },
    ]);
  });

  test('still describes a task that was stopped', async () => {
    const world = createWorld();
    const cluster = world.addCluster('blue');
    const taskDefinition = world.addTaskDefinition({ family: 'web', containers: [{}] });
    const task = world.addTask({ cluster, taskDefinition });
    world.stopTask(task);
    const { ecs } = await withSandbox(world);
    const answer = await ecs.send(new DescribeTasksCommand({ cluster: 'blue', tasks: [task.taskArn] }));
    expect(answer.tasks?.[0]).toMatchObject({ lastStatus: 'STOPPED', desiredStatus: 'STOPPED' });
  });
});

describe('the limits of describing', () => {
  const ids = (count: number) => range(count).map((i) => `id-${i}`);
  test.each([
    ['100 tasks', new DescribeTasksCommand({ cluster: 'blue', tasks: ids(100) }), 'the call succeeded'],
    [
      '101 tasks',
      new DescribeTasksCommand({ cluster: 'blue', tasks: ids(101) }),
      'taskIds can have at most 100 items.',
    ],
    ['no tasks', new DescribeTasksCommand({ cluster: 'blue', tasks: [] }), 'Tasks cannot be empty.'],
    [
      '100 container instances',
      new DescribeContainerInstancesCommand({ cluster: 'blue', containerInstances: ids(100) }),
      'the call succeeded',
    ],
    [
      '101 container instances',
      new DescribeContainerInstancesCommand({ cluster: 'blue', containerInstances: ids(101) }),
      'instanceIds can have at most 100 items.',
    ],
    [
      'no container instances',
      new DescribeContainerInstancesCommand({ cluster: 'blue', containerInstances: [] }),
      'Container instances cannot be empty.',
    ],
    [
      '10 services',
      new DescribeServicesCommand({ cluster: 'blue', services: ids(10) }),
      'the call succeeded',
    ],
    [
      '11 services',
      new DescribeServicesCommand({ cluster: 'blue', services: ids(11) }),
      'service names can have at most 10 items.',
    ],
    [
      'a task definition nobody has',
      new DescribeTaskDefinitionCommand({ taskDefinition: 'web:1' }),
      'Unable to describe task definition.',
    ],
  ] as const)('%s', async (_, command, message) => {
    const world = createWorld();
    world.addCluster('blue');
    const { ecs } = await withSandbox(world);
    // The union of commands has no overload of its own; each of them is a command of this client.
    const call = ecs.send(command as DescribeTasksCommand);
    expect((await failureOf(call)).message).toBe(message);
  });
});

test('a container instance counts its own tasks', async () => {
  const world = createWorld();
  const cluster = world.addCluster('blue');
  const machine = world.addMachine({ cluster, agentConnected: false, status: 'DRAINING' });
  const taskDefinition = world.addTaskDefinition({ family: 'web', containers: [{}] });
  world.addTask({ cluster, machine, taskDefinition });
  world.addTask({ cluster, machine, taskDefinition, lastStatus: 'PENDING' });
  const { ecs } = await withSandbox(world);
  const containerInstances = [machine.containerInstance?.containerInstanceArn ?? ''];
  const answer = await ecs.send(
    new DescribeContainerInstancesCommand({ cluster: 'blue', containerInstances }),
  );
  expect(answer.containerInstances?.[0]).toMatchObject({
    ec2InstanceId: machine.instanceId,
    agentConnected: false,
    status: 'DRAINING',
    runningTasksCount: 1,
    pendingTasksCount: 1,
  });
});

test('a container instance counts what is to run: not what is asked to stop, each task once', async () => {
  const world = createWorld();
  const cluster = world.addCluster('blue');
  const [machine, other] = [world.addMachine({ cluster }), world.addMachine({ cluster })];
  const taskDefinition = world.addTaskDefinition({ family: 'web', containers: [{}] });
  const add = (lastStatus: string, desiredStatus = 'RUNNING', on = machine) =>
    world.addTask({ cluster, machine: on, taskDefinition, lastStatus, desiredStatus });
  for (const status of ['RUNNING', 'RUNNING', 'ACTIVATING', 'PENDING', 'PROVISIONING']) add(status);
  for (const status of ['RUNNING', 'PENDING', 'DEACTIVATING', 'STOPPING', 'STOPPED']) add(status, 'STOPPED');
  add('RUNNING', 'RUNNING', other);
  const { ecs } = await withSandbox(world);

  const containerInstances = [machine, other].map((one) => one.containerInstance?.containerInstanceArn ?? '');
  const answer = await ecs.send(
    new DescribeContainerInstancesCommand({ cluster: 'blue', containerInstances }),
  );

  const counts = answer.containerInstances?.map((one) => [one.runningTasksCount, one.pendingTasksCount]);
  expect(counts).toEqual([
    [2, 3],
    [1, 0],
  ]);
  const listed = await ecs.send(
    new ListTasksCommand({ cluster: 'blue', containerInstance: containerInstances[0] }),
  );
  expect(listed.taskArns).toHaveLength(5);
});

test('a task definition is found by family, revision and ARN', async () => {
  const world = createWorld();
  const options = {
    family: 'web',
    containers: [{ environment: { SERVICE_80_NAME: '_web._tcp' }, dockerLabels: { a: 'b' } }],
  };
  const first = world.addTaskDefinition(options);
  const second = world.addTaskDefinition(options);
  const { ecs } = await withSandbox(world);
  const find = async (taskDefinition: string) =>
    (await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition }))).taskDefinition;
  expect((await find('web'))?.taskDefinitionArn).toBe(second.taskDefinitionArn);
  expect((await find('web:1'))?.taskDefinitionArn).toBe(first.taskDefinitionArn);
  expect((await find(second.taskDefinitionArn))?.containerDefinitions?.[0]).toMatchObject({
    environment: [{ name: 'SERVICE_80_NAME', value: '_web._tcp' }],
    dockerLabels: { a: 'b' },
  });
});

test('a task that is stopped leaves the running ones at once', async () => {
  stopsTasks();
  const world = createWorld();
  const cluster = world.addCluster('blue');
  const taskDefinition = world.addTaskDefinition({ family: 'web', containers: [{}] });
  const task = world.addTask({ cluster, taskDefinition });
  const { ecs } = await withSandbox(world, { now: () => 5000 });
  await ecs.send(new StopTaskCommand({ cluster: 'blue', task: task.taskArn, reason: 'unhealthy' }));
  expect(task).toMatchObject({ desiredStatus: 'STOPPED', stoppedReason: 'unhealthy', stoppingAt: 5 });
  const unknown = new StopTaskCommand({ cluster: 'blue', task: 'nobody' });
  expect((await failureOf(ecs.send(unknown))).message).toBe('The referenced task was not found.');
});
