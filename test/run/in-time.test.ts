import { describe, expect, test } from 'vitest';
import { inTime, type TimedConduct } from '../../src/run/in-time.ts';
import { settle, virtualTime } from '../watch/virtual-time.ts';

const MINUTE = 60_000;

function start<T>(work: (conduct: TimedConduct) => Promise<T>, signal = new AbortController().signal) {
  const time = virtualTime();
  const end: { value?: unknown; error?: unknown } = {};
  const bounds = { clock: time, timeoutMs: 10 * MINUTE, signal };
  void inTime(bounds, work).then(
    (value) => Object.assign(end, { value }),
    (error: unknown) => Object.assign(end, { error }),
  );
  return { time, end };
}

const never = () => new Promise<never>(() => {});
const untilAborted = ({ signal }: TimedConduct) =>
  new Promise<never>((_, reject) =>
    signal.addEventListener('abort', () => reject(new Error('a call ended'))),
  );

describe('work within its time', () => {
  test('comes to its result, and leaves no timer behind', async () => {
    const { time, end } = start(async () => 7);
    await settle();
    expect(end).toEqual({ value: 7 });
    expect(time.sleepers()).toBe(0);
  });

  test('fails with its own error', async () => {
    const { end } = start(() => Promise.reject(new Error('no')));
    await settle();
    expect(end).toEqual({ error: new Error('no') });
  });

  test('has a deadline that leaves some of the time for what was sent', async () => {
    const { time, end } = start(async ({ deadline }) => deadline);
    await settle();
    expect(end).toEqual({ value: time.now() + 10 * MINUTE - 5_000 });
  });
});

describe('work whose time is up', () => {
  test('is told to stop, with an error that names the last step', async () => {
    const { time, end } = start((conduct) => {
      conduct.onStep('taking the inventory');
      return untilAborted(conduct);
    });
    await time.advance(10 * MINUTE - 1);
    expect(end).toEqual({});
    await time.advance(1);
    expect(end.error).toMatchObject({
      code: 'timeout',
      message: expect.stringContaining('given up after 10m, while taking the inventory'),
    });
  });

  test('may still come to its result', async () => {
    const { time, end } = start(async (conduct) => {
      await untilAborted(conduct).catch(() => {});
      return conduct.timedOut()?.code;
    });
    await time.advance(10 * MINUTE);
    expect(end).toEqual({ value: 'timeout' });
  });

  test('is given up when it does not stop in time', async () => {
    const { time, end } = start(never);
    await time.advance(10 * MINUTE + 38_999);
    expect(end).toEqual({});
    await time.advance(1);
    expect(end.error).toMatchObject({ code: 'timeout' });
  });
});

describe('work that is stopped from outside', () => {
  test.each([{ early: true }, { early: false }])('ends with the reason, early: $early', async ({ early }) => {
    const stop = new AbortController();
    const reason = new Error('stopped by SIGTERM');
    if (early) stop.abort(reason);
    const { time, end } = start(never, stop.signal);
    if (!early) stop.abort(reason);
    await time.advance(39_000);
    expect(end.error).toBe(reason);
  });
});

test('the time stands still during a question, and goes on after it', async () => {
  const deadlines: unknown[] = [];
  let answer: (text: string) => void = () => {};
  const { time, end } = start(async (conduct) => {
    await conduct.untimed(
      () =>
        new Promise<string>((resolve) => {
          answer = resolve;
        }),
    );
    deadlines.push(conduct.timedOut());
    return untilAborted(conduct);
  });
  await time.advance(60 * MINUTE);
  expect(end).toEqual({});
  answer('y');
  await settle();
  expect(deadlines).toEqual([undefined]);
  await time.advance(10 * MINUTE);
  expect(end.error).toMatchObject({ code: 'timeout' });
});
