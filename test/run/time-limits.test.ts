import { expect, test } from 'vitest';
import { timeLimits } from '../../src/run/time-limits.ts';

const NOW = 1_700_000_000_000;

test.each([
  { remainingMs: 900_000, allowedMs: 895_000, stopAfterMs: 899_000, giveUpAfterMs: 899_500 },
  { remainingMs: 300_000, allowedMs: 295_000, stopAfterMs: 299_000, giveUpAfterMs: 299_500 },
  { remainingMs: 10_000, allowedMs: 8_000, stopAfterMs: 9_000, giveUpAfterMs: 9_500 },
  { remainingMs: 3_000, allowedMs: 2_400, stopAfterMs: 2_700, giveUpAfterMs: 2_850 },
  { remainingMs: 0, allowedMs: 0, stopAfterMs: 0, giveUpAfterMs: 0 },
])('of $remainingMs ms, work for $allowedMs stop after $stopAfterMs, give up after $giveUpAfterMs', (row) => {
  expect(timeLimits(NOW, row.remainingMs)).toEqual({
    allowedMs: row.allowedMs,
    deadline: NOW + row.allowedMs,
    stopAfterMs: row.stopAfterMs,
    giveUpAfterMs: row.giveUpAfterMs,
  });
});
