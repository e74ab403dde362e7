import { firstLabel, isAddress, isBelow, normalizeName, parentDomain } from '../../model/dns-name.ts';
import { canonicalAddress } from '../../model/ip-address.ts';
import { Multimap } from '../../model/multimap.ts';
import { addressInName } from '../../model/private-dns-name.ts';
import { type RecordSet, valuesOf } from '../../model/record-set.ts';
import { isHostName } from '../../model/set-identifier.ts';

/** The zone's own addresses, by normalised name: what a target below the zone leads to. */
export type ZoneAddresses = ReadonlyMap<string, ZoneAddress>;

/** The addresses of one name, and the hosts that its sets are identified by. */
interface ZoneAddress {
  /** Of IPv4. */
  readonly addresses: readonly string[];
  readonly hostNames: readonly string[];
  /** Of IPv6 (canonical), of a name that has no A records. */
  readonly ipv6?: readonly string[];
}

/** Collects the A records of a zone, and the AAAA records of names without any. */
export function zoneAddresses(recordSets: readonly RecordSet[]): ZoneAddresses {
  const byName = new Map<string, ZoneAddress>();
  for (const set of recordSets) {
    if (set.Type !== 'A') continue;
    const name = normalizeName(set.Name);
    const known = byName.get(name);
    const hostName = normalizeName(set.SetIdentifier ?? '');
    byName.set(name, {
      addresses: [...(known?.addresses ?? []), ...valuesOf(set)],
      hostNames: [...(known?.hostNames ?? []), ...(isHostName(hostName) ? [hostName] : [])],
    });
  }
  const longs = new Multimap<string, string>();
  for (const set of recordSets) {
    const name = normalizeName(set.Name);
    if (set.Type !== 'AAAA' || byName.has(name)) continue;
    for (const value of valuesOf(set)) longs.add(name, canonicalAddress(value) ?? value);
  }
  for (const [name, ipv6] of longs) byName.set(name, { addresses: [], hostNames: [], ipv6 });
  return byName;
}

/**
 * Every name and address under which the inventory may know an SRV target (normalised).
 *
 * | target                          | known as                                                  |
 * |---------------------------------|-----------------------------------------------------------|
 * | below the zone, with A records  | their addresses, and the host names that identify them     |
 * | one label below the zone, none  | the label: the agents name a host's A record after it      |
 * | … with AAAA records             | their addresses, too                                      |
 * | one label                       | the label                                                 |
 * | anything else                   | itself                                                    |
 */
export function aliasesOf(target: string, zoneName: string, zone: ZoneAddresses): readonly string[] {
  if (!isBelow(target, zoneName)) return [target];
  const known = zone.get(target);
  if (known !== undefined && known.ipv6 === undefined) return [...known.addresses, ...known.hostNames];
  const itself = parentDomain(target) === zoneName ? firstLabel(target) : target;
  return [itself, ...(known?.ipv6 ?? [])];
}

/** The host that the A sets of a name of the zone are identified by; `undefined` for none, or several. */
export function hostNameIn(name: string, zone: ZoneAddresses): string | undefined {
  const hostNames = new Set(
    zone.get(name)?.hostNames.filter((host) => firstLabel(host) === firstLabel(name)),
  );
  return hostNames.size === 1 ? [...hostNames][0] : undefined;
}

/** The address that a target is, or that the zone gives it or its host's own A record, if it gives just one. */
export function zoneAddressOf(target: string, zoneName: string, zone: ZoneAddresses): string | undefined {
  if (isAddress(target)) return target;
  const name = isBelow(target, zoneName) ? target : `${firstLabel(target)}.${zoneName}`;
  const known = zone.get(name);
  const addresses = new Set(known?.ipv6 ?? known?.addresses);
  return addresses.size === 1 ? [...addresses][0] : undefined;
}

/** The address (canonical) of a host that only its name tells: by the zone, or else by an `ip-…` name itself. */
export function statedAddressOf(target: string, zoneName: string, zone: ZoneAddresses): string | undefined {
  return canonicalAddress(zoneAddressOf(target, zoneName, zone) ?? addressInName(target) ?? '');
}
