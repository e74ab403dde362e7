import { createSocket } from 'node:dgram';
import { get } from 'node:http';
import { decode, encode, type Packet, type RecordType, type SrvAnswer, type StringAnswer } from 'dns-packet';
import type { Clock } from '../../../src/model/clock.ts';

export interface ClientOptions {
  readonly nameServer: { readonly address: string; readonly port: number };
  /** The name of an SRV record. */
  readonly name: string;
  readonly clock: Pick<Clock, 'now' | 'random'>;
  /** Whether answers are kept for as long as their TTL says; else each request asks anew. */
  readonly caches: boolean;
  /** How many targets a request tries; after a failure another one is drawn, past what is kept. */
  readonly targets: number;
}

/** A place that was tried, and whether it answered. */
export interface Attempt {
  readonly address: string;
  readonly port: number;
  readonly ok: boolean;
}

/** A client of a service: each request goes to a target of its SRV record; what it tried, in that order. */
export interface DnsClient {
  request(): Promise<readonly Attempt[]>;
}

/** A weighted name is answered with one target at a time: so often at the most another one is asked for. */
const DRAWS = 100;

export function newDnsClient(options: ClientOptions): DnsClient {
  const { nameServer, name, clock, caches, targets } = options;
  const resolver = newResolver(nameServer, clock);
  const target = async (isFresh: boolean) => {
    const srv = pick(await resolver.srv(name, isFresh), clock);
    return { address: pick(await resolver.addresses(srv.target, isFresh), clock), port: srv.port };
  };
  const another = async (tried: readonly Attempt[]) => {
    for (let draw = 0; draw < DRAWS; draw++) {
      const { address, port } = await target(true);
      if (!tried.some((one) => one.address === address && one.port === port)) return { address, port };
    }
    return undefined;
  };
  return {
    request: async () => {
      const attempts = [await tryAt(await target(!caches))];
      while (attempts.at(-1)?.ok === false && attempts.length < targets) {
        const next = await another(attempts);
        if (next === undefined) break;
        attempts.push(await tryAt(next));
      }
      return attempts;
    },
  };
}

async function tryAt({ address, port }: Pick<Attempt, 'address' | 'port'>): Promise<Attempt> {
  return { address, port, ok: await isAnswering(address, port) };
}

/** A name without an answer is no failed request but a broken zone: the client says so. */
function pick<T>(answers: readonly T[], { random }: Pick<Clock, 'random'>): T {
  const answer = answers[Math.floor(random() * answers.length)];
  if (answer === undefined) throw new Error('the name has no answer');
  return answer;
}

function newResolver(server: ClientOptions['nameServer'], { now }: Pick<Clock, 'now'>) {
  const kept = new Map<string, { readonly packet: Packet; readonly until: number }>();
  const resolve = async (name: string, type: RecordType, isFresh: boolean) => {
    const key = `${type} ${name}`;
    const old = kept.get(key);
    if (!isFresh && old !== undefined && now() < old.until) return old.packet;
    const packet = await ask(server, name, type);
    const ttls = (packet.answers ?? []).map((answer) => ('ttl' in answer ? (answer.ttl ?? 0) : 0));
    kept.set(key, { packet, until: now() + 1000 * Math.min(...ttls) });
    return packet;
  };
  return {
    srv: async (name: string, isFresh: boolean) => {
      const { answers = [] } = await resolve(name, 'SRV', isFresh);
      return answers.filter((one): one is SrvAnswer => one.type === 'SRV').map(({ data }) => data);
    },
    addresses: async (name: string, isFresh: boolean) => {
      const { answers = [] } = await resolve(name, 'A', isFresh);
      return answers.filter((one): one is StringAnswer => one.type === 'A').map(({ data }) => data);
    },
  };
}

/** So long a question may be on its way before it is asked again: a datagram can be lost. */
const AGAIN_MS = 5_000;

function ask(
  { address, port }: ClientOptions['nameServer'],
  name: string,
  type: RecordType,
): Promise<Packet> {
  const id = Math.floor(Math.random() * 0x1_00_00);
  const question = encode({ type: 'query', id, flags: 0, questions: [{ type, name }] });
  const socket = createSocket('udp4');
  return new Promise<Packet>((resolve, reject) => {
    const send = () => socket.send(question, port, address);
    const again = setInterval(send, AGAIN_MS);
    const end = () => {
      clearInterval(again);
      socket.close();
    };
    socket.once('error', (error) => {
      end();
      reject(error);
    });
    socket.on('message', (message) => {
      const packet = decode(message);
      if (packet.id !== id) return;
      end();
      resolve(packet);
    });
    send();
  });
}

/** Whether an HTTP server answers there with 200; each request has a connection of its own. */
function isAnswering(address: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    get({ host: address, port, path: '/', agent: false }, (response) => {
      response.resume().once('close', () => resolve(response.complete && response.statusCode === 200));
    }).once('error', () => resolve(false));
  });
}
