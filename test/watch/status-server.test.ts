import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { STYLE_SOURCE } from '../../src/report/html/style.ts';
import { type StatusPages, type StatusServer, startStatusServer } from '../../src/watch/status-server.ts';
import { OWN_BLOCK } from '../own-block.ts';
import { REPORT, WELL } from './status-pages.ts';

const HERE = { host: `127.${OWN_BLOCK}.0.1`, port: 0 };

async function startServer(pages: Partial<StatusPages> = {}, address = HERE) {
  const server = await startStatusServer(address, { ...WELL, ...pages });
  onTestFinished(() => server.close());
  return { server, url: `http://${HERE.host}:${server.port}` };
}

function metricsOf(metrics: () => Promise<string>): Pick<StatusPages, 'registry'> {
  return { registry: { ...WELL.registry, metrics } };
}

const TEXT = 'text/plain; charset=utf-8';
const HTML = 'text/html; charset=utf-8';

test('a hundred connections are held, and no more until one of them ends', async () => {
  const { server, url } = await startServer();
  const open = async () => {
    const socket = connect(server.port, HERE.host);
    onTestFinished(() => void socket.destroy());
    await once(socket, 'connect');
    return socket;
  };
  const held = await Promise.all(Array.from({ length: 100 }, open));

  const [one] = held;
  const beyond = await open();
  await once(beyond, 'close');
  expect(held.filter(({ destroyed }) => destroyed)).toEqual([]);

  one?.end();
  if (one !== undefined) await once(one, 'close');
  await vi.waitFor(async () => expect((await fetch(`${url}/healthz`)).status).toBe(200));
});

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
    { path: '/', status: 200, type: HTML, body: '<p>status live</p>' },
    { path: '/?pause', status: 200, type: HTML, body: '<p>status held</p>' },
    { path: '/plan.html', status: 200, type: HTML, body: '<p>report of discovery.internal.</p>' },
    {
      path: '/report.json',
      status: 200,
      type: 'application/json; charset=utf-8',
      body: `${JSON.stringify(REPORT, null, 2)}\n`,
    },
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
    const { url } = await startServer({
      readiness: () => ({ ready: false, reason: 'no run has ended yet' }),
    });

    const [ready, alive] = await Promise.all([fetch(`${url}/readyz`), fetch(`${url}/healthz`)]);

    expect({ status: ready.status, body: await ready.text() }).toEqual({
      status: 503,
      body: 'no run has ended yet\n',
    });
    expect(alive.status).toBe(200);
  });

  test('/healthz is 503 with the reason when a restart would help', async () => {
    const { url } = await startServer({ liveness: () => ({ ready: false, reason: 'a run is stuck' }) });

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
    const again = startStatusServer({ ...HERE, port: server.port }, WELL);

    await expect(again).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringMatching(
        new RegExp(
          `^--listen: "${HERE.host}:\\d+" cannot be listened at \\(the port is taken\\); give an address of this machine and a port that is free$`,
        ),
      ),
    });
  });

  test.each(['0.0.0.0', '::'])('on %s is on all addresses', async (host) => {
    const { server } = await startServer({}, { host, port: 0 });

    const answers = await Promise.all(
      ['127.0.0.1', `127.${OWN_BLOCK}.0.9`].map((address) =>
        fetch(`http://${address}:${server.port}/healthz`),
      ),
    );

    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  });
});

/** Asks with a Host header of one's own, as a name that leads to this machine would have it; none for `undefined`. */
async function askAs(host: string | undefined, { port }: StatusServer, path = '/report.json') {
  const where = { host: HERE.host, port, path, setHost: false };
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get({ ...where, ...(host === undefined ? {} : { headers: { host } }) }, resolve).on('error', reject);
  });
  response.resume();
  return response.statusCode;
}

describe('a server at loopback', () => {
  test.each(['localhost', 'LOCALHOST:80', '127.0.0.1:7979', HERE.host, '[::1]:7979'])(
    'answers to %s',
    async (host) => {
      const { server } = await startServer();

      expect(await askAs(host, server)).toBe(200);
    },
  );

  test.each([
    'evil.example',
    'evil.example:7979',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    '10.0.0.1',
    '[::2]',
    '127.0.0.1@evil.example',
    '',
  ])('refuses "%s", a name that another has led here', async (host) => {
    const { server } = await startServer();

    expect(await askAs(host, server)).toBe(403);
    expect(await askAs(host, server, '/metrics')).toBe(403);
  });

  test('refuses a client that names none', async () => {
    const { server } = await startServer();

    expect(await askAs(undefined, server)).toBe(400);
  });
});

test('a server that others reach answers to the names that they have for it', async () => {
  const { server } = await startServer({}, { host: '0.0.0.0', port: 0 });

  expect(await askAs('ecs-dns.example.com', server)).toBe(200);
});

describe('what a browser may do with an answer', () => {
  test.each(['/', '/plan.html', '/report.json', '/metrics', '/healthz', '/readyz', '/nothing'])(
    'of %s is to show it',
    async (path) => {
      const { url } = await startServer();

      const { headers } = await fetch(`${url}${path}`);

      expect(headers.get('content-security-policy')).toMatch(
        /^default-src 'none';.* frame-ancestors 'none'$/,
      );
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('access-control-allow-origin')).toBeNull();
    },
  );

  test('is style for a page with this very sheet', async () => {
    const { url } = await startServer();

    const { headers } = await fetch(url);

    expect(headers.get('content-security-policy')).toContain(`style-src ${STYLE_SOURCE};`);
  });

  test('is to ask again for the status page, unless it is held', async () => {
    const { url } = await startServer();
    const refreshOf = async (path: string) => (await fetch(`${url}${path}`)).headers.get('refresh');

    expect(await Promise.all(['/', '/?pause', '/plan.html'].map(refreshOf))).toEqual(['15', null, null]);
  });
});

test.each(['/plan.html', '/report.json'])('before the first report %s is 404', async (path) => {
  const { url } = await startServer({ report: () => undefined });

  const response = await fetch(`${url}${path}`);

  expect([response.status, await response.text()]).toEqual([404, 'no run has come to a report yet\n']);
});

test.each([
  { path: '/', pages: { status: failing } },
  { path: '/plan.html', pages: { reportPage: failing } },
  { path: '/metrics', pages: metricsOf(async () => failing()) },
])('$path that cannot be made is 500, and the others are served', async ({ path, pages }) => {
  const { url } = await startServer(pages);

  const failed = await fetch(`${url}${path}`);

  expect([failed.status, await failed.text()]).toEqual([500, 'the page could not be made\n']);
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
});

function failing(): never {
  throw new RangeError('Invalid string length');
}

test('a report is written as JSON once, however many ask for it, and anew where it is another one', async () => {
  let written = 0;
  const reportAs = (zone: string) => ({
    ...REPORT,
    toJSON: () => {
      written += 1;
      return { zone };
    },
  });
  let report = reportAs('a');
  const { url } = await startServer({ report: () => report });
  const ask = async () => (await fetch(`${url}/report.json`)).json();

  const first = await Promise.all([ask(), ask(), ask()]);
  report = reportAs('b');
  const second = await ask();

  expect([...first, second]).toEqual([{ zone: 'a' }, { zone: 'a' }, { zone: 'a' }, { zone: 'b' }]);
  expect(written).toBe(2);
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
    const { server, url } = await startServer(metricsOf(metrics));
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

  test('waits no longer than a client may take for one that does not read', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => {
      vi.useRealTimers();
    });
    let asked: () => void = () => {};
    const isAsked = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const reportPage = () => {
      asked();
      return 'x'.repeat(LARGER_THAN_BUFFERS);
    };
    const { server } = await startServer({ reportPage });
    const { socket, closed: cut } = await openSocket(server);
    socket.pause().write('GET /plan.html HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await isAsked;

    const closed = server.close();
    await vi.advanceTimersByTimeAsync(10_000);
    socket.resume();

    await closed;
    await cut;
    expect(socket.bytesRead).toBeLessThan(LARGER_THAN_BUFFERS);
  });
});

const LARGER_THAN_BUFFERS = 64 * 1024 * 1024;

/** A client that connects and never says anything. */
async function openSocket({ port }: StatusServer) {
  const socket = connect(port, HERE.host);
  const closed = new Promise<void>((resolve) => {
    socket.on('error', () => {}).on('close', () => resolve());
  });
  await new Promise<void>((resolve) => {
    socket.once('connect', resolve);
  });
  return { socket, closed };
}
