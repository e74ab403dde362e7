import { StopTaskCommand } from '@aws-sdk/client-ecs';
import { expect, test } from 'vitest';
import { createWorld } from '../../src/sandbox/world/world.ts';
import { stopsTasks, takeUndeclaredStops } from '../stopped-tasks.ts';
import { failureOf, withSandbox } from './with-sandbox.ts';

async function stopNobody(): Promise<void> {
  const world = createWorld();
  world.addCluster('blue');
  const { ecs } = await withSandbox(world);
  await failureOf(ecs.send(new StopTaskCommand({ cluster: 'blue', task: 'nobody' })));
}

test('a StopTask that no test has spoken of is seen, even one that is refused', async () => {
  await stopNobody();

  // Taken here, so that this very test does not fail for it.
  expect(takeUndeclaredStops()).toEqual(['{"task":"nobody","cluster":"blue"}']);
});

test('one that a test has spoken of is its own business', async () => {
  stopsTasks();
  await stopNobody();

  expect(takeUndeclaredStops()).toEqual([]);
});
