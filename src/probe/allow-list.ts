import { BlockList, isIP, SocketAddress } from 'node:net';
import type { AddressRange } from '../model/address-range.ts';
import { canonicalAddress, carriedIpv4, mappedIpv4 } from '../model/ip-address.ts';
import { familyOf, isNeverProbed } from './never-probed.ts';

/**
 * Tells whether an address may be probed; a name never may, nor an address with a zone or in a spelling that two
 * systems read differently. The list is built once, so that each look-up is a walk over the ranges and nothing else.
 * One list for each family: a single one would let an IPv6 range such as `::/0` stand for all of IPv4, loopback
 * included.
 */
export function allowList(ranges: readonly AddressRange[]): (address: string) => boolean {
  const allowed = { ipv4: new BlockList(), ipv6: new BlockList() };
  for (const { address, prefixLength, family } of ranges) {
    allowed[family].addSubnet(address, prefixLength, family);
  }
  return (address) => {
    const canonical = isIP(address) === 0 ? undefined : canonicalAddress(address);
    if (canonical === undefined || carriedIpv4(canonical).some((carried) => isNeverProbed(parsed(carried))))
      return false;
    // An IPv4 address in IPv6 clothes counts as what it is. It is parsed once for both lists.
    const plain = parsed(mappedIpv4(canonical) ?? canonical);
    return !isNeverProbed(plain) && allowed[plain.family].check(plain);
  };
}

function parsed(address: string): SocketAddress {
  return new SocketAddress({ address, family: familyOf(address) });
}
