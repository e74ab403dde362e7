import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { HealthCheck } from '../../src/model/health-check.ts';
import { createProber } from '../../src/probe/prober.ts';
import { OWN_BLOCK } from '../own-block.ts';
import { virtualClock } from '../route53/virtual-clock.ts';
import { answering, limits, probeOne, ranges, servers, status, targetAt, turns } from './support.ts';

const { start, stopAll } = servers();
afterEach(stopAll);

/** What a real HTTP server on `address` is asked by one check of `connectTo`. */
async function asked(check: Partial<HealthCheck>, address = '127.0.0.1', connectTo = address) {
  const requests: Pick<IncomingMessage, 'method' | 'url' | 'headers'>[] = [];
  const server = createServer(({ method, url, headers }, response) => {
    requests.push({ method, url, headers });
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, address, resolve));
  const { port } = server.address() as AddressInfo;
  const prober = createProber(limits(), virtualClock());
  const outcomes = await prober.probe([targetAt({ address: connectTo, port }, check)], {}, undefined);
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  await closed;
  return { outcome: [...outcomes.values()][0], requests, port };
}

describe('the request', () => {
  it.each(['GET', 'HEAD', 'OPTIONS'] as const)('is a single %s of the path', async (method) => {
    const { outcome, requests } = await asked({ method, path: '/health?deep=1' });
    expect(outcome).toMatchObject({ kind: 'healthy', status: 200 });
    expect(requests).toMatchObject([{ method, url: '/health?deep=1' }]);
  });

  it('names the program and the endpoint', async () => {
    const { requests, port } = await asked({});
    expect(requests[0]?.headers).toMatchObject({
      'user-agent': 'ecs-dns-reconciler',
      host: `127.0.0.1:${port}`,
    });
  });

  it('has the headers of the check, which may name another host and program', async () => {
    const headers = { 'X-Token': 'abc', Host: 'calc.internal', 'User-Agent': 'other' };
    const { requests } = await asked({ headers });
    expect(requests[0]?.headers).toMatchObject({
      'x-token': 'abc',
      host: 'calc.internal',
      'user-agent': 'other',
    });
  });

  it('is this, byte for byte', async () => {
    const received: string[] = [];
    const { place } = await start((socket) => {
      socket.on('data', (bytes) => {
        received.push(bytes.toString('latin1'));
        socket.write(status(200));
      });
    });
    await probeOne(place, { path: '/health?deep=1', headers: { 'X-Token': 'a\u00e9' } });
    expect(received).toEqual([
      `GET /health?deep=1 HTTP/1.1\r\nhost: ${place.address}:${place.port}\r\nconnection: close\r\n` +
        'user-agent: ecs-dns-reconciler\r\naccept: */*\r\nx-token: a\u00e9\r\n\r\n',
    ]);
  });

  it.each<[string, Partial<HealthCheck>]>([
    ['a path with a blank', { path: '/a b' }],
    ['a path with a line break', { path: '/a\r\nx: y' }],
    ['a header value with a line break', { headers: { x: 'a\r\ny: b' } }],
    ['a header name with a blank', { headers: { 'x y': 'a' } }],
    ['a host name with a line break', { hostName: 'a\r\nx: y' }],
  ])('is not sent, to nobody, with %s', async (_, changes) => {
    const server = await start(answering(status(200)));
    expect(await probeOne(server.place, changes)).toMatchObject({
      kind: 'indeterminate',
      reason: 'checker-error',
    });
    await turns();
    expect(server.accepted()).toBe(0);
  });

  it('may name the host and the user of the check', async () => {
    const { requests } = await asked({ hostName: 'calc.internal', basicAuth: 'user:pass' });
    expect(requests[0]?.headers).toMatchObject({
      host: 'calc.internal',
      authorization: `Basic ${Buffer.from('user:pass').toString('base64')}`,
    });
  });

  it('is not repeated at the target of a redirect', async () => {
    const elsewhere = await start(answering(status(200)));
    const { address, port } = elsewhere.place;
    const moved = await start(answering(status(301, `location: http://${address}:${port}/`)));
    expect(await probeOne(moved.place)).toMatchObject({ reason: 'http-status', status: 301 });
    expect(moved.accepted()).toBe(1);
    expect(elsewhere.accepted()).toBe(0);
  });
});

describe('the address', () => {
  it.each([
    ['IPv4', '127.0.0.1', '127.0.0.1'],
    ['another address of loopback', `127.${OWN_BLOCK}.9.10`, `127.${OWN_BLOCK}.9.10`],
    ['IPv6', '::1', '::1'],
    ['IPv4 in IPv6 clothes', '127.0.0.1', '::ffff:127.0.0.1'],
  ])('may be %s', async (_, address, connectTo) => {
    const { outcome, requests } = await asked({}, address, connectTo);
    expect(outcome).toMatchObject({ kind: 'healthy' });
    expect(requests).toHaveLength(1);
  });

  it.each([
    ['another address', '127.0.0.1', ['10.0.0.0/8']],
    ['an IPv4 address in IPv6 clothes', '::ffff:127.0.0.1', ['10.0.0.0/8', 'fc00::/7']],
    ['a name, whatever it leads to', 'localhost', ['127.0.0.0/8', '::1/128']],
  ])('is never connected to unless it is allowed: %s', async (_, address, allowed) => {
    const server = await start(answering(status(200)));
    const target = targetAt({ address, port: server.place.port }, { attempts: 3 });
    const prober = createProber(limits({ allow: ranges(...allowed) }), virtualClock());
    const outcomes = await prober.probe([target, targetAt(server.place)], {}, undefined);
    expect([...outcomes.values()]).toContainEqual({
      kind: 'indeterminate',
      reason: 'address-not-allowed',
      attempts: 0,
      durationMs: 0,
    });
    expect(server.accepted()).toBe(address === 'localhost' ? 1 : 0);
  });
});
