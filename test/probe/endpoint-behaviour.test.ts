import type { Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { HealthCheck } from '../../src/model/health-check.ts';
import { answering, closedPort, probeOne, servers, status } from './support.ts';

const { start, stopAll } = servers();
afterEach(stopAll);

/** Enough for an answer on loopback never to come in time, since none comes at all. */
const SHORT: Partial<HealthCheck> = { timeoutMs: 50 };

const hanging = (socket: Socket) => void socket.resume();

const onRequest = (answer: (socket: Socket) => void) => (socket: Socket) => {
  socket.once('data', () => answer(socket));
};

/** Begins an answer and goes on with it for ever, a byte at a time. */
const dripping = (beginning: string) =>
  onRequest((socket) => {
    socket.write(beginning);
    const drops = setInterval(() => socket.write('x'), 1);
    socket.on('close', () => clearInterval(drops));
  });

const withBody = (code: number, body: string) =>
  answering(`HTTP/1.1 ${code} Whatever\r\ncontent-length: ${body.length}\r\n\r\n${body}`);

type Case = [string, (socket: Socket) => void, Partial<HealthCheck>, object];

async function expectOutcome(serve: Case[1], changes: Case[2], outcome: Case[3]) {
  const server = await start(serve);
  expect(await probeOne(server.place, changes)).toMatchObject({ ...outcome, attempts: 1 });
  expect(server.accepted()).toBe(1);
  await server.drained();
}

describe('an endpoint that answers', () => {
  it.each<Case>([
    ['200', answering(status(200)), {}, { kind: 'healthy', status: 200 }],
    ['503', answering(status(503)), {}, { kind: 'unhealthy', reason: 'http-status', status: 503 }],
    ['404', answering(status(404)), {}, { kind: 'unhealthy', reason: 'http-status', status: 404 }],
    [
      'with a status that the matcher takes',
      answering(status(204)),
      { matcher: [{ from: 200, to: 299 }] },
      { kind: 'healthy', status: 204 },
    ],
    [
      'with a redirect, which is not followed',
      answering(status(301, 'location: /elsewhere')),
      {},
      { kind: 'unhealthy', reason: 'http-status', status: 301 },
    ],
    [
      'with a redirect that the matcher takes',
      answering(status(302, 'location: /elsewhere')),
      { matcher: [{ from: 200, to: 399 }] },
      { kind: 'healthy', status: 302 },
    ],
    ['by HTTP/1.0', answering('HTTP/1.0 200 OK\r\n\r\n'), {}, { kind: 'healthy', status: 200 }],
    [
      'that it is processing, and then 200',
      answering(`HTTP/1.1 102 Processing\r\n\r\n${status(200)}`),
      {},
      { kind: 'healthy', status: 200 },
    ],
    [
      'with early hints, and then 503',
      answering(`HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n${status(503)}`),
      {},
      { kind: 'unhealthy', reason: 'http-status', status: 503 },
    ],
    [
      'with early hints and nothing else',
      answering('HTTP/1.1 103 Early Hints\r\n\r\n'),
      SHORT,
      { kind: 'unhealthy', reason: 'timeout' },
    ],
    [
      'with hints without end',
      answering('HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(50)),
      {},
      { kind: 'indeterminate', reason: 'malformed-answer' },
    ],
    [
      'that it switches protocols, unasked',
      answering('HTTP/1.1 101 Switching Protocols\r\n\r\n'),
      {},
      { kind: 'unhealthy', reason: 'http-status', status: 101 },
    ],
    [
      'with a body that never comes',
      answering('HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n'),
      {},
      { kind: 'healthy', status: 200 },
    ],
    ['with a body without end', dripping('HTTP/1.1 200 OK\r\n\r\n'), {}, { kind: 'healthy', status: 200 }],
  ])('%s', async (_, serve, changes, outcome) => {
    await expectOutcome(serve, changes, outcome);
  });
});

describe('an endpoint that does not answer', () => {
  it.each<Case>([
    ['but closes the connection', onRequest((socket) => socket.end()), {}, { reason: 'connection-reset' }],
    [
      'but resets the connection',
      onRequest((socket) => socket.resetAndDestroy()),
      {},
      { reason: 'connection-reset', errorCode: 'ECONNRESET' },
    ],
    ['but hangs', hanging, SHORT, { reason: 'timeout', errorCode: 'ETIMEDOUT' }],
    [
      'but sends its headers in drops',
      dripping('HTTP/1.1 200 OK\r\nx-drops: '),
      SHORT,
      { reason: 'timeout' },
    ],
    ['but speaks another protocol', answering('SSH-2.0-OpenSSH_9.9\r\n'), {}, { reason: 'protocol-error' }],
    [
      'but speaks TLS',
      answering('\u0015\u0003\u0001\u0000\u0002\u0002\u0046'),
      {},
      { reason: 'protocol-error' },
    ],
    ['but speaks plain HTTP over TLS', answering(status(200)), { kind: 'https' }, { reason: 'tls' }],
  ])('%s', async (_, serve, changes, outcome) => {
    await expectOutcome(serve, changes, { kind: 'unhealthy', ...outcome });
  });

  it.each(['http', 'tcp'] as const)('and does not even listen: %s', async (kind) => {
    expect(await probeOne(await closedPort(), { kind })).toMatchObject({
      kind: 'unhealthy',
      reason: 'connection-refused',
      errorCode: 'ECONNREFUSED',
    });
  });
});

describe('a TCP check', () => {
  it('is content with a connection', async () => {
    await expectOutcome(hanging, { kind: 'tcp' }, { kind: 'healthy' });
  });

  it('sends nothing', async () => {
    let received = 0;
    const serve = (socket: Socket) => void socket.on('data', (chunk) => (received += chunk.length));
    await expectOutcome(serve, { kind: 'tcp' }, { kind: 'healthy' });
    expect(received).toBe(0);
  });
});

describe('a body', () => {
  const wanted: Partial<HealthCheck> = { bodyContains: 'all is well' };
  const long = 'x'.repeat(10_000);

  it.each<Case>([
    ['with the text', withBody(200, 'so far all is well here'), wanted, { kind: 'healthy', status: 200 }],
    [
      'without the text',
      withBody(200, 'nothing is well'),
      wanted,
      { kind: 'unhealthy', reason: 'body-mismatch', status: 200, body: 'nothing is well' },
    ],
    [
      'with the text too far behind',
      withBody(200, `${long}all is well`),
      wanted,
      { kind: 'unhealthy', reason: 'body-mismatch', body: 'x'.repeat(200) },
    ],
    [
      'of a bad answer is evidence',
      withBody(503, 'no database'),
      {},
      { reason: 'http-status', body: 'no database' },
    ],
    ['of a bad answer is cut', withBody(503, long), {}, { reason: 'http-status', body: 'x'.repeat(200) }],
    [
      'of a bad answer is not waited for for ever',
      answering('HTTP/1.1 503 No\r\ncontent-length: 9\r\n\r\nhalf'),
      {},
      { reason: 'http-status', body: 'half' },
    ],
    [
      'that does not come in time is a timeout when it has to be read',
      answering('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nall'),
      { ...wanted, ...SHORT },
      { kind: 'unhealthy', reason: 'timeout' },
    ],
  ])('%s', async (_, serve, changes, outcome) => {
    await expectOutcome(serve, changes, outcome);
  });
});
