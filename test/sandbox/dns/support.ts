import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect } from 'node:net';
import { type DecodedPacket, decode, encode, type Packet, type Question } from 'dns-packet';
import { afterEach } from 'vitest';
import { openNameServer } from '../../../src/sandbox/dns/open-name-server.ts';
import type { HostedZone } from '../../../src/sandbox/world/hosted-zone.ts';
import type { World } from '../../../src/sandbox/world/world.ts';

const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** A name server for the world, closed after the test. */
export async function withNameServer(world: World) {
  const server = await openNameServer({ world });
  closing.push(() => server.close());
  return server;
}

/** Puts simple sets into a zone, a line each: name below the zone's, TTL, type, values between bars. */
export function plant(zone: HostedZone, lines: readonly string[]): void {
  for (const line of lines) {
    const [name, TTL, Type = '', ...values] = line.split(' ');
    const ResourceRecords = values
      .join(' ')
      .split(' | ')
      .map((Value) => ({ Value }));
    const Name = name === '@' ? zone.name : `${name}.${zone.name}`;
    zone.put({ Name, Type, TTL: Number(TTL), ResourceRecords });
  }
}

/** What a server sends back over UDP for one datagram. */
export async function exchange(
  server: { readonly address: string; readonly port: number },
  message: Uint8Array,
): Promise<Buffer> {
  const socket = createSocket('udp4');
  const received = once(socket, 'message');
  socket.send(message, server.port, server.address);
  const [reply] = await received;
  socket.close();
  return reply;
}

/** What a server sends back on one connection, in order, for messages that are sent at once. */
export async function exchangeOverTcp(
  server: { readonly address: string; readonly port: number },
  messages: readonly Buffer[],
): Promise<readonly Buffer[]> {
  const socket = connect(server.port, server.address);
  socket.write(Buffer.concat(messages.map(framed)));
  let received = Buffer.alloc(0);
  const replies: Buffer[] = [];
  for await (const chunk of socket) {
    received = Buffer.concat([received, chunk]);
    while (received.length >= 2 && received.length >= 2 + received.readUInt16BE(0)) {
      const end = 2 + received.readUInt16BE(0);
      replies.push(received.subarray(2, end));
      received = received.subarray(end);
    }
    if (replies.length === messages.length) break;
  }
  return replies;
}

export function framed(message: Buffer): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(message.length);
  return Buffer.concat([length, message]);
}

/** A question in bytes; by default of class IN, with recursion desired and without EDNS. */
export function questionBytes(question: Question, more: Packet = {}): Buffer {
  return encode({ type: 'query', id: 4711, flags: 0x100, questions: [question], ...more });
}

/** The EDNS record of a client that takes this many bytes over UDP. */
export function edns(udpPayloadSize: number, ednsVersion = 0): Packet {
  const opt = { name: '.', type: 'OPT', extendedRcode: 0, flags: 0, flag_do: false, options: [] } as const;
  return { additionals: [{ ...opt, options: [], udpPayloadSize, ednsVersion }] };
}

/** A message as dns-packet reads it, with what its types leave out. */
export function readMessage(message: Buffer): DecodedPacket & { readonly rcode: string } {
  const packet = decode(message);
  return { ...packet, rcode: String(Reflect.get(packet, 'rcode')) };
}
