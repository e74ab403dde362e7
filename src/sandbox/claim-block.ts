import { createServer } from 'node:net';

/** The second octets to try, so that several sandboxes can be open on one machine; what is 64 further on goes with each. */
export const FIRST_BLOCK = 16;
export const LAST_BLOCK = 40;

/** No machine and no task has this address. */
const LAST_OCTETS = '255.254';
/** None at which a worker, or a server of another kind, is likely to listen at all addresses: that would take every block. */
export const CLAIM_PORT = 29_797;

/**
 * Takes a block of loopback addresses, 127.N.x.y, for one sandbox alone, until what it resolves with is called. In a
 * block that two have, what is not to answer in one would answer from the other, whose ports need not be in its way.
 *
 * Rejects with `EADDRINUSE` where another sandbox has the block.
 */
export async function claimBlock(block: number): Promise<() => Promise<void>> {
  const server = createServer((socket) => socket.destroy()).unref();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(CLAIM_PORT, `127.${block}.${LAST_OCTETS}`, resolve);
  });
  return () => new Promise((resolve) => server.close(() => resolve()));
}

/** A block of loopback addresses that its holder has alone until it is released, or the process ends. */
export interface ClaimedBlock {
  readonly block: number;
  readonly release: () => Promise<void>;
}

/** Takes the first block of a range that is free; rejects with `EADDRINUSE` where none is. */
export async function claimFreeBlock(first = FIRST_BLOCK, last = LAST_BLOCK): Promise<ClaimedBlock> {
  for (let block = first; ; block++) {
    try {
      return { block, release: await claimBlock(block) };
    } catch (error) {
      if (block === last || Reflect.get(Object(error), 'code') !== 'EADDRINUSE') throw error;
    }
  }
}
