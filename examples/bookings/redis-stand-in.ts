import { createServer, type Socket } from 'node:net';
import process from 'node:process';
import { start, wholeNumber } from '../common/environment.ts';

/**
 * As much of redis as counting takes, where no redis is at hand: PING, GET, SET, INCR and QUIT in RESP2, from memory.
 * Anything else gets an error, as redis answers an unknown command. Source: redis.io, "Redis serialization protocol".
 */
const values = new Map<string, string>();

const MAX_PENDING = 65_536;
const MAX_WORDS = 64;

type Reply = string;
/** Text has a character a byte here. */
const bulk = (text: string | undefined): Reply =>
  text === undefined ? '$-1\r\n' : `$${text.length}\r\n${text}\r\n`;
const fault = (text: string): Reply => `-ERR ${text}\r\n`;

const COMMANDS: Readonly<Record<string, (args: readonly string[]) => Reply>> = {
  PING: ([text]) => (text === undefined ? '+PONG\r\n' : bulk(text)),
  QUIT: () => '+OK\r\n',
  GET: ([key = '']) => bulk(values.get(key)),
  SET: ([key = '', value = '']) => {
    values.set(key, value);
    return '+OK\r\n';
  },
  INCR: ([key = '']) => {
    const next = Number(values.get(key) ?? '0') + 1;
    if (!Number.isSafeInteger(next)) return fault('value is not an integer or out of range');
    values.set(key, String(next));
    return `:${next}\r\n`;
  },
};

function answer([name = '', ...args]: readonly string[]): Reply {
  const command = name.toUpperCase();
  const known = Object.hasOwn(COMMANDS, command) ? COMMANDS[command] : undefined;
  return known === undefined ? fault('unknown command') : known(args);
}

/** The first command that is whole, and how many bytes it has; `undefined` until then. Throws for what is none. */
function readCommand(
  text: string,
): { readonly words: readonly string[]; readonly length: number } | undefined {
  const [head, count] = /^\*(\d{1,2})\r\n/.exec(text) ?? [];
  if (head === undefined) {
    if (text.includes('\r\n') || !/^\*?\d*\r?$/.test(text))
      throw new SyntaxError('an array of words is wanted');
    return undefined;
  }
  if (Number(count) > MAX_WORDS) throw new SyntaxError('too many words');
  const words: string[] = [];
  let at = head.length;
  while (words.length < Number(count)) {
    const [line, size] = /^\$(\d{1,5})\r\n/.exec(text.slice(at, at + 8)) ?? [];
    if (line === undefined) {
      if (text.length - at >= 8) throw new SyntaxError('a word is wanted');
      return undefined;
    }
    const end = at + line.length + Number(size);
    if (text.length < end + 2) return undefined;
    words.push(text.slice(at + line.length, end));
    at = end + 2;
  }
  return { words, length: at };
}

function converse(socket: Socket): void {
  let pending = '';
  // One character a byte, so that the lengths that are told are those of the text.
  socket.setEncoding('latin1');
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk: string) => {
    pending += chunk;
    try {
      for (let read = readCommand(pending); read !== undefined; read = readCommand(pending)) {
        pending = pending.slice(read.length);
        socket.write(answer(read.words), 'latin1');
        if (read.words[0]?.toUpperCase() === 'QUIT') socket.end();
      }
      if (pending.length > MAX_PENDING) throw new SyntaxError('the command is too long');
    } catch (error) {
      socket.end(fault(error instanceof Error ? error.message : 'protocol error'));
    }
  });
}

await start(async () => {
  const port = wholeNumber(process.env, 'PORT', { byDefault: 6379, most: 65_535 });
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    converse(socket);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host: process.env['HOST'] || undefined }, resolve);
  });
  process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), message: 'listening', port })}\n`);
  process.once('SIGTERM', () => {
    server.close(() => process.exit(0));
    for (const socket of sockets) socket.destroy();
  });
});
