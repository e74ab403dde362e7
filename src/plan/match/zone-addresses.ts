import { firstLabel, isAddress, isBelow, normalizeName, parentDomain } from '../../model/dns-name.ts';
import { canonicalAddress } from '../../model/ip-address.ts';
import { Multimap } from '../../model/multimap.ts';
import { addressInName, isEc2Name } from '../../model/private-dns-name.ts';
import { type RecordSet, valuesOf } from '../../model/record-set.ts';
import { isHostName } from '../../model/set-identifier.ts';
import { type LeadsTo, onwardNames } from './onward-names.ts';

/** The zone's own addresses: what a target below the zone leads to, and where agents say that their hosts are. */
export interface ZoneAddresses {
  /** Those of a name (normalised). */
  readonly at: (name: string) => readonly AddressSet[];
  /** The hosts whose A sets have an address, as the sets spell it. */
  readonly hostsAt: (address: string) => readonly string[];
  /** Those of IPv6 (canonical), of a name that has no A records. */
  readonly ipv6At: (name: string) => readonly string[];
  readonly leadsTo: LeadsTo;
}

/** One A set, and the host (normalised) that it is identified by, if it is. */
export interface AddressSet {
  readonly addresses: readonly string[];
  readonly hostName: string | undefined;
}

/** Collects the A records of a zone, and the AAAA records of names without any. */
export function zoneAddresses(recordSets: readonly RecordSet[]): ZoneAddresses {
  const byName = new Multimap<string, AddressSet>();
  const byAddress = new Multimap<string, string>();
  const longs = new Multimap<string, string>();
  for (const set of recordSets) {
    for (const value of set.Type === 'AAAA' ? valuesOf(set) : []) {
      longs.add(normalizeName(set.Name), canonicalAddress(value) ?? value);
    }
    if (set.Type !== 'A') continue;
    const identifier = normalizeName(set.SetIdentifier ?? '');
    const hostName = isHostName(identifier) ? identifier : undefined;
    const addresses = valuesOf(set);
    byName.add(normalizeName(set.Name), { addresses, hostName });
    if (hostName === undefined) continue;
    for (const address of addresses) byAddress.add(address, hostName);
  }
  return {
    at: (name) => byName.get(name),
    hostsAt: (address) => byAddress.get(address),
    ipv6At: (name) => (byName.has(name) ? [] : longs.get(name)),
    leadsTo: onwardNames(recordSets),
  };
}

/**
 * Every name and address under which the inventory may know an SRV target (normalised).
 *
 * | target                          | known as                                                        |
 * |---------------------------------|-----------------------------------------------------------------|
 * | below the zone, with A records  | their addresses, and the host names that identify them          |
 * | one label below the zone, none  | the label: the agents name a host's A record after it           |
 * | … with AAAA records             | their addresses, too                                            |
 * | a name that EC2 gives out       | itself                                                          |
 * | any other name of a host        | itself, and the address that the host's own A set has, if it is |
 * |                                 | that of no other host                                           |
 */
export function aliasesOf(target: string, zoneName: string, zone: ZoneAddresses): readonly string[] {
  if (!isBelow(target, zoneName)) {
    const address = hostAddressIn(target, zoneName, zone);
    return address === undefined ? [target] : [target, address];
  }
  const known = zone.at(target);
  const hostNames = known.flatMap(({ hostName }) => hostName ?? []);
  if (known.length > 0) return [...known.flatMap(({ addresses }) => addresses), ...hostNames];
  return [parentDomain(target) === zoneName ? firstLabel(target) : target, ...zone.ipv6At(target)];
}

/** The host that the A sets of a name of the zone are identified by; `undefined` for none, or several. */
export function hostNameIn(name: string, zone: ZoneAddresses): string | undefined {
  const hostNames = zone.at(name).flatMap(({ hostName }) => hostName ?? []);
  return onlyOne(hostNames.filter((host) => firstLabel(host) === firstLabel(name)));
}

/** The address that a target is, or that the zone gives it or its host's own A record, if it gives just one. */
export function zoneAddressOf(target: string, zoneName: string, zone: ZoneAddresses): string | undefined {
  if (isAddress(target)) return target;
  const name = isBelow(target, zoneName) ? target : `${firstLabel(target)}.${zoneName}`;
  const sets = name === target ? zone.at(name) : setsOfHost(target, zoneName, zone);
  return onlyOne([...sets.flatMap(({ addresses }) => addresses), ...zone.ipv6At(name)]);
}

/**
 * The address (canonical) of a host that only its name tells: by the zone, or else by an `ip-…` name itself. None
 * where the zone gives several, or gives it to another host, too.
 */
export function statedAddressOf(target: string, zoneName: string, zone: ZoneAddresses): string | undefined {
  const isOfAgent = !isBelow(target, zoneName) && setsOfAgent(target, zoneName, zone).length > 0;
  const stated = isOfAgent
    ? hostAddressIn(target, zoneName, zone)
    : (zoneAddressOf(target, zoneName, zone) ?? addressInName(target));
  return canonicalAddress(stated ?? '');
}

/**
 * The address that a host's own A set has. The set may be out of date, and the address another's by now: where
 * the A set of another host has it, too, nothing is said.
 */
function hostAddressIn(target: string, zoneName: string, zone: ZoneAddresses): string | undefined {
  const sets = setsOfAgent(target, zoneName, zone);
  const address = onlyOne(sets.flatMap(({ addresses }) => addresses));
  if (address === undefined || addressInName(target) === address) return address;
  const isOthers = (host: string) => !isOneHost(host, target) && addressInName(host) !== address;
  return zone.hostsAt(address).some(isOthers) ? undefined : address;
}

/** Those of hosts whose names EC2 does not give out: one that it does says itself where the host is, and in which region. */
function setsOfAgent(target: string, zoneName: string, zone: ZoneAddresses): readonly AddressSet[] {
  if (isAddress(target) || isEc2Name(target)) return [];
  return setsOfHost(target, zoneName, zone).filter(({ hostName = '' }) => !isEc2Name(hostName));
}

/** The A sets that an agent wrote for a host outside the zone: by its label, identified by its name. */
function setsOfHost(target: string, zoneName: string, zone: ZoneAddresses): readonly AddressSet[] {
  const sets = zone.at(`${firstLabel(target)}.${zoneName}`);
  return sets.filter(({ hostName }) => hostName !== undefined && isOneHost(hostName, target));
}

/** Whether two names of one label are those of one host: a bare label stands for it in any domain. */
function isOneHost(hostName: string, target: string): boolean {
  return hostName === target || (parentDomain(target) === '' && firstLabel(hostName) === target);
}

function onlyOne(values: readonly string[]): string | undefined {
  const distinct = new Set(values);
  return distinct.size === 1 ? [...distinct][0] : undefined;
}
