import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { createServer } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { ServerCredentials } from '@grpc/grpc-js';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { HealthCheck } from '../../src/model/health-check.ts';
import { reportedCheck } from '../../src/report/build-check.ts';
import { PAIR, serveGrpc } from './grpc-servers.ts';
import { check, type Place, probeOne, status } from './support.ts';

const pathOf = (name: string) => fileURLToPath(new URL(`./certificates/${name}.pem`, import.meta.url));
const pem = (name: string) => readFileSync(pathOf(name), 'utf8');

/** An HTTPS server that lets in clients with a certificate of the tests' authority. */
async function serveHttps(): Promise<Place> {
  const options = { key: pem('key'), cert: pem('valid'), ca: pem('authority') };
  const open = new Set<Socket>();
  const server = createServer({ ...options, requestCert: true, rejectUnauthorized: true }, (socket) => {
    open.add(socket);
    socket.on('error', () => {}).once('data', () => socket.write(status(200)));
  });
  server.on('tlsClientError', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    for (const socket of open) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return { address: '127.0.0.1', port: (server.address() as { port: number }).port };
}

const serveMutual = () =>
  serveGrpc({ '': 'SERVING' }, ServerCredentials.createSsl(Buffer.from(pem('authority')), PAIR, true));

const HTTPS: Partial<HealthCheck> = { kind: 'https' };
const GRPC: Partial<HealthCheck> = { kind: 'grpc', grpcUseTls: true, hostName: 'api.test.internal' };
const KINDS: readonly (readonly [string, () => Promise<Place>, Partial<HealthCheck>])[] = [
  ['https', serveHttps, HTTPS],
  ['grpc', serveMutual, GRPC],
];

describe.each(KINDS)('a check of kind %s', (_, serve, kind) => {
  it.each<[string, Partial<HealthCheck>]>([
    ['as files', { tlsCa: pathOf('authority'), tlsCert: pathOf('valid'), tlsKey: pathOf('key') }],
    ['as they are', { tlsCa: pem('authority'), tlsCert: pem('valid'), tlsKey: pem('key') }],
  ])('shows its certificate, and trusts the authority that it is given: %s', async (_form, tls) => {
    expect(await probeOne(await serve(), { ...kind, ...tls })).toMatchObject({ kind: 'healthy' });
  });

  it('without one is turned away', async () => {
    const outcome = await probeOne(await serve(), { ...kind, tlsCa: pem('authority') });
    expect(outcome).toMatchObject({ kind: 'unhealthy', reason: 'tls' });
  });

  it('trusts no other', async () => {
    const tls = { tlsCa: pem('self-signed'), tlsCert: pem('valid'), tlsKey: pem('key') };
    expect(await probeOne(await serve(), { ...kind, ...tls })).toMatchObject({
      kind: 'unhealthy',
      reason: 'tls',
    });
  });

  it.each<[string, Partial<HealthCheck>, string]>([
    ['a file that is not there', { tlsCa: '/nowhere/ca.pem' }, 'ENOENT'],
    ['a certificate without its key', { tlsCert: pem('valid') }, 'TLS_CERT_WITHOUT_KEY'],
    ['a key without its certificate', { tlsKey: pem('key') }, 'TLS_CERT_WITHOUT_KEY'],
  ])('blames the worker for %s', async (_what, tls, errorCode) => {
    expect(await probeOne(await serve(), { ...kind, ...tls })).toMatchObject({
      kind: 'indeterminate',
      reason: 'checker-error',
      errorCode,
    });
  });
});

it('what a check shows is in no document', () => {
  const own = check({ ...HTTPS, tlsCa: 'hunter2', tlsCert: 'hunter2', tlsKey: 'hunter2' });
  expect(JSON.stringify(reportedCheck(own))).not.toContain('hunter2');
});
