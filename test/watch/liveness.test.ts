import { expect, test } from 'vitest';
import { keepLiveness } from '../../src/watch/liveness.ts';
import { MINUTE, runRecord, startWatch } from './support.ts';

test('without a run the process is alive', () => {
  expect(keepLiveness().read(0)).toEqual({ ready: true });
});

test('a run is stuck a minute after its timeout, until it ends after all', () => {
  const liveness = keepLiveness();
  const end = liveness.begin(0, 10 * MINUTE);
  expect(liveness.read(11 * MINUTE - 1)).toEqual({ ready: true });
  expect(liveness.read(11 * MINUTE)).toEqual({
    ready: false,
    reason: 'the run that began at 1970-01-01T00:00:00.000Z is stuck',
  });
  end();
  expect(liveness.read(11 * MINUTE)).toEqual({ ready: true });
});

test('a watch whose run heeds nothing is not alive, goes on with the next run, and ends all the same', async () => {
  const { time, isAlive, kinds, isOver, stop, starts } = startWatch({
    takes: () => 0,
    awaits: (run) => (run === 0 ? new Promise(() => {}) : Promise.resolve()),
    makes: () => runRecord(),
  });

  await time.advance(10 * MINUTE + 41_000);
  expect(kinds()[0]).toBe('failed');
  expect(isAlive()).toEqual({ ready: true });
  await time.advance(20_000);
  expect(isAlive()).toMatchObject({ ready: false });
  await time.advance(5 * MINUTE);
  expect(starts.length).toBeGreaterThan(1);
  expect(isAlive()).toMatchObject({ ready: false });

  await stop();
  expect(isOver()).toBe(true);
});

test('a run that heeds nothing does not keep a watch that is to end for longer than its grace time and 39 seconds', async () => {
  const { time, isOver, stop, kinds } = startWatch({ awaits: () => new Promise(() => {}), graceMs: 30_000 });
  await time.advance(1_000);
  await stop();
  await time.advance(68_999);
  expect(isOver()).toBe(false);
  await time.advance(1);
  expect(isOver()).toBe(true);
  expect(kinds()).toEqual(['stopped']);
});
