import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import process from 'node:process';
import { expect, onTestFinished, test } from 'vitest';
import { CLAIM_PORT, claimBlock, claimFreeBlock } from '../../src/sandbox/claim-block.ts';
import { firstPort, LAST_BLOCK } from '../loopback.ts';
import { OWN_BLOCK, OWN_PORTS } from '../own-block.ts';

/** Blocks that are asked for here alone, and given back at once. */
const [FIRST, LAST] = [241, 254];

/** Claims until the test is over what another process with this test may have for a moment. */
async function claimSoon(block: number): Promise<void> {
  await expect
    .poll(async () => {
      onTestFinished(await claimBlock(block));
      return 'claimed';
    })
    .toBe('claimed');
}

/** What becomes of a server that is to listen there. */
async function listenAt(host: string, port: number): Promise<'listens'> {
  const server = createServer();
  onTestFinished(() => void server.close());
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, host, resolve);
  });
  return 'listens';
}

const CLAIM = `
  const { createServer } = require('node:net');
  const claim = (block) => createServer()
    .once('error', () => claim(block + 1))
    .listen(${CLAIM_PORT}, '127.' + block + '.255.254', () => console.log(block));
  claim(${FIRST});
`;

/** A process of its own that has a block until it is killed. */
async function newHolder() {
  const child = spawn(process.execPath, ['-e', CLAIM], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  const kill = async () => {
    child.kill('SIGKILL');
    await ended;
  };
  onTestFinished(kill);
  const [block] = await once(child.stdout, 'data');
  return { block: Number(block), kill };
}

test('a block has one holder, and is free once it is released', async () => {
  const { block, release } = await claimFreeBlock(FIRST, LAST);
  await expect(claimBlock(block)).rejects.toThrow('EADDRINUSE');
  await expect(claimFreeBlock(block, block)).rejects.toThrow('EADDRINUSE');
  const another = await claimFreeBlock(FIRST, LAST);
  onTestFinished(another.release);
  expect(another.block).not.toBe(block);

  await release();

  await claimSoon(block);
});

test('a block is free again once the process that had it was killed', async () => {
  const holder = await newHolder();
  await expect(claimBlock(holder.block)).rejects.toThrow('EADDRINUSE');

  await holder.kill();

  await claimSoon(holder.block);
});

test.each([
  ['127.0.0.1', 0],
  [`127.${OWN_BLOCK}.0.1`, 8080],
  [`127.${OWN_BLOCK + 64}.250.1`, 8080],
  ['::1', 0],
  ['::1', OWN_PORTS + 99],
])('a test may listen at %s, port %i', async (host, port) => {
  expect(await listenAt(host, port)).toBe('listens');
});

test.each([
  ['127.60.0.1', 0],
  [`127.${LAST_BLOCK + 1 + 64}.0.1`, 8080],
  ['::1', firstPort(LAST_BLOCK + 1)],
])('a test may not listen at %s, port %i, of which its process has claimed nothing', async (host, port) => {
  await expect(listenAt(host, port)).rejects.toThrow(`this process has not claimed ${host}, port ${port}`);
});

test('a test may listen in a block that it claims for itself, until it is released', async () => {
  const { block, release } = await claimFreeBlock(FIRST, LAST);
  expect(await listenAt(`127.${block}.0.1`, 8080)).toBe('listens');

  await release();

  await expect(listenAt(`127.${block}.0.2`, 8080)).rejects.toThrow('has not claimed');
});
