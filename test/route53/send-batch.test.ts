import { describe, expect, it } from 'vitest';
import { NotSentError } from '../../src/aws/wait-bounds.ts';
import { sendBatch } from '../../src/route53/send-batch.ts';
import { awsError, networkError } from '../aws/support.ts';
import { DENIED, FAULT, groupOf, inMemoryRoute53, type Reply, srvSet, THROTTLE } from './support.ts';
import { type VirtualClock, virtualClock } from './virtual-clock.ts';

const set = srvSet(1);
const busy = awsError('PriorRequestNotComplete', { message: 'one at a time', status: 400 });
const timeout = awsError('TimeoutError', { message: 'no reply' });
const reset = networkError('ECONNRESET');

async function send(
  errors: readonly Error[],
  clock: VirtualClock = virtualClock(),
  signal?: AbortSignal,
  deadline?: number,
) {
  const replies: readonly Reply[] = errors.map((error) => ({ error }));
  const api = inMemoryRoute53({ sets: [set], replies });
  const result = await sendBatch('Z1', groupOf(set).changes, { api, clock, signal, deadline });
  return { result, requests: api.requests.length, slept: clock.slept };
}

const many = (error: Error, count: number) => Array.from({ length: count }, () => error);

describe('sending a batch', () => {
  it.each<[string, readonly Error[], object, number]>([
    ['once', [], { kind: 'applied' }, 1],
    ['again after a throttle', [THROTTLE], { kind: 'applied' }, 2],
    ['again after several throttles', [THROTTLE, THROTTLE, THROTTLE], { kind: 'applied' }, 4],
    ['again while a prior request is not complete', [busy], { kind: 'applied' }, 2],
    ['again after a server fault', [FAULT], { kind: 'applied' }, 2],
    ['again after a timeout', [timeout], { kind: 'applied' }, 2],
    ['again after a reset', [reset], { kind: 'applied' }, 2],
    ['up to the last attempt', many(THROTTLE, 7), { kind: 'applied' }, 8],
    ['not after a rejection', [DENIED], { kind: 'rejected', error: DENIED, lostReply: false }, 1],
    [
      'not after a rejection that follows a throttle',
      [THROTTLE, DENIED],
      { kind: 'rejected', error: DENIED, lostReply: false },
      2,
    ],
    [
      'no more than 8 times when throttled',
      many(THROTTLE, 9),
      { kind: 'unanswered', error: THROTTLE, lostReply: false },
      8,
    ],
    [
      'no more than 8 times without an answer',
      many(FAULT, 9),
      { kind: 'unanswered', error: FAULT, lostReply: true },
      8,
    ],
  ])('%s', async (_, errors, result, requests) => {
    expect(await send(errors)).toMatchObject({ result, requests });
  });

  it.each<[string, readonly Error[]]>([
    ['a server fault', [FAULT, DENIED]],
    ['a timeout', [timeout, DENIED]],
    ['a reset and a throttle', [reset, THROTTLE, DENIED]],
  ])('remembers through a rejection that a reply was lost to %s', async (_, errors) => {
    expect((await send(errors)).result).toEqual({ kind: 'rejected', error: DENIED, lostReply: true });
  });

  it('remembers through throttles that a reply was lost', async () => {
    const { result } = await send([FAULT, ...many(THROTTLE, 8)]);
    expect(result).toEqual({ kind: 'unanswered', error: THROTTLE, lostReply: true });
  });
});

describe('a batch that was given up while it waited for its turn', () => {
  const late = new NotSentError('its turn would come too late');

  it.each<[string, readonly Error[], object]>([
    ['is out of time', [late], { kind: 'out-of-time' }],
    ['is out of time after a throttle', [THROTTLE, late], { kind: 'out-of-time' }],
    [
      'may have been carried out before',
      [FAULT, late],
      { kind: 'unanswered', error: FAULT, lostReply: true },
    ],
  ])('%s', async (_, errors, result) => {
    expect((await send(errors)).result).toEqual(result);
  });

  it('is aborted where the signal was', async () => {
    const controller = new AbortController();
    const clock = virtualClock();
    const api = {
      ...inMemoryRoute53({ sets: [set] }),
      changeRecordSets: () => {
        controller.abort();
        return Promise.reject(late);
      },
    };
    const context = { api, clock, signal: controller.signal };
    expect(await sendBatch('Z1', groupOf(set).changes, context)).toEqual({ kind: 'aborted' });
  });

  it('was told how long it may wait', async () => {
    const waits: unknown[] = [];
    const api = {
      ...inMemoryRoute53({ sets: [set] }),
      changeRecordSets: async (_zoneId: string, _changes: unknown, wait: unknown) => {
        waits.push(wait);
        return undefined;
      },
    };
    const { signal } = new AbortController();
    await sendBatch('Z1', groupOf(set).changes, { api, clock: virtualClock(), signal, deadline: 9_000 });
    expect(waits).toEqual([{ signal, deadline: 9_000 }]);
  });
});

describe('the pause between two attempts', () => {
  it('doubles up to its ceiling', async () => {
    const { slept } = await send(many(THROTTLE, 8), virtualClock([1]));
    expect(slept).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 20_000]);
  });

  it('is a random share of that', async () => {
    const { slept } = await send(many(THROTTLE, 8), virtualClock([0, 0.25, 0.5, 0.75]));
    expect(slept).toEqual([0, 250, 1_000, 3_000, 0, 4_000, 10_000]);
  });

  it('ends with the deadline, after which nothing is sent', async () => {
    const { result, slept, requests } = await send(many(THROTTLE, 8), virtualClock([1]), undefined, 2_000);
    expect({ result, slept, requests }).toEqual({
      result: { kind: 'out-of-time' },
      slept: [500, 1_000, 500],
      requests: 3,
    });
  });

  it('is none before the first attempt', async () => {
    expect((await send([])).slept).toEqual([]);
  });

  it('lets a fault of the clock through', async () => {
    const broken = { ...virtualClock(), sleep: () => Promise.reject(new RangeError('no time')) };
    await expect(send([THROTTLE], broken)).rejects.toThrow('no time');
  });
});

describe('an abort', () => {
  const stopping = (controller: AbortController) => virtualClock([0.5], () => controller.abort());

  it('before the first attempt sends nothing', async () => {
    const { result, requests } = await send([], virtualClock(), AbortSignal.abort());
    expect(result).toEqual({ kind: 'aborted' });
    expect(requests).toBe(0);
  });

  it('during the pause after a throttle sends nothing more', async () => {
    const controller = new AbortController();
    const { result, requests } = await send([THROTTLE], stopping(controller), controller.signal);
    expect(result).toEqual({ kind: 'aborted' });
    expect(requests).toBe(1);
  });

  it('during the pause after a lost reply is no proof that nothing was applied', async () => {
    const controller = new AbortController();
    const { result, requests } = await send([FAULT], stopping(controller), controller.signal);
    expect(result).toEqual({ kind: 'unanswered', error: FAULT, lostReply: true });
    expect(requests).toBe(1);
  });

  it('during a request waits for its answer', async () => {
    const controller = new AbortController();
    const api = inMemoryRoute53({ sets: [set], onChange: () => controller.abort() });
    const context = { api, clock: virtualClock(), signal: controller.signal };
    expect(await sendBatch('Z1', groupOf(set).changes, context)).toEqual({ kind: 'applied' });
  });
});

describe('a deadline', () => {
  /** Each pause lasts half a second, a second, two seconds and so on. */
  const slow = () => virtualClock([1]);

  it.each<[string, readonly Error[], number, object, number]>([
    ['that is over sends nothing', [], 0, { kind: 'out-of-time' }, 0],
    ['that is still to come does not matter', [], 1, { kind: 'applied' }, 1],
    [
      'that passes in the pause after a throttle sends nothing more',
      [THROTTLE],
      500,
      { kind: 'out-of-time' },
      1,
    ],
    [
      'that passes later lets the attempts before it',
      [THROTTLE, THROTTLE],
      1_000,
      { kind: 'out-of-time' },
      2,
    ],
    [
      'that passes only after the last pause does not matter',
      [THROTTLE, THROTTLE],
      1_501,
      { kind: 'applied' },
      3,
    ],
    [
      'that passes after a lost reply is no proof that nothing was applied',
      [FAULT],
      500,
      { kind: 'unanswered', error: FAULT, lostReply: true },
      1,
    ],
  ])('%s', async (_, errors, deadline, expected, requests) => {
    const sent = await send(errors, slow(), undefined, deadline);
    expect(sent).toMatchObject({ requests });
    expect(sent.result).toEqual(expected);
  });
});
