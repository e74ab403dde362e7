import { claimFreeBlock } from '../src/sandbox/claim-block.ts';
import { FIRST_BLOCK, firstPort, LAST_BLOCK } from './loopback.ts';

/**
 * The second octet of the loopback addresses, 127.N.x.y, that this process has to itself for as long as it lives, and
 * those of 127.(N + 64) with them.
 */
export const { block: OWN_BLOCK } = await claimFreeBlock(FIRST_BLOCK, LAST_BLOCK);

/** The first of the hundred ports at ::1 that this process has to itself. */
export const OWN_PORTS = firstPort(OWN_BLOCK);
