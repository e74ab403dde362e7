import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { longestStopMs } from '../world/stop-timeout.ts';
import type { World } from '../world/world.ts';
import { type Behaviour, type Behaviours, endpointKey } from './behaviour.ts';
import type { RunningContainers } from './running-containers.ts';
import { endpointsOf, type WorldEndpoint, worldEndpoints } from './world-endpoints.ts';

/** Servers of this process, one at each endpoint. */
export interface ServedContainers extends RunningContainers {
  /** How many endpoints a server listens at. */
  readonly listening: number;
  /** How many connections were made to an endpoint so far. */
  connections(address: string, port: number): number;
}

/** How long a server goes on after it was told to end. */
const DRAIN_MS = 2_000;

/** What runs where nothing listens. */
export const NO_CONTAINERS: ServedContainers = {
  listening: 0,
  connections: () => 0,
  start: async () => {},
  stop: async () => {},
  end: async () => {},
  close: async () => {},
};

/**
 * Starts a real server at every TCP endpoint of the world's running tasks, behaving as told, or
 * healthy. The addresses have to be this machine's own: any of 127.0.0.0/8 on Linux. Takes a fleet.
 */
export async function startContainers(fleet: {
  readonly world: World;
  readonly behaviours?: Behaviours;
}): Promise<ServedContainers> {
  const { world, behaviours } = fleet;
  const servers = new Map<string, ContainerServer>();
  const start = async (endpoints: readonly WorldEndpoint[]) => {
    for (const { address, port } of endpoints) {
      const key = endpointKey(address, port);
      const behaviour: Behaviour = behaviours?.get(key) ?? { kind: 'healthy' };
      if (behaviour.kind === 'refuse') continue;
      const server = new ContainerServer(address, port, behaviour);
      servers.set(key, server);
      await server.listen();
    }
  };
  const end = async (endpoints: readonly WorldEndpoint[]) => {
    for (const { address, port } of endpoints) {
      const key = endpointKey(address, port);
      await servers.get(key)?.close();
      servers.delete(key);
    }
  };
  const close = async () => {
    await Promise.all([...servers.values()].map((server) => server.close()));
  };
  try {
    await start(worldEndpoints(world));
  } catch (error) {
    await close();
    throw error;
  }
  return {
    get listening() {
      return servers.size;
    },
    connections: (address, port) => servers.get(endpointKey(address, port))?.connections ?? 0,
    start: (task) => start(endpointsOf(world, [task])),
    stop: async (task, clock, signal) => {
      const definition = world.taskDefinitions.get(task.taskDefinitionArn);
      await clock.sleep(Math.min(DRAIN_MS, longestStopMs(definition)), signal).catch(() => {});
      if (!signal.aborted) await end(endpointsOf(world, [task]));
    },
    end: (task) => end(endpointsOf(world, [task])),
    close,
  };
}

class ContainerServer {
  readonly address: string;
  readonly port: number;
  connections = 0;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  constructor(address: string, port: number, behaviour: Listening) {
    this.address = address;
    this.port = port;
    this.#server = newServer(behaviour);
    this.#server.on('connection', (socket: Socket) => {
      this.connections += 1;
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(this.port, this.address, resolve);
    });
  }

  async close(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }
}

type Listening = Exclude<Behaviour, { kind: 'refuse' }>;

function newServer(behaviour: Listening): Server {
  if (behaviour.kind === 'healthy')
    return createHttpServer(statusListener((path) => healthyStatus(path, behaviour.path)));
  if (behaviour.kind === 'status') return createHttpServer(statusListener(() => behaviour.status));
  return createTcpServer((socket) => {
    socket.on('error', () => socket.destroy());
    if (behaviour.kind === 'reset') socket.destroy();
    else socket.resume();
  });
}

function healthyStatus(path: string, only: string | undefined): number {
  return only === undefined || path === only ? 200 : 404;
}

function statusListener(statusOf: (path: string) => number): RequestListener {
  return (request, response) => {
    const status = statusOf(new URL(request.url ?? '/', 'http://container').pathname);
    response.writeHead(status, { 'content-type': 'text/plain' });
    response.end(status === 200 ? 'ok\n' : 'not ok\n');
  };
}
