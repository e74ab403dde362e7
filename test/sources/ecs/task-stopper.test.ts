import { describe, expect, test } from 'vitest';
import { createWorld } from '../../../src/sandbox/world/world.ts';
import { ecsApi } from '../../../src/sources/ecs/ecs-api.ts';
import { createTaskStopper, NO_STOPPER, stopTaskApi } from '../../../src/sources/ecs/task-stopper.ts';
import { withSandbox } from '../../sandbox/with-sandbox.ts';
import { stopsTasks } from '../../stopped-tasks.ts';

async function open() {
  const world = createWorld();
  const cluster = world.addCluster('blue');
  const taskDefinition = world.addTaskDefinition({ family: 'web', containers: [{}] });
  const { ecs, server } = await withSandbox(world);
  const stopper = createTaskStopper(
    ecsApi(ecs),
    stopTaskApi(() => ecs),
  );
  const addTask = (over: object = {}) => world.addTask({ cluster, taskDefinition, service: 'web', ...over });
  const addService = (serviceName: string) => world.addService({ cluster, serviceName, taskDefinition });
  return { server, stopper, addTask, addService };
}

describe('services right before one of their tasks is stopped', () => {
  test.each([
    ['a rolling deployment in progress', [{ status: 'PRIMARY', rolloutState: 'IN_PROGRESS' }], true],
    ['one that is complete', [{ status: 'PRIMARY', rolloutState: 'COMPLETED' }], false],
    ['none that is known', undefined, false],
    [
      'two at once',
      [
        { status: 'PRIMARY', rolloutState: 'COMPLETED' },
        { status: 'ACTIVE', rolloutState: 'COMPLETED' },
      ],
      true,
    ],
  ])('with %s', async (_, deployments, isDeploying) => {
    const { stopper, addTask, addService } = await open();
    Object.assign(addService('web'), deployments === undefined ? {} : { deployments });
    addTask();
    addTask({ lastStatus: 'DEACTIVATING', desiredStatus: 'STOPPED' });

    expect(await stopper.describeServices('blue', ['web', 'nobody'], undefined)).toEqual(
      new Map([['web', { status: 'ACTIVE', runningCount: 1, desiredCount: 1, isDeploying }]]),
    );
  });

  test('are described ten at a time', async () => {
    const { server, stopper, addService } = await open();
    const names = Array.from({ length: 11 }, (_, i) => `web-${i}`);
    for (const name of names) addService(name);

    expect((await stopper.describeServices('blue', names, undefined)).size).toBe(11);
    expect(server.counts()).toEqual({ 'ecs:DescribeServices': 2 });
  });
});

test('only tasks that run are found running, each with the service that started it', async () => {
  const { stopper, addTask } = await open();
  const [runs, alone] = [addTask(), addTask({ service: undefined })];
  const others = [
    addTask({ lastStatus: 'PENDING' }),
    addTask({ lastStatus: 'DEACTIVATING' }),
    addTask({ desiredStatus: 'STOPPED' }),
    addTask({ lastStatus: 'STOPPED', desiredStatus: 'STOPPED' }),
  ];
  const asked = [runs, alone, ...others].map(({ taskArn }) => taskArn);

  expect(await stopper.findRunning('blue', [...asked, 'nobody'], undefined)).toEqual(
    new Map([
      [runs.taskArn, 'web'],
      [alone.taskArn, undefined],
    ]),
  );
});

test('a task is stopped with its reason', async () => {
  stopsTasks();
  const { server, stopper, addTask } = await open();
  const { taskArn } = addTask();

  await stopper.stop('blue', taskArn, 'because', undefined);

  expect(server.log).toMatchObject([
    { operation: 'ecs:StopTask', input: { cluster: 'blue', task: taskArn, reason: 'because' }, status: 200 },
  ]);
});

test('whoever stops nothing cannot', async () => {
  await expect(NO_STOPPER.stop('blue', 'task', 'because', undefined)).rejects.toThrow(
    'no task is to be stopped',
  );
  await expect(NO_STOPPER.findRunning('blue', [], undefined)).rejects.toThrow(TypeError);
  await expect(NO_STOPPER.describeServices('blue', [], undefined)).rejects.toThrow(TypeError);
});
