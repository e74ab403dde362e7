import { expect, test } from 'vitest';
import { stopReason } from '../../src/run/stop-tasks.ts';

const since = Date.UTC(2030, 0, 2, 3, 4, 5);

test.each([
  [{ reason: 'timeout', httpStatus: undefined }, 'timeout'],
  [{ reason: 'http-status', httpStatus: 503 }, 'http-status 503'],
] as const)('says how it fails, and since when nothing leads to it', (failure, how) => {
  expect(stopReason({ ...failure, since })).toBe(
    `ecs-dns: unhealthy (${how}) and out of DNS since 2030-01-02T03:04:05.000Z`,
  );
});
