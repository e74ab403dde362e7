import { type AddressInfo, createServer, type Socket } from 'node:net';
import { addressRanges } from '../../src/config/value-types.ts';
import type { HealthCheck } from '../../src/model/health-check.ts';
import { type ProbeOutcome, type ProbeTarget, probeKey } from '../../src/model/probe.ts';
import { createProber, type ProbeLimits } from '../../src/probe/prober.ts';
import { virtualClock } from '../route53/virtual-clock.ts';

/** Where something listens, or not. */
export type Place = Pick<ProbeTarget, 'address' | 'port'>;

/** A server on loopback that does with a connection whatever it is told. */
export interface Loopback {
  readonly place: Place;
  /** Connections accepted so far. */
  accepted(): number;
  /** Resolves once every connection that was ever accepted is closed. */
  drained(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a server; `serve` is given each connection with its number, from 1. */
export async function listen(
  serve: (socket: Socket, count: number) => void,
  address = '127.0.0.1',
): Promise<Loopback> {
  let accepted = 0;
  const open = new Set<Socket>();
  let onDrained = () => {};
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => {
      open.delete(socket);
      if (open.size === 0) onDrained();
    });
    serve(socket, ++accepted);
  });
  await new Promise<void>((resolve) => server.listen(0, address, resolve));
  return {
    place: { address, port: (server.address() as AddressInfo).port },
    accepted: () => accepted,
    drained: () =>
      new Promise((resolve) => {
        onDrained = resolve;
        if (open.size === 0) resolve();
      }),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of open) socket.destroy();
      }),
  };
}

/** Servers that are stopped together. */
export function servers() {
  const started: Loopback[] = [];
  const start = async (...args: Parameters<typeof listen>): Promise<Loopback> => {
    const server = await listen(...args);
    started.push(server);
    return server;
  };
  const stopAll = async (): Promise<void> => {
    await Promise.all(started.splice(0).map((server) => server.stop()));
  };
  return { start, stopAll };
}

/** Answers each request with these bytes, and leaves the connection open. */
export function answering(bytes: string) {
  return (socket: Socket) => {
    socket.on('data', () => socket.write(bytes));
  };
}

/** A whole answer without a body. */
export function status(code: number, ...headers: readonly string[]): string {
  return `HTTP/1.1 ${[`${code} Whatever`, 'content-length: 0', ...headers].join('\r\n')}\r\n\r\n`;
}

/** A port of 127.0.0.1 at which nothing listens. */
export async function closedPort(): Promise<Place> {
  const server = await listen(() => {});
  await server.stop();
  return server.place;
}

/** One attempt at `GET /health`, for a 200, with time enough. */
export function check(changes: Partial<HealthCheck> = {}): HealthCheck {
  return {
    kind: 'http',
    method: 'GET',
    path: '/health',
    headers: {},
    basicAuth: undefined,
    matcher: [{ from: 200, to: 200 }],
    bodyContains: undefined,
    hostName: undefined,
    tlsSkipVerify: false,
    timeoutMs: 10_000,
    attempts: 1,
    intervalMs: 2_000,
    ...changes,
  };
}

/** The check of what is at `place`. */
export function targetAt({ address, port }: Place, changes: Partial<HealthCheck> = {}): ProbeTarget {
  return { address, port, check: check(changes) };
}

/** May probe whatever is on loopback, for as long as it takes. */
export function limits(changes: Partial<ProbeLimits> = {}): ProbeLimits {
  return {
    concurrency: 8,
    budgetMs: Number.POSITIVE_INFINITY,
    allow: ranges('127.0.0.0/8', '::1/128'),
    ...changes,
  };
}

/** The outcome of one check of what is at `place`. */
export async function probeOne(
  place: Place,
  changes: Partial<HealthCheck> = {},
): Promise<ProbeOutcome | undefined> {
  const outcomes = await createProber(limits(), virtualClock()).probe(
    [targetAt(place, changes)],
    {},
    undefined,
  );
  return outcomes.get(probeKey(place));
}

/** Address ranges as the settings read them. */
export function ranges(...texts: readonly string[]): ProbeLimits['allow'] {
  return addressRanges.parse(texts);
}

/** Time enough for everything that is under way on this machine to happen. */
export async function turns(count = 20): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
}
