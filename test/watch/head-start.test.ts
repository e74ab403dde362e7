import { expect, test } from 'vitest';
import { headStart } from '../../src/watch/head-start.ts';
import { virtualTime } from './virtual-time.ts';

/** Whether events are acted on after so many milliseconds, with a first run that ends after so many. */
async function isOverAfter(ms: number, runMs: number): Promise<boolean> {
  const time = virtualTime();
  const { isOver, end } = headStart(time);
  let isSo = false;
  void isOver.then(() => {
    isSo = true;
  });
  await time.advance(Math.min(runMs, ms));
  if (runMs <= ms) end();
  await time.advance(Math.max(0, ms - runMs));
  return isSo;
}

test.each([
  { ms: 1_000, runMs: 900, isOver: true },
  { ms: 1_000, runMs: 8_000, isOver: false },
  { ms: 2_999, runMs: 8_000, isOver: false },
  { ms: 3_000, runMs: 8_000, isOver: true },
])('after $ms ms, with a first run of $runMs ms: $isOver', async ({ ms, runMs, isOver }) => {
  expect(await isOverAfter(ms, runMs)).toBe(isOver);
});
