/**
 * The blocks of loopback addresses, 127.N.x.y, for tests: three digits, so that what is printed of them is of one width.
 * They begin behind all that a sandbox may take, and end before what is 64 beyond the first of them.
 */
export const [FIRST_BLOCK, LAST_BLOCK] = [105, 168];

/** There is one address of IPv6. The process that has a block has a hundred ports of that, from this one on. */
export const firstPort = (block: number): number => 21_000 + 100 * (block - FIRST_BLOCK);
