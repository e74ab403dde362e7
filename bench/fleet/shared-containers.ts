import { createServer, type Server, type Socket } from 'node:net';
import { type Behaviours, endpointKey } from '../../src/sandbox/fleet/behaviour.ts';
import { worldEndpoints } from '../../src/sandbox/fleet/world-endpoints.ts';
import type { World } from '../../src/sandbox/world/world.ts';

/** The containers of a large fleet. */
export interface SharedContainers {
  /** How many endpoints somebody listens at. */
  readonly listening: number;
  /** Connections taken so far, and those of them that were given an answer. */
  counts(): { readonly connections: number; readonly answers: number };
  close(): Promise<void>;
}

const OK = Buffer.from('HTTP/1.1 200 OK\r\ncontent-length: 3\r\nconnection: close\r\n\r\nok\n');
const BACKLOG = 4096;
/** So many endpoints have listeners of their own; then everything else refuses, however busy the machine is. */
const SMALL_FLEET = 1_000;

/**
 * Starts one listener for each port of the fleet, which answers on all addresses of 127.0.0.0/8: a
 * process has no descriptors for a listener an endpoint. All endpoints of a port have to behave alike,
 * healthy, hanging or refusing; TypeError otherwise. Only who comes over loopback is let in, and only to an address
 * that is an endpoint's: a host without a container at the port ends the connection at once.
 */
export async function startSharedContainers(fleet: {
  readonly world: World;
  readonly behaviours: Behaviours;
}): Promise<SharedContainers> {
  const ports = behaviourByPort(fleet);
  const counts = { connections: 0, answers: 0 };
  const sockets = new Set<Socket>();
  const servers: Server[] = [];
  const close = async () => {
    for (const socket of sockets) socket.destroy();
    await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  };
  const isSmall = worldEndpoints(fleet.world).length <= SMALL_FLEET;
  let listening = 0;
  try {
    for (const [port, { kind, addresses }] of ports) {
      if (kind === 'refuse') continue;
      for (const host of isSmall ? addresses : ['0.0.0.0']) {
        const server = newServer(kind, addresses, counts, sockets);
        await listen(server, port, host);
        servers.push(server);
      }
      listening += addresses.size;
    }
  } catch (error) {
    await close();
    throw error;
  }
  return { listening, counts: () => ({ ...counts }), close };
}

type Kind = 'healthy' | 'hang' | 'refuse';

function behaviourByPort({ world, behaviours }: { readonly world: World; readonly behaviours: Behaviours }) {
  const ports = new Map<number, { readonly kind: Kind; readonly addresses: Set<string> }>();
  for (const { address, port } of worldEndpoints(world)) {
    const kind = kindOf(behaviours, address, port);
    const known = ports.get(port);
    if (known === undefined) ports.set(port, { kind, addresses: new Set([address]) });
    else if (known.kind !== kind) throw new TypeError(`port ${port} is to be both ${known.kind} and ${kind}`);
    else known.addresses.add(address);
  }
  return ports;
}

function kindOf(behaviours: Behaviours, address: string, port: number): Kind {
  const behaviour = behaviours.get(endpointKey(address, port)) ?? { kind: 'healthy' };
  if (behaviour.kind === 'status' || behaviour.kind === 'reset' || 'path' in behaviour)
    throw new TypeError(`a shared listener cannot behave as ${behaviour.kind}`);
  return behaviour.kind;
}

function newServer(
  kind: Exclude<Kind, 'refuse'>,
  addresses: ReadonlySet<string>,
  counts: { connections: number; answers: number },
  sockets: Set<Socket>,
): Server {
  return createServer((socket) => {
    if (socket.remoteAddress?.startsWith('127.') !== true || !addresses.has(socket.localAddress ?? '')) {
      socket.destroy();
      return;
    }
    counts.connections += 1;
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    if (kind === 'hang') socket.resume();
    else
      socket.once('data', () => {
        counts.answers += 1;
        socket.end(OK);
      });
  });
}

async function listen(server: Server, port: number, host: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host, backlog: BACKLOG }, resolve);
  });
}
