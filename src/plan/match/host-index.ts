import { firstLabel, parentDomain } from '../../model/dns-name.ts';
import type { Host, Inventory } from '../../model/inventory.ts';
import { canonicalAddress } from '../../model/ip-address.ts';
import { Multimap } from '../../model/multimap.ts';
import { addressInName, domainOfRegion } from '../../model/private-dns-name.ts';

/** Tells the hosts that a name (normalised) or an address may lead to; several where VPCs reuse it. */
export type HostsAt = (nameOrAddress: string) => readonly Host[];

/**
 * A host is known by every name that AWS answers for it, and by all of its addresses.
 *
 * | name                             | in which domain                                                   |
 * |----------------------------------|-------------------------------------------------------------------|
 * | the one that EC2 calls it by     | its own; or the first label alone                                 |
 * | `ip-…`, made of an address of it | that of the region, or of its own name, or of `hosts.domains`; or |
 * |                                  | no domain                                                         |
 * | `i-…`, its instance id           | any: an id is never given twice                                   |
 */
export function hostIndex({ hosts, region, hostDomains = [] }: Inventory): HostsAt {
  const byName = new Multimap<string, Host>();
  const byAddress = new Multimap<string, Host>();
  for (const host of hosts) {
    for (const label of new Set([...namesOf(host), host.instanceId])) byName.add(label, host);
    for (const address of addressesOf(host)) byAddress.add(address, host);
  }
  const domains = new Set(['', domainOfRegion(region), ...hostDomains]);
  return (nameOrAddress) => {
    const address = canonicalAddress(nameOrAddress);
    if (address !== undefined) return byAddress.get(address);
    const domain = parentDomain(nameOrAddress);
    const isOf = ({ privateDnsName = '' }: Host) =>
      domains.has(domain) || parentDomain(privateDnsName) === domain;
    const label = firstLabel(nameOrAddress);
    const named = [...byName.get(nameOrAddress), ...(label.startsWith('i-') ? byName.get(label) : [])];
    const inName = addressInName(nameOrAddress);
    const addressed = inName === undefined ? [] : byAddress.get(inName).filter(isOf);
    return named.length + addressed.length < 2
      ? [...named, ...addressed]
      : [...new Set([...named, ...addressed])];
  };
}

function namesOf({ privateDnsName }: Host): readonly string[] {
  return privateDnsName === undefined ? [] : [privateDnsName, firstLabel(privateDnsName)];
}

/** All addresses of a host, canonical. */
export function addressesOf({ address, secondaryAddresses }: Host): readonly string[] {
  const written = address === undefined ? secondaryAddresses : [address, ...secondaryAddresses];
  return written.flatMap((one) => canonicalAddress(one) ?? []);
}
