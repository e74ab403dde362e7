import { connect } from 'node:net';
import { Registry } from 'prom-client';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Readiness } from '../../src/watch/readiness.ts';
import { type StatusServer, startStatusServer } from '../../src/watch/status-server.ts';

const HERE = { host: '127.57.0.1', port: 0 };

const READY: Readiness = { ready: true };
const WELL = { readiness: () => READY, liveness: () => READY };

async function startServer(readiness = READY, metrics = async () => 'up 1\n', liveness = READY) {
  const registry = { metrics, contentType: Registry.PROMETHEUS_CONTENT_TYPE };
  const pages = { registry, readiness: () => readiness, liveness: () => liveness };
  const server = await startStatusServer(HERE, pages);
  onTestFinished(() => server.close());
  return { server, url: `http://${HERE.host}:${server.port}` };
}

const TEXT = 'text/plain; charset=utf-8';

describe('the pages', () => {
  test.each([
    { path: '/metrics', status: 200, type: 'text/plain; version=0.0.4; charset=utf-8', body: 'up 1\n' },
    {
      path: '/metrics?name=up',
      status: 200,
      type: 'text/plain; version=0.0.4; charset=utf-8',
      body: 'up 1\n',
    },
    { path: '/healthz', status: 200, type: TEXT, body: 'alive\n' },
    { path: '/readyz', status: 200, type: TEXT, body: 'ready\n' },
    { path: '/', status: 404, type: TEXT, body: 'not found\n' },
    { path: '/metrics/', status: 404, type: TEXT, body: 'not found\n' },
    { path: '/env', status: 404, type: TEXT, body: 'not found\n' },
  ])('$path is $status', async ({ path, status, type, body }) => {
    const { url } = await startServer();

    const got = await fetch(`${url}${path}`);
    const head = await fetch(`${url}${path}`, { method: 'HEAD' });

    expect({ status: got.status, type: got.headers.get('content-type'), body: await got.text() }).toEqual({
      status,
      type,
      body,
    });
    expect({
      status: head.status,
      length: head.headers.get('content-length'),
      body: await head.text(),
    }).toEqual({
      status,
      length: String(body.length),
      body: '',
    });
  });

  test('/readyz is 503 with the reason, and /healthz is not concerned', async () => {
    const { url } = await startServer({ ready: false, reason: 'no run has ended yet' });

    const [ready, alive] = await Promise.all([fetch(`${url}/readyz`), fetch(`${url}/healthz`)]);

    expect({ status: ready.status, body: await ready.text() }).toEqual({
      status: 503,
      body: 'no run has ended yet\n',
    });
    expect(alive.status).toBe(200);
  });

  test('/healthz is 503 with the reason when a restart would help', async () => {
    const { url } = await startServer(READY, undefined, { ready: false, reason: 'a run is stuck' });

    const alive = await fetch(`${url}/healthz`);

    expect({ status: alive.status, body: await alive.text() }).toEqual({
      status: 503,
      body: 'a run is stuck\n',
    });
  });

  test.each(['POST', 'PUT', 'DELETE', 'OPTIONS'])('%s is not allowed', async (method) => {
    const { url } = await startServer();

    const response = await fetch(`${url}/metrics`, {
      method,
      ...(method === 'POST' ? { body: 'x'.repeat(100_000) } : {}),
    });

    expect({ status: response.status, allow: response.headers.get('allow') }).toEqual({
      status: 405,
      allow: 'GET, HEAD',
    });
  });
});

describe('listening', () => {
  test('on a port that is taken is an error of one line', async () => {
    const { server } = await startServer();
    const again = startStatusServer(
      { ...HERE, port: server.port },
      {
        registry: { metrics: async () => '', contentType: Registry.PROMETHEUS_CONTENT_TYPE },
        ...WELL,
      },
    );

    await expect(again).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringMatching(
        /^--listen: listen EADDRINUSE.*; give an address and a port that are free here$/,
      ),
    });
  });

  test('without a host is on all addresses', async () => {
    const registry = { metrics: async () => '', contentType: Registry.PROMETHEUS_CONTENT_TYPE };
    const server = await startStatusServer({ host: undefined, port: 0 }, { registry, ...WELL });
    onTestFinished(() => server.close());

    const answers = await Promise.all(
      ['127.0.0.1', '127.58.0.1'].map((host) => fetch(`http://${host}:${server.port}/healthz`)),
    );

    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  });
});

describe('closing', () => {
  test('waits for the answer under way, and for no connection that is only kept', async () => {
    let finish: (text: string) => void = () => {};
    let asked: () => void = () => {};
    const isAsked = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const metrics = () =>
      new Promise<string>((resolve) => {
        finish = resolve;
        asked();
      });
    const { server, url } = await startServer({ ready: true }, metrics);
    const silent = await openSocket(server);
    const kept = await fetch(`${url}/healthz`);
    await kept.text();
    const answer = fetch(`${url}/metrics`);
    await isAsked;

    const closed = server.close();
    finish('late 1\n');

    expect(await (await answer).text()).toBe('late 1\n');
    await closed;
    await silent.closed;
    await expect(fetch(`${url}/healthz`)).rejects.toThrow();
  });
});

/** A client that connects and never says anything. */
async function openSocket({ port }: StatusServer) {
  const socket = connect(port, HERE.host);
  const closed = new Promise<void>((resolve) => {
    socket.on('error', () => {}).on('close', () => resolve());
  });
  await new Promise<void>((resolve) => {
    socket.once('connect', resolve);
  });
  return { closed };
}
