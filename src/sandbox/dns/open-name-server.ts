import { Random } from '../world/random.ts';
import type { World } from '../world/world.ts';
import { answerMessage } from './answer-message.ts';
import type { Chance } from './choose-sets.ts';
import { type Door, openTcpDoor } from './tcp-door.ts';
import { openUdpDoor } from './udp-door.ts';
import { type Audience, viewOf } from './world-view.ts';

export interface NameServerOptions {
  readonly world: World;
  /** 0, the default, takes any port that is free. */
  readonly port?: number;
  /** What weighted and multivalue answers are drawn by; the same one draws the same. */
  readonly random?: Chance;
}

/** A name server that answers from a world's zones, over UDP and TCP. */
export interface NameServer {
  /** Where it answers as the resolver of the VPC does. */
  readonly address: string;
  /** Where it answers as all the world sees the same names: without private zones. */
  readonly publicAddress: string;
  /** The same for both. */
  readonly port: number;
  /** Stops listening and destroys every connection. */
  close(): Promise<void>;
}

const ADDRESSES: Readonly<Record<Audience, string>> = { vpc: '127.0.0.1', public: '127.0.0.2' };

/** How many free ports are tried until one is free for UDP as well, and at both addresses. */
const ATTEMPTS = 8;

/**
 * Opens a name server for the zones of a world; each answer is of its moment. Rejects when the port is taken.
 *
 * @example
 * const server = await openNameServer({ world: sandbox.fleet.world });
 * const resolver = new Resolver();
 * resolver.setServers([`${server.address}:${server.port}`]);
 * await resolver.resolveSrv('_orders._tcp.servicediscovery.internal');
 * await server.close();
 */
export async function openNameServer(options: NameServerOptions): Promise<NameServer> {
  const { port = 0 } = options;
  for (let attempt = 1; ; attempt++) {
    try {
      return await openAt(port, options);
    } catch (error) {
      const isTaken = Reflect.get(Object(error), 'code') === 'EADDRINUSE';
      if (port !== 0 || !isTaken || attempt === ATTEMPTS) throw error;
    }
  }
}

async function openAt(
  wanted: number,
  { world, random = new Random(1) }: NameServerOptions,
): Promise<NameServer> {
  const doors: Door[] = [];
  const close = async () => {
    await Promise.all(doors.splice(0).map((door) => door.close()));
  };
  try {
    let port = wanted;
    for (const audience of ['vpc', 'public'] as const) {
      const address = ADDRESSES[audience];
      const view = viewOf(world, audience);
      const tcp = await openTcpDoor(address, port, (message) => answerMessage(view, random, message, 'tcp'));
      doors.push(tcp);
      port = tcp.port;
      doors.push(await openUdpDoor(address, port, (message) => answerMessage(view, random, message, 'udp')));
    }
    return { address: ADDRESSES.vpc, publicAddress: ADDRESSES.public, port, close };
  } catch (error) {
    await close();
    throw error;
  }
}
