import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { Worker } from 'node:worker_threads';
import { gzipSync } from 'node:zlib';
import type { Place } from './support.ts';

/** What a server does with a connection. */
export type Serve = (socket: Socket) => void;

/** Waits for the first bytes of a request. */
export function onRequest(answer: (socket: Socket) => void): Serve {
  return (socket) => void socket.once('data', () => answer(socket));
}

/** Writes these bytes once it is asked, and leaves the connection open. */
export function saying(bytes: string | Uint8Array): Serve {
  return onRequest((socket) => void socket.write(bytes));
}

/** Begins an answer and goes on with it, a byte every millisecond, for as long as it is listened to. */
export function dripping(beginning: string): Serve {
  return onRequest((socket) => {
    socket.write(beginning);
    const drops = setInterval(() => socket.write('x'), 1);
    socket.on('close', () => clearInterval(drops));
  });
}

/** Begins an answer and floods the connection with the same chunk, as fast as it is taken. */
export function flooding(beginning: string, chunk: string | Uint8Array): Serve {
  return onRequest((socket) => {
    const pour = () => {
      while (!socket.destroyed && socket.write(chunk));
    };
    socket.on('drain', pour);
    socket.write(beginning);
    pour();
  });
}

/** Writes these bytes once it is asked, and resets the connection when they have left. */
export function sayingThenResetting(bytes: string): Serve {
  return onRequest((socket) => void socket.write(bytes, () => setImmediate(() => socket.resetAndDestroy())));
}

export const closing: Serve = onRequest((socket) => void socket.end());
export const resetting: Serve = onRequest((socket) => void socket.resetAndDestroy());
export const hanging: Serve = (socket) => void socket.resume();

/** 64 MiB of zeros in about 64 KiB. */
export function gzipBomb(): Serve {
  const packed = gzipSync(Buffer.alloc(64 * 1024 * 1024));
  const head = `HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: ${packed.length}\r\n\r\n`;
  return onRequest((socket) => {
    socket.write(head);
    socket.write(packed);
  });
}

export type CertificateName = 'valid' | 'expired' | 'other-name' | 'self-signed';

const certificateUrl = (name: string) => new URL(`./certificates/${name}.pem`, import.meta.url);
const pem = (name: string) => readFileSync(certificateUrl(name), 'utf8');

/** The authority that has signed all but the self-signed one. */
export const AUTHORITY = certificateUrl('authority');

/** The same over TLS; `onServerName` is told which name the client asked for. */
export function overTls(
  certificate: CertificateName,
  serve: Serve,
  onServerName: (name: string) => void = () => {},
): Serve {
  const options = { isServer: true, key: pem('key'), cert: pem(certificate) };
  return (socket) => {
    const secured = new TLSSocket(socket, {
      ...options,
      SNICallback: (name, done) => {
        onServerName(name);
        done(null);
      },
    });
    secured.on('error', () => socket.destroy());
    serve(secured);
  };
}

/** A listener that accepts no connection. */
export interface DeafListener {
  readonly place: Place;
  readonly stop: () => Promise<void>;
}

/** Listens with a queue of one and then blocks its thread: a connection that comes when the queue is full gets no reply. */
export async function deafListener(): Promise<DeafListener> {
  const lock = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(
    `const { workerData, parentPort } = require('node:worker_threads');
     const server = require('node:net').createServer().listen(
       { port: 0, host: '127.0.0.1', backlog: 1 },
       () => { parentPort.postMessage(server.address().port); Atomics.wait(workerData, 0, 0); process.exit(); },
     );`,
    { eval: true, workerData: lock },
  );
  const port = await new Promise<number>((resolve, reject) => {
    worker.once('message', resolve).once('error', reject);
  });
  const stop = async () => {
    const exited = new Promise((resolve) => worker.once('exit', resolve));
    Atomics.store(lock, 0, 1);
    Atomics.notify(lock, 0);
    await exited;
  };
  return { place: { address: '127.0.0.1', port }, stop };
}
