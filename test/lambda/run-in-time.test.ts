import { expect, test } from 'vitest';
import { runInTime } from '../../src/lambda/run-in-time.ts';
import { timeLimits } from '../../src/run/time-limits.ts';
import type { RunRecord, RunRequest, Worker } from '../../src/worker.ts';
import { reportOf, runResult } from '../report/support.ts';

const RECORD: RunRecord = { result: runResult(), report: reportOf() };
const AMPLE = timeLimits(1_700_000_000_000, 300_000);
const STOPPED = { ...AMPLE, stopAfterMs: 1 };
const GIVEN_UP = { ...AMPLE, stopAfterMs: 1, giveUpAfterMs: 2 };

/** A worker whose run is what the function makes of the request. */
function workerThat(run: (request: RunRequest) => Promise<RunRecord>): Pick<Worker, 'run'> {
  return { run };
}

/** Runs, and counts how often it was told that the run was given up. */
async function runOn(worker: Pick<Worker, 'run'>, mode: 'plan' | 'apply', limits = AMPLE) {
  let givenUp = 0;
  const outcome = await runInTime(worker, mode, limits, () => {
    givenUp += 1;
  }).catch((error: unknown) => error);
  return { outcome, givenUp };
}

test.each([
  { mode: 'plan', approved: false },
  { mode: 'apply', approved: true },
] as const)('$mode: the run gets the deadline, and approves: $approved', async ({ mode, approved }) => {
  let request: RunRequest | undefined;
  const worker = workerThat(async (given) => {
    request = given;
    return RECORD;
  });

  expect(await runOn(worker, mode)).toEqual({ outcome: RECORD, givenUp: 0 });

  expect(request).toMatchObject({ mode, force: false, deadline: AMPLE.deadline });
  // Whatever the plan is: no operator is there to look at it.
  expect(await request?.approve({ ...RECORD.result })).toBe(approved);
  expect(request?.signal?.aborted).toBe(false);
});

/** Settles as told once the signal aborts. */
function whenStopped(signal: AbortSignal | undefined, settle: () => void): void {
  signal?.addEventListener('abort', settle);
}

test('a run that heeds the stop fails with it', async () => {
  const worker = workerThat(
    ({ signal }) => new Promise((_, reject) => whenStopped(signal, () => reject(signal?.reason))),
  );

  expect(await runOn(worker, 'apply', STOPPED)).toMatchObject({
    outcome: { name: 'InvocationError', code: 'out-of-time' },
    givenUp: 0,
  });
});

test('a run that can still tell what it has done is heard', async () => {
  const worker = workerThat(
    ({ signal }) => new Promise((resolve) => whenStopped(signal, () => resolve(RECORD))),
  );

  expect(await runOn(worker, 'apply', STOPPED)).toEqual({ outcome: RECORD, givenUp: 0 });
});

test('a run that heeds nothing is given up', async () => {
  const worker = workerThat(() => new Promise(() => {}));

  expect(await runOn(worker, 'apply', GIVEN_UP)).toMatchObject({
    outcome: { name: 'InvocationError', code: 'out-of-time' },
    givenUp: 1,
  });
});

test('a run that fails by itself fails with its own error', async () => {
  const worker = workerThat(() => Promise.reject(new Error('no such zone')));

  expect(await runOn(worker, 'apply')).toMatchObject({ outcome: { message: 'no such zone' }, givenUp: 0 });
});
