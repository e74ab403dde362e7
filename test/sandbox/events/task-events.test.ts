import { expect, test } from 'vitest';
import { feedTaskEvents } from '../../../src/sandbox/events/task-events.ts';
import { createWorld } from '../../../src/sandbox/world/world.ts';
import { readEcsEvent } from '../../../src/triggers/ecs-event.ts';

const NOW = 1_000_000;

test('each task that starts, is told to stop or has stopped is told to the queue, after a while', () => {
  const world = createWorld();
  const queue = world.addQueue('ecs-events');
  feedTaskEvents(world, queue, { now: () => NOW, lagMs: 500 });
  const cluster = world.addCluster('blue');
  const taskDefinition = world.addTaskDefinition({ family: 'orders', containers: [{}] });

  const task = world.addTask({ cluster, taskDefinition, machine: world.addMachine({ cluster }) });
  world.tellToStop(task, 'replaced', NOW / 1000);
  world.stopTask(task);

  expect(queue.receive(10, 30_000, NOW + 499)).toEqual([]);
  const events = queue.receive(10, 30_000, NOW + 500).map(({ body }) => JSON.parse(body));
  const scopes = [{ kind: 'task', cluster: cluster.arn, taskArn: task.taskArn }];
  for (const event of events) expect(readEcsEvent(event)).toMatchObject({ kind: 'scopes', scopes });
  expect(events.map(({ detail: { lastStatus, desiredStatus } }) => `${lastStatus} ${desiredStatus}`)).toEqual(
    ['RUNNING RUNNING', 'DEACTIVATING STOPPED', 'STOPPED STOPPED'],
  );
});
