import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { pipeline } from 'node:stream';

/** Answers a message, or does not. */
export type Respond = (message: Buffer) => Buffer | undefined;

/** How long a connection may be silent. Source: RFC 7766, section 6.2.3. */
const IDLE_MS = 10_000;
const MAX_CONNECTIONS = 64;

/** A server at a port that was bound. */
export interface Door {
  readonly port: number;
  close(): Promise<void>;
}

/** Answers over TCP: any number of questions on a connection, in their order. Rejects when the port is taken. */
export async function openTcpDoor(
  address: string,
  port: number,
  respond: Respond,
  idleMs = IDLE_MS,
): Promise<Door> {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    socket.setTimeout(idleMs, () => socket.destroy());
    // What goes wrong with a connection ends it, and concerns nothing else.
    pipeline(
      socket,
      (source) => replies(source, respond),
      socket,
      () => socket.destroy(),
    );
  });
  server.maxConnections = MAX_CONNECTIONS;
  server.listen(port, address);
  await once(server, 'listening');
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new TypeError('the server listens at no port');
  return {
    port: bound.port,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
}

/** Each message has its length before it, in two bytes. Source: RFC 1035, section 4.2.2. */
async function* replies(source: AsyncIterable<Buffer>, respond: Respond): AsyncGenerator<Buffer> {
  let pending: Buffer = Buffer.alloc(0);
  for await (const chunk of source) {
    pending = Buffer.concat([pending, chunk]);
    while (pending.length >= 2 && pending.length >= 2 + pending.readUInt16BE(0)) {
      const end = 2 + pending.readUInt16BE(0);
      const reply = respond(pending.subarray(2, end));
      pending = pending.subarray(end);
      if (reply !== undefined) yield Buffer.concat([lengthOf(reply), reply]);
    }
  }
}

function lengthOf({ length }: Buffer): Buffer {
  const prefix = Buffer.alloc(2);
  prefix.writeUInt16BE(length);
  return prefix;
}
