import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { boundRequests, type RequestHandler } from '../../src/aws/bounded-requests.ts';

const LIMIT_MS = 30_000;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** As one that is done with a request once it has its headers, and hears no signal after that. */
function handlerOf(body: PassThrough): RequestHandler {
  return { handle: async () => ({ response: { statusCode: 200, headers: {}, body } }) };
}

test('a body that never ends is let go when the time is up, whatever has become of its request', async () => {
  const body = new PassThrough();
  const answer = boundRequests(handlerOf(body), LIMIT_MS).handle({});
  const ended = expect(answer).rejects.toMatchObject({
    name: 'TimeoutError',
    message: 'no complete answer within 30s',
  });

  await vi.advanceTimersByTimeAsync(LIMIT_MS);

  await ended;
  expect(body.destroyed).toBe(true);
});

test('it is let go when the run is stopped, and at once when that was so before', async () => {
  const stop = new AbortController();
  const [late, early] = [new PassThrough(), new PassThrough()];
  const send = (body: PassThrough) =>
    boundRequests(handlerOf(body), LIMIT_MS).handle({}, { abortSignal: stop.signal });
  const given = send(late);
  const first = expect(given).rejects.toThrow('the request was given up');
  await vi.advanceTimersByTimeAsync(0);

  stop.abort(new Error('stopped'));

  await first;
  await expect(send(early)).rejects.toThrow('the request was given up');
  expect([late.destroyed, early.destroyed]).toEqual([true, true]);
});
