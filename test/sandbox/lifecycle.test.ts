import { DescribeInstancesCommand, TerminateInstancesCommand } from '@aws-sdk/client-ec2';
import {
  DescribeServicesCommand,
  DescribeTasksCommand,
  ListTasksCommand,
  RunTaskCommand,
  StopTaskCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, describe, expect, test } from 'vitest';
import { feedTaskEvents } from '../../src/sandbox/events/task-events.ts';
import { type ServedContainers, startContainers } from '../../src/sandbox/fleet/containers.ts';
import { FleetBuilder } from '../../src/sandbox/fleet/fleet-builder.ts';
import { scheduleTasks } from '../../src/sandbox/fleet/task-scheduler.ts';
import { endpointsOf } from '../../src/sandbox/fleet/world-endpoints.ts';
import type { NetworkMode, Task } from '../../src/sandbox/world/ecs-shapes.ts';
import { createWorld } from '../../src/sandbox/world/world.ts';
import { OWN_BLOCK } from '../own-block.ts';
import { stopsTasks } from '../stopped-tasks.ts';
import { virtualTime } from '../watch/virtual-time.ts';
import { failureOf, withSandbox } from './with-sandbox.ts';

const SUBNETS = { awsvpcConfiguration: { subnets: ['subnet-1'] } };
const open: ServedContainers[] = [];
const stops: AbortController[] = [];

afterEach(async () => {
  for (const stop of stops.splice(0)) stop.abort();
  for (const containers of open.splice(0)) await containers.close();
});

/** Two machines, and a service with as many tasks on the first of them, that live by a clock of the test's own. */
async function living({ mode = 'bridge', tasks = 1 }: { mode?: NetworkMode; tasks?: number } = {}) {
  stopsTasks();
  const world = createWorld();
  const fleet = new FleetBuilder(world, world.addHostedZone({ name: 'servicediscovery.internal' }));
  const cluster = world.addCluster('blue');
  const machines = [1, 2].map((n) => world.addMachine({ cluster, address: `127.${OWN_BLOCK}.0.${n}` }));
  const [machine] = machines;
  const port = mode === 'bridge' ? { containerPort: 8080, hostPort: 0 } : { containerPort: 8080 };
  const service = fleet.addService({ name: '_orders._tcp', mode, cluster, portMappings: [port] });
  for (let i = 0; i < tasks; i++) {
    const own = mode === 'awsvpc' ? { address: `127.${OWN_BLOCK}.1.${i + 1}` } : {};
    fleet.run(service, { ...(machine === undefined ? {} : { machine }), ...own });
  }
  const containers = await startContainers({ world });
  open.push(containers);
  const clock = virtualTime();
  const stop = new AbortController();
  stops.push(stop);
  const changes: string[] = [];
  scheduleTasks({ world, containers, clock, stop: stop.signal, observe: ({ kind }) => changes.push(kind) });
  const sandbox = await withSandbox(world);
  const all = () => [...cluster.tasks.values()];
  const statuses = () => all().map(({ lastStatus }) => lastStatus);
  /** Lets the time pass, and what listens or ends with it come to its end. */
  const settled = async (ms: number, expected: readonly string[]) => {
    await clock.advance(ms);
    await expect.poll(statuses).toEqual(expected);
  };
  return { ...sandbox, cluster, machines, clock, changes, all, statuses, settled };
}

async function answers(world: Parameters<typeof endpointsOf>[0], task: Task): Promise<boolean> {
  const [endpoint] = endpointsOf(world, [task]);
  if (endpoint === undefined) return false;
  return fetch(`http://${endpoint.address}:${endpoint.port}/health`).then(
    ({ ok }) => ok,
    () => false,
  );
}

const ORDERS = { cluster: 'blue', service: 'orders' };

describe('RunTask', () => {
  test.each([
    ['bridge', 'EC2', ['PENDING']],
    ['awsvpc', 'FARGATE', ['PROVISIONING', 'PENDING']],
  ] as const)('starts a task that answers once it runs (%s, %s)', async (mode, launchType, before) => {
    const { ecs, world, all, settled } = await living({ mode, tasks: 0 });
    const network = mode === 'awsvpc' ? { networkConfiguration: SUBNETS } : {};

    const { tasks = [], failures } = await ecs.send(
      new RunTaskCommand({ cluster: 'blue', taskDefinition: 'orders', launchType, ...network }),
    );

    expect(failures).toEqual([]);
    expect(tasks).toMatchObject([
      { lastStatus: before[0], desiredStatus: 'RUNNING', group: 'family:orders' },
    ]);
    for (const status of [...before.slice(1), 'RUNNING']) await settled(1_000, [status]);
    const [task] = all();
    if (task === undefined) throw new TypeError('there is no task');
    await expect.poll(() => answers(world, task)).toBe(true);
    const described = await ecs.send(new DescribeTasksCommand({ cluster: 'blue', tasks: [task.taskArn] }));
    expect(described.tasks?.[0]?.containers?.[0]).toMatchObject({
      lastStatus: 'RUNNING',
      runtimeId: expect.any(String),
    });
  });

  test('tells the queue of every status that a task goes through', async () => {
    const { ecs, world, server, clock, all, settled } = await living({ tasks: 0 });
    const queue = world.addQueue('ecs-events');
    feedTaskEvents(world, queue, { now: () => Date.now(), lagMs: 0 });

    await ecs.send(new RunTaskCommand({ cluster: 'blue', taskDefinition: 'orders:1' }));
    await settled(1_000, ['RUNNING']);
    await ecs.send(new StopTaskCommand({ cluster: 'blue', task: all()[0]?.taskArn }));
    await settled(1_000, ['STOPPING']);
    await settled(2_000, ['STOPPED']);
    expect(clock.now()).toBeGreaterThan(0);

    const sqs = new SQSClient({
      endpoint: server.url,
      region: world.region,
      credentials: { accessKeyId: 'SANDBOX', secretAccessKey: 'sandbox' },
    });
    const QueueUrl = `${server.url}/${world.account}/ecs-events`;
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
    );
    sqs.destroy();
    const details = Messages.map(({ Body = '' }) => JSON.parse(Body).detail);
    expect(details.map(({ lastStatus }) => lastStatus)).toEqual([
      'PENDING',
      'RUNNING',
      'DEACTIVATING',
      'STOPPING',
      'STOPPED',
    ]);
  });

  test('places tasks where the ports of the host are free, and says where they are not', async () => {
    const { ecs } = await living({ mode: 'host', tasks: 1 });
    const { tasks = [], failures = [] } = await ecs.send(
      new RunTaskCommand({ cluster: 'blue', taskDefinition: 'orders', count: 2 }),
    );
    expect(tasks).toHaveLength(1);
    expect(failures).toMatchObject([
      { arn: expect.stringContaining(':container-instance/'), reason: 'RESOURCE:PORTS' },
    ]);
  });

  test.each([
    [{ taskDefinition: 'nowhere' }, 'ClientException', 'TaskDefinition not found.'],
    [{ taskDefinition: 'orders', count: 11 }, 'InvalidParameterException', 'count must be'],
    [{ taskDefinition: 'orders', cluster: 'nowhere' }, 'ClusterNotFoundException', 'Cluster not found.'],
    [
      { taskDefinition: 'orders', launchType: 'FARGATE' as const },
      'ClientException',
      'Fargate only supports',
    ],
    [
      { taskDefinition: 'orders', networkConfiguration: SUBNETS },
      'InvalidParameterException',
      'Network Configuration is not valid for the given networkMode',
    ],
  ])('refuses %j', async (input, code, message) => {
    const { ecs, all } = await living();
    const failure = await failureOf(ecs.send(new RunTaskCommand({ cluster: 'blue', ...input })));
    expect(failure).toEqual({ code, status: 400, message: expect.stringContaining(message) });
    expect(all()).toHaveLength(1);
  });

  test('refuses a task with an interface of its own that is told no subnet, and a cluster without machines', async () => {
    const { ecs, world } = await living({ mode: 'awsvpc' });
    const bare = failureOf(ecs.send(new RunTaskCommand({ cluster: 'blue', taskDefinition: 'orders' })));
    expect(await bare).toMatchObject({ code: 'InvalidParameterException', message: /must be provided/ });
    world.addCluster('empty');
    const input = { cluster: 'empty', taskDefinition: 'orders', networkConfiguration: SUBNETS };
    expect(await failureOf(ecs.send(new RunTaskCommand(input)))).toMatchObject({
      message: 'No Container Instances were found in your cluster.',
    });
  });
});

describe('UpdateService', () => {
  test('up starts as many tasks as are missing, and down stops the newest', async () => {
    const { ecs, settled, all } = await living();
    const [oldest] = all();

    const { service } = await ecs.send(new UpdateServiceCommand({ ...ORDERS, desiredCount: 3 }));
    expect(service).toMatchObject({ serviceName: 'orders', desiredCount: 3, runningCount: 1 });
    await settled(1_000, ['RUNNING', 'RUNNING', 'RUNNING']);
    expect(all().every(({ group }) => group === 'service:orders')).toBe(true);

    await ecs.send(new UpdateServiceCommand({ ...ORDERS, desiredCount: 1 }));
    await settled(1_000, ['RUNNING', 'STOPPING', 'STOPPING']);
    await settled(2_000, ['RUNNING', 'STOPPED', 'STOPPED']);
    await settled(9_000, ['RUNNING', 'STOPPED', 'STOPPED']);
    expect(all()[0]).toBe(oldest);
    expect(all()[2]).toMatchObject({ stopCode: 'ServiceSchedulerInitiated' });
    const { services } = await ecs.send(
      new DescribeServicesCommand({ cluster: 'blue', services: ['orders'] }),
    );
    expect(services).toMatchObject([{ desiredCount: 1, runningCount: 1 }]);
  });

  test('down to nothing leaves nothing, and no successor', async () => {
    const { ecs, world, settled, all } = await living();
    const [task] = all();
    if (task === undefined) throw new TypeError('there is no task');
    await ecs.send(new UpdateServiceCommand({ ...ORDERS, desiredCount: 0 }));
    await settled(1_000, ['STOPPING']);
    await settled(2_000, ['STOPPED']);
    expect(await answers(world, task)).toBe(false);
    const { taskArns } = await ecs.send(new ListTasksCommand({ cluster: 'blue' }));
    expect(taskArns).toEqual([]);
  });

  test('a new deployment runs new tasks before the old ones go', async () => {
    const { ecs, settled } = await living({ tasks: 2 });
    await ecs.send(new UpdateServiceCommand({ ...ORDERS, forceNewDeployment: true }));
    await settled(0, ['RUNNING', 'RUNNING', 'PENDING', 'PENDING']);
    await settled(1_000, ['DEACTIVATING', 'DEACTIVATING', 'RUNNING', 'RUNNING']);
    await settled(1_000, ['STOPPING', 'STOPPING', 'RUNNING', 'RUNNING']);
    await settled(2_000, ['STOPPED', 'STOPPED', 'RUNNING', 'RUNNING']);
    await settled(9_000, ['STOPPED', 'STOPPED', 'RUNNING', 'RUNNING']);
  });

  test.each([
    [{ service: 'nowhere' }, 'ServiceNotFoundException', 'Service not found.'],
    [{ service: 'orders', desiredCount: -1 }, 'InvalidParameterException', 'cannot be negative'],
    [{ service: 'orders', taskDefinition: 'nowhere' }, 'ClientException', 'TaskDefinition not found.'],
  ])('refuses %j', async (input, code, message) => {
    const { ecs } = await living();
    const failure = await failureOf(ecs.send(new UpdateServiceCommand({ cluster: 'blue', ...input })));
    expect(failure).toEqual({ code, status: 400, message: expect.stringContaining(message) });
  });

  test('refuses a service that was deleted', async () => {
    const { ecs, world, cluster } = await living();
    for (const service of cluster.services.values()) world.deleteService(service);
    expect(await failureOf(ecs.send(new UpdateServiceCommand(ORDERS)))).toMatchObject({
      code: 'ServiceNotActiveException',
    });
  });
});

describe('TerminateInstances', () => {
  test('ends what runs on a machine, and its service runs it on another', async () => {
    const { ec2, world, machines, settled, all, changes } = await living({ tasks: 2 });
    const [first, second] = machines;
    const [task] = all();
    if (task === undefined) throw new TypeError('there is no task');
    const InstanceIds = [first?.instanceId ?? ''];

    const { TerminatingInstances } = await ec2.send(new TerminateInstancesCommand({ InstanceIds }));
    expect(TerminatingInstances).toEqual([
      {
        InstanceId: first?.instanceId,
        PreviousState: { Code: 16, Name: 'running' },
        CurrentState: { Code: 32, Name: 'shutting-down' },
      },
    ]);
    await settled(0, ['RUNNING', 'RUNNING']);
    await settled(2_000, ['STOPPED', 'STOPPED', 'PENDING', 'PENDING']);
    expect(await answers(world, task)).toBe(false);
    await settled(1_000, ['STOPPED', 'STOPPED', 'RUNNING', 'RUNNING']);
    expect(changes.filter((kind) => kind !== 'started')).toEqual(['terminated']);
    for (const one of all().slice(2))
      expect(one.containerInstanceArn).toBe(second?.containerInstance?.containerInstanceArn);
    const { Reservations } = await ec2.send(new DescribeInstancesCommand({ InstanceIds }));
    expect(Reservations?.[0]?.Instances?.[0]?.State?.Name).toBe('terminated');
  });

  test.each([
    [
      'i-0123456789abcdef0',
      'InvalidInstanceID.NotFound',
      "The instance ID 'i-0123456789abcdef0' does not exist",
    ],
    ['foo', 'InvalidInstanceID.Malformed', 'Invalid id: "foo"'],
  ])('refuses %s, and then ends none', async (id, code, message) => {
    const { ec2, machines } = await living();
    const InstanceIds = [machines[0]?.instanceId ?? '', id];
    const failure = await failureOf(ec2.send(new TerminateInstancesCommand({ InstanceIds })));
    expect(failure).toEqual({ code, status: 400, message });
    expect(machines[0]?.ec2?.state).toBe('running');
  });
});
