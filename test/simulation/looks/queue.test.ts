import { expect, test } from 'vitest';
import { Scheduler } from '../scheduler.ts';
import { SimQueue } from './queue.ts';

function open() {
  const scheduler = new Scheduler(0);
  const queue = new SimQueue(scheduler);
  const bodies = async (waitSeconds = 0) =>
    (await queue.receive(waitSeconds, undefined)).map(({ body }) => body);
  return { scheduler, queue, bodies };
}

test('a message is hidden once it was handed out, comes again, and is gone after three times', async () => {
  const { scheduler, queue, bodies } = open();
  queue.deliver('a');
  for (const _ of [1, 2, 3]) {
    expect(await bodies()).toEqual(['a']);
    expect(await bodies()).toEqual([]);
    await scheduler.play(() => false);
  }
  expect(await bodies()).toEqual([]);
});

test('a message that was removed does not come again', async () => {
  const { scheduler, queue, bodies } = open();
  queue.deliver('a');
  await queue.remove(await queue.receive(0, undefined));
  await scheduler.play(() => false);
  expect(await bodies()).toEqual([]);
});

test('whoever waits is woken by what comes, or by the time, and by no wait that is over', async () => {
  const { scheduler, queue, bodies } = open();
  const woken = bodies(5);
  scheduler.at(1_000, () => queue.deliver('a'));
  await scheduler.play(() => scheduler.now >= 1_000);
  expect(await woken).toEqual(['a']);
  const second = bodies(10);
  scheduler.at(7_000, () => queue.deliver('b'));
  await scheduler.play(() => scheduler.now >= 7_000);
  expect(await second).toEqual(['b']);
  const third = bodies(1);
  await scheduler.play(() => scheduler.now >= 8_000);
  expect(await third).toEqual([]);
});

test('a long wait for whatever may come is nothing that still has to happen', async () => {
  const { scheduler, bodies } = open();
  void bodies(20);
  await scheduler.play(() => false);
  expect(scheduler.now).toBe(0);
});
