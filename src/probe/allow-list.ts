import { BlockList, isIP } from 'node:net';
import type { AddressRange } from '../model/address-range.ts';

/** An IPv4 address in IPv6 clothes counts as what it is. */
const MAPPED_IPV4 = /^::ffff:(\d{1,3}(?:\.\d{1,3}){3})$/i;

/**
 * Tells whether an address may be probed; a name never may. The list is built once, so that each look-up is a walk over
 * the ranges and nothing else. One list for each family: a single one would let an IPv6 range such as `::/0` stand for
 * all of IPv4, loopback and link-local addresses included.
 */
export function allowList(ranges: readonly AddressRange[]): (address: string) => boolean {
  const allowed = { ipv4: new BlockList(), ipv6: new BlockList() };
  for (const { address, prefixLength, family } of ranges) {
    allowed[family].addSubnet(address, prefixLength, family);
  }
  return (address) => {
    const plain = MAPPED_IPV4.exec(address)?.[1] ?? address;
    const version = isIP(plain);
    if (version === 0) return false;
    const family = version === 4 ? 'ipv4' : 'ipv6';
    return allowed[family].check(plain, family);
  };
}
