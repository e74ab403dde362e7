import { hostKey } from '../../model/cluster.ts';
import { parentDomain } from '../../model/dns-name.ts';
import type { Host, Inventory } from '../../model/inventory.ts';
import { isIpv6 } from '../../model/ip-address.ts';
import { groupBy } from '../../model/multimap.ts';
import { instanceInName, nameOfAddress } from '../../model/private-dns-name.ts';
import { parseSetIdentifier } from '../../model/set-identifier.ts';
import type { Judged } from '../judge/judge-entries.ts';
import { specOf } from '../judge/rules.ts';
import { addressesOf, type HostsAt, hostIndex } from '../match/host-index.ts';

/**
 * Tells the locations of stale entries as `judge/rules.ts` has them by the kind of a match, with the machines looked
 * up: all of a private DNS name or an address, since VPCs may reuse it. Constant in the size of the fleet.
 */
export function staleLocations(inventory: Inventory) {
  const byInstance = groupBy(inventory.hosts, hostKey);
  const hostsAt = hostIndex(inventory);
  return ({ match, judgement: { entry, evidence } }: Judged) => {
    const { location, host, names = [], task, address } = specOf(match).confirm(match, entry, evidence);
    const there = location === undefined ? [] : byInstance.get(hostKey(location));
    return {
      hosts: withNamesakes(host === undefined ? there : [...there, host], hostsAt),
      names,
      tasks: task === undefined ? [] : [task],
      addresses: address === undefined ? [] : [address],
    };
  };
}

function withNamesakes(hosts: readonly Host[], hostsAt: HostsAt): readonly Host[] {
  const namesakes = hosts.flatMap((host) => [...ownNames(host), ...addressesOf(host)].flatMap(hostsAt));
  return [...new Set([...hosts, ...namesakes])];
}

/**
 * The names that a second instance may bear: VPCs reuse them, and not every cluster need be in sight. A host whose engine
 * was asked is the one that is meant.
 */
export function sharedNames(hosts: readonly Host[]): readonly string[] {
  const doubtful = hosts.filter(({ isEngineRead }) => isEngineRead !== true);
  return [...new Set(doubtful.flatMap((host) => [...ownNames(host), ...namesByAddress(host)]))];
}

/**
 * The names by which alone an entry that fails, or is drained, was matched with its container: its set identifier names
 * no container, and a second instance of the name may run the one that is meant.
 */
export function namesRelied(judged: Judged): readonly string[] {
  const host = hostRelied(judged);
  return host === undefined ? [] : sharedNames([host]);
}

/** The host by whose name alone such an entry was matched. */
export function hostRelied({ match, judgement: { entry } }: Judged): Host | undefined {
  if (match.kind !== 'endpoint' || entry.type !== 'SRV') return undefined;
  const { id, host } = match.endpoint.container;
  const named = parseSetIdentifier(entry.setIdentifier)?.containerId;
  const isNamed = named !== undefined && id?.startsWith(named) === true;
  return isNamed ? undefined : host;
}

/** An instance id is never given twice. */
function ownNames({ privateDnsName }: Host): readonly string[] {
  return privateDnsName === undefined || instanceInName(privateDnsName) !== undefined ? [] : [privateDnsName];
}

function namesByAddress(host: Host): readonly string[] {
  const { privateDnsName } = host;
  if (privateDnsName === undefined) return [];
  const ipv4 = addressesOf(host).filter((address) => !isIpv6(address));
  return ipv4.map((address) => nameOfAddress(address, parentDomain(privateDnsName)));
}
