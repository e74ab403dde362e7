import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A container as a test describes it. */
export interface FakeContainer {
  readonly env?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
  /** Host ports by the ports of the container, such as `8080/tcp`. */
  readonly ports?: Readonly<Record<string, number>>;
  readonly network?: string;
  readonly exposed?: readonly string[];
  readonly health?: 'starting' | 'healthy' | 'unhealthy';
  readonly startedAt?: string;
}

/** How a look at a container ends, other than with what it is. */
export type Fault = 'vanished' | 'error' | 'hang' | 'malformed';

/** A container engine's HTTP API on a socket, in the shapes that Docker Engine 24 has. */
export interface FakeEngine {
  readonly socketPath: string;
  /** Starts a container, with its event. */
  run(id: string, container?: FakeContainer): void;
  die(id: string): void;
  /** Changes what a container is without an event. */
  quietly(id: string, container: FakeContainer | undefined): void;
  setHealth(id: string, health: 'healthy' | 'unhealthy'): void;
  fault(id: string, fault: Fault | undefined): void;
  /** What the listing has in place of the truth, so many times. */
  listNothing(times: number): void;
  /** The engine goes away, and with it all connections; what runs goes on. */
  stop(): Promise<void>;
  start(): Promise<void>;
  /** How many streams of events are open. */
  readonly listeners: () => number;
  readonly requests: () => readonly string[];
}

/** An engine on a socket of its own until the test is over. */
export async function startFakeEngine(): Promise<FakeEngine> {
  const socketPath = join(tmpdir(), `engine-${randomUUID().slice(0, 8)}.sock`);
  const running = new Map<string, FakeContainer>();
  const faults = new Map<string, Fault>();
  const streams = new Set<ServerResponse>();
  const sockets = new Set<Socket>();
  const requests: string[] = [];
  let nothing = 0;
  let server: Server | undefined;
  const emit = (id: string, Action: string) => {
    const event = { status: Action, id, Type: 'container', Action, Actor: { ID: id, Attributes: {} } };
    for (const stream of streams) stream.write(`${JSON.stringify(event)}\n`);
  };
  const answer = (path: string, response: ServerResponse) => {
    requests.push(path);
    const json = (status: number, body: unknown) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (path.startsWith('/events')) {
      response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders();
      streams.add(response);
      response.once('close', () => streams.delete(response));
      return;
    }
    if (path.startsWith('/containers/json')) {
      const ids = nothing-- > 0 ? [] : [...running.keys()];
      json(200, ids.map(listed));
      return;
    }
    const id = path.split('/')[2] ?? '';
    const container = running.get(id);
    const fault = faults.get(id);
    if (fault === 'hang') return;
    if (fault === 'error') json(500, { message: 'the storage driver is gone' });
    else if (container === undefined || fault === 'vanished')
      json(404, { message: `No such container: ${id}` });
    else if (fault === 'malformed') json(200, { Id: id, State: { Running: true }, Config: { Env: 7 } });
    else json(200, inspected(id, container));
  };
  const start = async () => {
    rmSync(socketPath, { force: true });
    server = createServer((request, response) => {
      answer((request.url ?? '').replace(/^\/v[\d.]+/, ''), response);
    });
    server.on('connection', (socket) => {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
    });
    await new Promise<void>((resolve) => server?.listen(socketPath, resolve));
  };
  const stop = async () => {
    const closed = new Promise((resolve) => server?.close(resolve));
    for (const socket of sockets) socket.destroy();
    await closed;
    rmSync(socketPath, { force: true });
  };
  await start();
  onTestFinished(() => stop());
  return {
    socketPath,
    run: (id, container = {}) => {
      running.set(id, container);
      emit(id, 'start');
    },
    die: (id) => {
      running.delete(id);
      emit(id, 'die');
    },
    quietly: (id, container) => {
      if (container === undefined) running.delete(id);
      else running.set(id, container);
    },
    setHealth: (id, health) => {
      running.set(id, { ...running.get(id), health });
      emit(id, `health_status: ${health}`);
    },
    fault: (id, fault) => {
      if (fault === undefined) faults.delete(id);
      else faults.set(id, fault);
    },
    listNothing: (times) => {
      nothing = times;
    },
    stop,
    start,
    listeners: () => streams.size,
    requests: () => requests,
  };
}

function listed(Id: string) {
  return {
    Id,
    Names: [`/${Id.slice(0, 6)}`],
    Image: 'app',
    State: 'running',
    Status: 'Up 1 second',
    Ports: [],
  };
}

function inspected(Id: string, container: FakeContainer) {
  const {
    env = {},
    labels = {},
    ports = {},
    network = 'bridge',
    exposed = [],
    health,
    startedAt,
  } = container;
  const bindings = (port: number) => [
    { HostIp: '0.0.0.0', HostPort: String(port) },
    { HostIp: '::', HostPort: String(port) },
  ];
  return {
    Id,
    Name: `/${Id.slice(0, 6)}`,
    State: {
      Status: 'running',
      Running: true,
      Restarting: false,
      StartedAt: startedAt ?? '2026-01-01T00:00:00.000000000Z',
      ...(health === undefined ? {} : { Health: { Status: health, FailingStreak: 0, Log: [] } }),
    },
    Config: {
      Env: Object.entries(env).map(([name, value]) => `${name}=${value}`),
      Labels: labels,
      ExposedPorts: Object.fromEntries(exposed.map((port) => [port, {}])),
    },
    HostConfig: { NetworkMode: network, PortBindings: {} },
    NetworkSettings: {
      Ports: Object.fromEntries(Object.entries(ports).map(([key, port]) => [key, bindings(port)])),
    },
  };
}
