import type { Inventory, UnknownHost } from '../../model/inventory.ts';
import { addressInName } from '../../model/private-dns-name.ts';
import { isTaskContainerId } from '../../model/set-identifier.ts';
import type { Match, Matched } from '../match/match-kinds.ts';

/**
 * The hosts that no cluster which was read has registered, each once, and which of them may be a task's own
 * interface. With all clusters read, a container of Docker's on an unknown host can only have been on an instance; one without Docker, or one that
 * no entry names, may be on the network interface of a task that ECS does not own up to.
 */
export function unknownHostsOf(matched: readonly Matched[], coverage: Inventory['coverage']) {
  const hosts = new Map<string, UnknownHost>();
  const interfaceNames = new Set<string>();
  const addressOf = new Map<string, string>();
  for (const { match } of matched) {
    const host = unknownHostOf(match);
    if (host === undefined) continue;
    const { hostName } = host;
    hosts.set(hostName, host);
    for (const unsaid of unsaidAddresses(match)) addressOf.set(hostName, unsaid);
    if (match.kind !== 'host-unknown') continue;
    const { containerId } = match;
    const isOnInstance = containerId !== undefined && !isTaskContainerId(containerId);
    if (coverage !== 'all-clusters' || !isOnInstance) interfaceNames.add(hostName);
  }
  return {
    hosts: [...hosts.values()],
    hostNames: [...hosts.keys()],
    addressOf,
    interfaceNames: [...interfaceNames],
  };
}

/**
 * What no cluster that was read has registered. An address that another tool has written is such a host, too, which bears
 * no other name.
 */
export function unknownHostOf(match: Match): UnknownHost | undefined {
  if (match.kind === 'host-unknown') return { hostName: match.hostName, address: match.address };
  if (match.kind !== 'address-unassigned' || match.isUncertain !== true) return undefined;
  return { hostName: match.address, address: match.address };
}

/** The address of an unknown host that its name does not say. */
export function unsaidAddresses(match: Match): readonly string[] {
  const { hostName = '', address } = unknownHostOf(match) ?? {};
  return address === undefined || address === addressInName(hostName) ? [] : [address];
}
