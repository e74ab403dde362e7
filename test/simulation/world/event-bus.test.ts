import { expect, test } from 'vitest';
import type { EventSetup } from '../history.ts';
import { Scheduler } from '../scheduler.ts';
import { EventBus } from './event-bus.ts';

const SETUP: EventSetup = {
  salt: 7,
  lossRate: 0.3,
  doubleRate: 0.25,
  lateRate: 0.2,
  killRate: 0,
  restarts: [],
};
const SENT = 1_000;

/** What comes of so many events that are sent one every minute: their numbers, with how late each is. */
async function follow(setup: EventSetup) {
  const scheduler = new Scheduler(0);
  const bus = new EventBus(setup, scheduler);
  const came: { readonly number: number; readonly lateMs: number }[] = [];
  bus.onMessage = (body) => {
    const { number } = JSON.parse(body).detail;
    came.push({ number, lateMs: scheduler.now - number * 60_000 });
  };
  for (let number = 0; number < SENT; number++)
    scheduler.at(number * 60_000, () => bus.send({ detail: { number } }));
  await scheduler.play(() => false);
  return came;
}

test('events are lost, doubled, late and out of order, the same for the same seed', async () => {
  const came = await follow(SETUP);
  const distinct = new Set(came.map(({ number }) => number));
  const late = came.filter(({ lateMs }) => lateMs > 2_000);
  expect(distinct.size / SENT).toBeCloseTo(0.7, 1);
  expect(came.length / distinct.size).toBeCloseTo(1.25, 1);
  expect(late.length / came.length).toBeCloseTo(0.2, 1);
  expect(Math.max(...came.map(({ lateMs }) => lateMs))).toBeLessThanOrEqual(600_000);
  expect(came.some(({ number }, index) => number < (came[index - 1]?.number ?? 0))).toBe(true);
  expect(await follow(SETUP)).toEqual(came);
});

test('a bus without faults brings all, in their order', async () => {
  const came = await follow({ ...SETUP, lossRate: 0, doubleRate: 0, lateRate: 0 });
  expect(came.map(({ number }) => number)).toEqual(Array.from({ length: SENT }, (_, number) => number));
});
