import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { examineWebhook } from '../../src/doctor/examine-webhook.ts';

const NEVER = new AbortController().signal;
const AMPLE_MS = 60_000;

/** A port of loopback that takes connections, and how many it has taken, with what they said. */
async function openPort() {
  let heard = '';
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    socket.on('error', () => {});
    socket.setEncoding('utf8').on('data', (text: string) => {
      heard += text;
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()));
  return { port, close, seen: () => ({ connections, heard }) };
}

test('a host that can be reached is connected to, and told nothing', async () => {
  const { port, close, seen } = await openPort();
  onTestFinished(close);

  const result = await examineWebhook(`http://127.0.0.1:${port}/hunter2`, AMPLE_MS, NEVER);

  expect(result).toEqual({
    status: 'ok',
    detail: 'its host can be reached; whether it takes notices cannot be tried without sending one',
  });
  await expect.poll(seen).toEqual({ connections: 1, heard: '' });
});

test('one that cannot is told by its fault alone, with a remedy', async () => {
  const { port, close } = await openPort();
  await close();

  const result = await examineWebhook(`http://127.0.0.1:${port}/hunter2`, AMPLE_MS, NEVER);

  expect(result).toMatchObject({ status: 'fail', detail: 'ECONNREFUSED' });
  expect(JSON.stringify(result)).not.toMatch(/hunter2|127\.0\.0\.1/);
});

test('one that does not end its handshake is given up', async () => {
  const { port, close } = await openPort();
  onTestFinished(close);

  const result = await examineWebhook(`https://127.0.0.1:${port}/hunter2`, 1, NEVER);

  expect(result).toMatchObject({ status: 'fail', detail: 'no answer in time' });
});
