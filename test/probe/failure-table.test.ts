import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import type { ServingStatusMap } from 'grpc-health-check';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import type { HealthCheck } from '../../src/model/health-check.ts';
import { NO_UNKNOWN_HOSTS } from '../../src/model/inventory.ts';
import { type AttemptResult, type ProbeOutcome, probeKey } from '../../src/model/probe.ts';
import type { TargetState } from '../../src/model/target-health.ts';
import { judgeEntries } from '../../src/plan/judge/judge-entries.ts';
import { classifyError } from '../../src/probe/classify-error.ts';
import { CheckEngine } from '../../src/probe/engine.ts';
import { createProber } from '../../src/probe/prober.ts';
import { BLUE } from '../clusters.ts';
import { virtualClock } from '../route53/virtual-clock.ts';
import { type Examination, examine, probeInChild } from './examine.ts';
import { serveGrpc } from './grpc-servers.ts';
import {
  AUTHORITY,
  closing,
  deafListener,
  dripping,
  flooding,
  gzipBomb,
  hanging,
  onRequest,
  overTls,
  resetting,
  type Serve,
  saying,
  sayingThenResetting,
} from './misbehaving-servers.ts';
import {
  check,
  closedPort,
  type Loopback,
  limits,
  type Place,
  probeOne,
  ranges,
  servers,
  status,
  targetAt,
} from './support.ts';

const { start, stopAll } = servers();
afterEach(stopAll);

/** Enough for an answer on loopback never to come in time, since none comes at all. */
const SHORT: Partial<HealthCheck> = { timeoutMs: 50 };
const TEXT: Partial<HealthCheck> = { bodyContains: 'all is well' };
const HTTPS: Partial<HealthCheck> = { kind: 'https' };
const KIB = 1024;
/** One chunk of a socket is 64 KiB; an answer that ends with its first or second one is far below this. */
const READ_LIMIT = 256 * KIB;

/** What a failure comes to: the outcome's kind, and its reason or the verdict's. */
interface Finding {
  readonly kind: string;
  readonly reason: string;
}

function findingOf(outcome: ProbeOutcome | AttemptResult | undefined): Finding {
  if (outcome === undefined) throw new TypeError('there is no outcome');
  return { kind: outcome.kind, reason: 'reason' in outcome ? outcome.reason : outcome.kind };
}

/** What every server on loopback has to see: no more read than is needed, and every socket closed. */
function expectFrugal({ bytesRead, isClosed }: Examination): void {
  expect(bytesRead).toBeLessThanOrEqual(READ_LIMIT);
  expect(isClosed).toBe(true);
}

/** A row that a server on loopback provokes. */
function served(serve: Serve, changes: Partial<HealthCheck> = {}): () => Promise<Finding> {
  return async () => {
    const server = await start(serve);
    const { examination, tries } = await examineInPeace(server.place, changes);
    expectFrugal(examination);
    expect(server.accepted()).toBe(tries);
    await server.drained();
    return findingOf(examination.outcome);
  };
}

const TRIES = 5;

/** Asks again when this machine was kept from its work, which says nothing of the server. */
async function examineInPeace(place: Place, changes: Partial<HealthCheck>) {
  let tries = 1;
  let examination = await examine(place, changes);
  while (wasStarved(examination.outcome) && tries < TRIES) {
    examination = await examine(place, changes);
    tries += 1;
  }
  return { examination, tries };
}

const wasStarved = (outcome: ProbeOutcome | undefined) => outcome?.errorCode === 'EVENT_LOOP_DELAY';

async function redirected(location: (elsewhere: Place) => string): Promise<Finding> {
  const elsewhere = await start(saying(status(200)));
  const finding = await served(saying(status(302, `location: ${location(elsewhere.place)}`)))();
  expect(elsewhere.accepted()).toBe(0);
  return finding;
}

/** A check whose certificate counts, in a process that trusts the tests' authority. */
function certified(certificate: 'valid' | 'expired' | 'other-name' | 'self-signed', errorCode: string) {
  return async (): Promise<Finding> => {
    const server = await start(overTls(certificate, saying(status(200))));
    const report = await probeInChild(
      { targets: [targetAt(server.place, HTTPS)], concurrency: 1 },
      { env: { NODE_EXTRA_CA_CERTS: AUTHORITY.pathname } },
    );
    await server.drained();
    expect(report.outcomes).toMatchObject([{ errorCode }]);
    expect(report.resources.filter((name) => /TCP|TLS|Timeout/.test(name))).toEqual([]);
    return findingOf(report.outcomes[0]);
  };
}

/** What a check comes to of the service `orders` of a gRPC server. */
async function ofGrpc(health: ServingStatusMap | undefined): Promise<Finding> {
  const place = await serveGrpc(health);
  return findingOf(await probeOne(place, { kind: 'grpc', grpcService: 'orders' }));
}

/** Stands at the full queue of a listener that accepts no connection. */
async function notConnected(): Promise<Finding> {
  const { place, stop } = await deafListener();
  const { port, address: host } = place;
  const waiting = Array.from({ length: 8 }, () => connect({ host, port }).on('error', () => {}));
  onTestFinished(async () => {
    for (const socket of waiting) socket.destroy();
    await stop();
  });
  const { examination } = await examineInPeace(place, { kind: 'tcp', timeoutMs: 200 });
  expectFrugal(examination);
  expect(examination.bytesRead).toBe(0);
  return findingOf(examination.outcome);
}

/** Keeps this process from its work until long after the attempt's time is up. */
async function starved(): Promise<Finding> {
  const server = await start(() => {
    const until = performance.now() + 400;
    while (performance.now() < until);
  });
  const examination = await examine(server.place, SHORT);
  expectFrugal(examination);
  return findingOf(examination.outcome);
}

async function notAllowed(): Promise<Finding> {
  const server = await start(saying(status(200)));
  const prober = createProber(limits({ allow: ranges('10.0.0.0/8') }), virtualClock());
  const outcomes = await prober.probe([targetAt(server.place)], {}, undefined);
  expect(server.accepted()).toBe(0);
  return findingOf(outcomes.get(probeKey(server.place)));
}

async function outOfBudget(): Promise<Finding> {
  const server = await start(hanging);
  const clock = { ...virtualClock(), sleep: () => new Promise<void>((resolve) => setImmediate(resolve)) };
  const prober = createProber(limits({ budgetMs: 1_000 }), clock);
  const outcomes = await prober.probe([targetAt(server.place)], {}, undefined);
  await server.drained();
  return findingOf(outcomes.get(probeKey(server.place)));
}

/** The first attempt fails, and the pause after it lasts until time is up. */
async function outOfBudgetAmidAttempts(): Promise<Finding> {
  let expire = () => {};
  const expired = new Promise<void>((resolve) => {
    expire = resolve;
  });
  const pause = (signal: AbortSignal | undefined) =>
    new Promise<void>((_, reject) => {
      signal?.addEventListener('abort', () => reject(new Error('there is no time left')));
      expire();
    });
  const clock = {
    ...virtualClock(),
    sleep: (ms: number, signal?: AbortSignal) => (ms === 60_000 ? expired : pause(signal)),
  };
  const prober = createProber(limits({ budgetMs: 60_000 }), clock);
  const server = await start(resetting);
  const outcomes = await prober.probe([targetAt(server.place, { attempts: 3 })], {}, undefined);
  return findingOf(outcomes.get(probeKey(server.place)));
}

/** An endpoint that never gets a socket. */
async function exhausted(): Promise<Finding> {
  const outcomes: ProbeOutcome[] = [];
  const engine = new CheckEngine([targetAt({ address: '127.0.0.1', port: 1 })], {
    startAttempt: (_, settle) => {
      setImmediate(() => settle(classifyError(withCode('EMFILE'))));
      return { cancel: () => {} };
    },
    clock: virtualClock(),
    concurrency: 1,
    deadline: Number.POSITIVE_INFINITY,
    onOutcome: (_, outcome) => void outcomes.push(outcome),
  });
  await engine.run(undefined);
  return findingOf(outcomes[0]);
}

const withCode = (code: string) => Object.assign(new Error('it broke'), { code });
const classified = (code: string) => async () => findingOf(classifyError(withCode(code)));

/** What the plan makes of a running container that needs no probe, or has no address to be probed at. */
async function judged(
  ecsHealth: 'UNHEALTHY' | 'UNKNOWN',
  targets: readonly TargetState[] = [],
): Promise<Finding> {
  const container = {
    id: 'c'.repeat(64),
    name: 'app',
    taskArn: 'arn:task',
    cluster: BLUE,
    host: undefined,
    phase: 'running',
    startedAt: 0,
    essential: true,
    ecsHealth,
    ecsService: 'orders',
    networkInterface: undefined,
    addressName: undefined,
    reachedAt: [],
    serviceNames: ['_orders._tcp'],
  } as const;
  const endpoint = {
    container,
    serviceName: '_orders._tcp',
    hostNames: [],
    address: undefined,
    port: 8080,
    containerPort: 8080,
    protocol: 'tcp',
    check: {},
    overrides: {},
  } as const;
  const recordSet = { Name: '_orders._tcp.zone.', Type: 'SRV' };
  const entry = { recordSet, name: '_orders._tcp.zone', type: 'SRV', setIdentifier: undefined, value: '' };
  const match = { kind: 'endpoint', isSuccessor: false, endpoint, address: undefined } as const;
  const [found] = judgeEntries([{ entry, match }], {
    outcomes: new Map(),
    answers: new Map(),
    checkOf: () => check(),
    unknownHosts: NO_UNKNOWN_HOSTS,
    outside: () => undefined,
    drains: false,
    isScope: false,
    now: 3_600_000,
    graceOf: () => 0,
    trustEcs: true,
    ecsHealthOf: (one) => one.ecsHealth,
    trustsTargetsOf: () => true,
    targetsOf: () => targets,
    history: new Map(),
    thresholds: { unhealthyThreshold: 1, healthyThreshold: 1 },
  });
  const { verdict = '', reason = '' } = found?.judgement ?? {};
  return { kind: verdict === 'unverified' ? 'indeterminate' : verdict, reason };
}

const TEN_ZEROS = '0'.repeat(10);
const HUGE = 'x'.repeat(64 * KIB);

/** Every row of the table in docs/health-checks.md, under the very name that it has there. */
const ROWS: Readonly<Record<string, () => Promise<Finding>>> = {
  'a status that is not expected': served(saying(status(503))),
  'a redirect': () => redirected(({ address, port }) => `http://${address}:${port}/health`),
  'a redirect to 169.254.169.254': () => redirected(() => 'http://169.254.169.254/latest/meta-data/'),
  'the connection is refused': async () => findingOf((await examine(await closedPort())).outcome),
  'the connection is reset before an answer': served(resetting),
  'the connection is reset amid the body': served(
    sayingThenResetting(`HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n${TEN_ZEROS}`),
  ),
  'the connection is reset amid a body that is read': served(
    sayingThenResetting(`HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n${TEN_ZEROS}`),
    TEXT,
  ),
  'the connection is closed without an answer': served(closing),
  'no answer after the connect': served(hanging, SHORT),
  'no answer to the connect': notConnected,
  'no end to the TLS handshake': served(hanging, { ...HTTPS, ...SHORT }),
  'headers that come in drops': served(dripping('HTTP/1.1 200 OK\r\nx-drops: '), SHORT),
  'a body that comes in drops, with bodyContains': served(dripping('HTTP/1.1 200 OK\r\n\r\n'), {
    ...TEXT,
    ...SHORT,
  }),
  'a body without end': served(flooding('HTTP/1.1 200 OK\r\n\r\n', HUGE)),
  'a body without end, with bodyContains': served(flooding('HTTP/1.1 200 OK\r\n\r\n', HUGE), TEXT),
  'a bad status with a body without end': served(flooding('HTTP/1.1 500 No\r\n\r\n', HUGE)),
  'a body without the text': served(saying('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nnot at all'), TEXT),
  'a gzip bomb': served(gzipBomb(), TEXT),
  'headers beyond 16 KiB': served(flooding('HTTP/1.1 200 OK\r\n', `x-long: ${'x'.repeat(1_000)}\r\n`)),
  'a malformed status line': served(saying('HTTP/1.1 2OO OK\r\ncontent-length: 0\r\n\r\n')),
  'a status line of another version': served(saying('HTTP/3.0 200 OK\r\ncontent-length: 0\r\n\r\n')),
  'an answer by HTTP/0.9, without a status line': served(saying('<html>all is well</html>\n')),
  'binary garbage': served(flooding('\u0000\u0001', Buffer.alloc(KIB, 0xfe))),
  'more than ten 1xx answers': served(flooding('', 'HTTP/1.1 103 Early Hints\r\n\r\n')),
  'a 101': served(
    flooding('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: other\r\n\r\n', HUGE),
  ),
  'garbage instead of a TLS handshake': served(saying(Buffer.alloc(KIB, 0xfe)), HTTPS),
  'plain HTTP where HTTPS is asked': served(saying(status(200)), HTTPS),
  'a self-signed certificate': certified('self-signed', 'DEPTH_ZERO_SELF_SIGNED_CERT'),
  'an expired certificate': certified('expired', 'CERT_HAS_EXPIRED'),
  'a certificate for another name': certified('other-name', 'ERR_TLS_CERT_ALTNAME_INVALID'),
  'a gRPC service that does not serve': () => ofGrpc({ orders: 'NOT_SERVING' }),
  'a gRPC service that the server does not know': () => ofGrpc({}),
  'a gRPC server without a health service': () => ofGrpc(undefined),
  'the host is unreachable': classified('EHOSTUNREACH'),
  'ECS says UNHEALTHY, with trustEcs': () => judged('UNHEALTHY'),
  'a target group says unhealthy, with trustTargetGroups': () =>
    judged('UNKNOWN', [{ group: 'orders', state: 'unhealthy', reason: 'Target.Timeout' }]),
  'no route (ENETUNREACH)': classified('ENETUNREACH'),
  'no file descriptor left (EMFILE)': exhausted,
  'the event loop was starved': starved,
  'the address is not allowed': notAllowed,
  'the address is unknown': () => judged('UNKNOWN'),
  'the budget is used up': outOfBudget,
  'the budget is used up between two attempts': outOfBudgetAmidAttempts,
};

const DOCUMENT = new URL('../../docs/health-checks.md', import.meta.url);

/** The rows of the document's table of failures: what it says, and what it comes to. */
function documented(): ReadonlyMap<string, Finding> {
  const [, section = ''] = readFileSync(DOCUMENT, 'utf8').split('## What each failure means');
  const [table = ''] = section.split('\n## ');
  const rows = table.split('\n').flatMap((line): readonly (readonly [string, Finding])[] => {
    const [failure, kind, reason] = line
      .split('|')
      .slice(1)
      .map((cell) => cell.trim().replaceAll('`', ''));
    const isRow = failure !== undefined && failure !== 'failure' && !failure.startsWith('---');
    return isRow && kind !== undefined && reason !== undefined ? [[failure, { kind, reason }]] : [];
  });
  return new Map(rows);
}

describe('the table of failures in docs/health-checks.md', () => {
  const rows = documented();

  it('has a test for every row, and a row for every test', () => {
    expect([...rows.keys()].toSorted()).toEqual(Object.keys(ROWS).toSorted());
  });

  it.each(Object.entries(ROWS))('is true: %s', async (failure, provoke) => {
    expect(await provoke()).toEqual(rows.get(failure));
  });
});

describe('TLS that is as it should be', () => {
  const trusting = { env: { NODE_EXTRA_CA_CERTS: AUTHORITY.pathname } };
  const ok = saying(status(200));

  it('is healthy by address and by name, where the authority is trusted', async () => {
    const [valid, other] = [await start(overTls('valid', ok)), await start(overTls('other-name', ok))];
    const targets = [
      targetAt(valid.place, HTTPS),
      targetAt(valid.place, { ...HTTPS, hostName: 'api.test.internal' }),
      targetAt(other.place, { ...HTTPS, hostName: 'other.test.internal' }),
      targetAt(other.place, { ...HTTPS, hostName: 'api.test.internal' }),
    ];
    const { outcomes } = await probeInChild({ targets, concurrency: 4 }, trusting);
    expect(outcomes.map(({ kind }) => kind)).toEqual(['healthy', 'healthy', 'healthy', 'unhealthy']);
  });

  it.each(['expired', 'other-name', 'self-signed', 'valid'] as const)(
    'takes the %s certificate of an unknown authority with tlsSkipVerify, and only then',
    async (certificate) => {
      const server = await start(overTls(certificate, ok));
      const strict = await examine(server.place, HTTPS);
      const lenient = await examine(server.place, { ...HTTPS, tlsSkipVerify: true });
      expect([strict.outcome, lenient.outcome]).toMatchObject([
        { kind: 'unhealthy', reason: 'tls' },
        { kind: 'healthy', status: 200 },
      ]);
      await server.drained();
    },
  );

  it('asks the server for the host name, in the handshake and in the request', async () => {
    const names: string[] = [];
    const requests: string[] = [];
    const serve = (socket: Socket) => {
      socket.once('data', (bytes) => {
        requests.push(bytes.toString('latin1'));
        socket.write(status(200));
      });
    };
    const server = await start(overTls('valid', serve, (name) => void names.push(name)));
    const changes = { ...HTTPS, tlsSkipVerify: true, hostName: 'api.test.internal' };
    const { outcome } = await examine(server.place, changes);
    expect(outcome).toMatchObject({ kind: 'healthy' });
    expect(names).toEqual(['api.test.internal']);
    expect(requests.join('')).toMatch(
      /^GET \/health HTTP\/1\.1\r\n(?:.*\r\n)*host: api\.test\.internal\r\n/i,
    );
    await server.drained();
  });
});

/** Everything that a server can do to keep a checker busy. */
const ABUSES: readonly (readonly [Serve, Partial<HealthCheck>])[] = [
  [hanging, SHORT],
  [hanging, { ...HTTPS, ...SHORT }],
  [dripping('HTTP/1.1 200 OK\r\nx-drops: '), SHORT],
  [dripping('HTTP/1.1 200 OK\r\n\r\n'), { ...TEXT, ...SHORT }],
  [dripping('HTTP/1.1 500 No\r\n\r\n'), {}],
  [flooding('HTTP/1.1 200 OK\r\n\r\n', HUGE), {}],
  [flooding('HTTP/1.1 200 OK\r\n\r\n', HUGE), TEXT],
  [flooding('HTTP/1.1 500 No\r\n\r\n', HUGE), {}],
  [flooding('', 'HTTP/1.1 103 Early Hints\r\n\r\n'), {}],
  [flooding('HTTP/1.1 101 Up\r\nconnection: upgrade\r\nupgrade: other\r\n\r\n', HUGE), {}],
  [saying(Buffer.alloc(KIB, 0xfe)), HTTPS],
  [overTls('self-signed', saying(status(200))), HTTPS],
  [overTls('self-signed', dripping('HTTP/1.1 500 No\r\n\r\n')), { ...HTTPS, tlsSkipVerify: true }],
  [resetting, {}],
  [closing, {}],
];

describe('a process that has checked misbehaving servers', () => {
  async function abuse(request: { readonly abort: boolean; readonly concurrency: number }) {
    const all: Loopback[] = [];
    for (const [serve] of ABUSES) all.push(await start(serve));
    const targets = all.map(({ place }, index) =>
      targetAt(place, { ...ABUSES[index]?.[1], attempts: 2, intervalMs: 1 }),
    );
    const report = await probeInChild({ targets, ...request });
    await Promise.all(all.map((server) => server.drained()));
    return report;
  }
  const leftOver = (resources: readonly string[]) =>
    resources.filter((name) => /TCP|TLS|Timeout|Connect/.test(name));

  it.each([1, 4, 64])('has no socket and no timer left: %d at once', async (concurrency) => {
    const { outcomes, aborted, resources } = await abuse({ abort: false, concurrency });
    expect(aborted).toBe(false);
    // The one that floods a body in which no check looks for a text.
    expect(outcomes.filter(({ kind }) => kind === 'healthy')).toHaveLength(1);
    // The one that hints without end, and the one that upgrades unasked.
    const malformed = outcomes
      .filter(({ kind }) => kind === 'indeterminate')
      .filter((one) => !wasStarved(one));
    expect(malformed.map(({ errorCode }) => errorCode)).toEqual(['TOO_MANY_1XX', 'UND_ERR_SOCKET']);
    expect(leftOver(resources)).toEqual([]);
  });

  it.each([1, 4, 64])(
    'has none left either when it was stopped on the way: %d at once',
    async (concurrency) => {
      const { aborted, resources } = await abuse({ abort: true, concurrency });
      expect(aborted).toBe(true);
      expect(leftOver(resources)).toEqual([]);
    },
  );
});

describe('a process with few file descriptors', () => {
  it('opens fewer sockets at once, and finds nothing unhealthy for want of them', async () => {
    const server = await start(onRequest((socket) => void socket.write(status(200))));
    const targets = Array.from({ length: 300 }, () => targetAt(server.place));
    const report = await probeInChild({ targets, concurrency: 200 }, { descriptors: 64 });
    expect(report.exhausted).toBeGreaterThan(0);
    // Only the first wave meets the shortage: those that come again find a socket.
    expect(report.exhausted).toBeLessThan(200);
    expect(report.most).toBe(200);
    expect(report.mostAfterwards).toBeLessThanOrEqual(64);
    expect(report.outcomes).toHaveLength(300);
    expect(report.outcomes.filter(({ kind }) => kind !== 'healthy')).toEqual([]);
    await server.drained();
  });
});
