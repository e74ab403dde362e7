import { ServerCredentials } from '@grpc/grpc-js';
import type { ServingStatusMap } from 'grpc-health-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { HealthCheck } from '../../src/model/health-check.ts';
import { createProber } from '../../src/probe/prober.ts';
import { virtualClock } from '../route53/virtual-clock.ts';
import { probeInChild } from './examine.ts';
import { PAIR, serveGrpc } from './grpc-servers.ts';
import { AUTHORITY, closing, hanging, type Serve, saying } from './misbehaving-servers.ts';
import { closedPort, limits, listen, type Place, probeOne, status, targetAt, turns } from './support.ts';

const GRPC: Partial<HealthCheck> = { kind: 'grpc' };
const OVER_TLS: Partial<HealthCheck> = { ...GRPC, grpcUseTls: true, hostName: 'api.test.internal' };
const HEALTH: ServingStatusMap = { '': 'SERVING', 'orders.v1': 'NOT_SERVING', 'users.v1': 'UNKNOWN' };

async function serveRaw(serve: Serve): Promise<Place> {
  const server = await listen(serve);
  onTestFinished(() => server.stop());
  return server.place;
}

describe('a gRPC check', () => {
  it.each<[string, Partial<HealthCheck>, object]>([
    ['a server that serves', {}, { kind: 'healthy' }],
    [
      'a service that does not',
      { grpcService: 'orders.v1' },
      { kind: 'unhealthy', reason: 'not-serving', errorCode: 'NOT_SERVING' },
    ],
    [
      'a service of which the server cannot tell',
      { grpcService: 'users.v1' },
      { kind: 'unhealthy', reason: 'not-serving', errorCode: 'UNKNOWN' },
    ],
    [
      'a service that the server does not know',
      { grpcService: 'elsewhere' },
      { kind: 'unhealthy', reason: 'not-serving', errorCode: 'NOT_FOUND' },
    ],
  ])('tells of %s', async (_, changes, outcome) => {
    expect(await probeOne(await serveGrpc(HEALTH), { ...GRPC, ...changes })).toMatchObject(outcome);
  });

  it.each<[string, () => Promise<Place>, object]>([
    [
      'a server without a health service',
      () => serveGrpc(undefined),
      { kind: 'unhealthy', reason: 'protocol-error', errorCode: 'UNIMPLEMENTED' },
    ],
    [
      'a server of HTTP/1.1',
      () => serveRaw(saying(status(200))),
      { kind: 'unhealthy', reason: 'protocol-error' },
    ],
    ['one that closes', () => serveRaw(closing), { kind: 'unhealthy', reason: 'connection-reset' }],
    ['nobody', closedPort, { kind: 'unhealthy', reason: 'connection-refused', errorCode: 'ECONNREFUSED' }],
  ])('tells of %s', async (_, serve, outcome) => {
    expect(await probeOne(await serve(), GRPC)).toMatchObject(outcome);
  });

  it('does not wait for a stream that hangs', async () => {
    const place = await serveRaw(hanging);
    expect(await probeOne(place, { ...GRPC, timeoutMs: 50 })).toMatchObject({
      kind: 'unhealthy',
      reason: 'timeout',
    });
  });

  it('is ended by an abort', async () => {
    const place = await serveRaw(hanging);
    const controller = new AbortController();
    const probing = createProber(limits(), virtualClock()).probe(
      [targetAt(place, GRPC)],
      {},
      controller.signal,
    );
    await turns();
    controller.abort(new Error('stopped'));
    await expect(probing).rejects.toThrow('stopped');
  });
});

describe('a gRPC check over TLS', () => {
  const trusting = { env: { NODE_EXTRA_CA_CERTS: AUTHORITY.pathname } };
  const secured = () => serveGrpc(HEALTH, ServerCredentials.createSsl(null, PAIR));

  it('trusts the authority that Node.js trusts, for the name asked', async () => {
    const place = await secured();
    const targets = [
      targetAt(place, OVER_TLS),
      targetAt(place, { ...OVER_TLS, hostName: 'other.test.internal' }),
    ];
    const { outcomes, resources } = await probeInChild({ targets, concurrency: 4 }, trusting);
    expect(outcomes).toMatchObject([
      { kind: 'healthy' },
      { kind: 'unhealthy', reason: 'tls', errorCode: 'ERR_TLS_CERT_ALTNAME_INVALID' },
    ]);
    expect(resources.filter((name) => /Timeout|Connect/.test(name))).toEqual([]);
  });

  it('takes no other, unless it is to take any', async () => {
    const place = await secured();
    expect(await probeOne(place, OVER_TLS)).toMatchObject({ kind: 'unhealthy', reason: 'tls' });
    expect(await probeOne(place, { ...OVER_TLS, tlsSkipVerify: true })).toMatchObject({ kind: 'healthy' });
  });

  it('of a server without TLS fails', async () => {
    const place = await serveGrpc(HEALTH);
    expect(await probeOne(place, OVER_TLS)).toMatchObject({ kind: 'unhealthy', reason: 'tls' });
  });
});

describe('the client of a kind of check', () => {
  it.each<[HealthCheck['kind'], readonly string[]]>([
    ['tcp', []],
    ['http', ['undici']],
    ['grpc', ['@grpc']],
  ])('is loaded where one is made: %s', async (kind, clients) => {
    const targets = [targetAt(await closedPort(), { kind })];
    expect(await probeInChild({ targets, concurrency: 1 })).toMatchObject({ clients });
  });
});
