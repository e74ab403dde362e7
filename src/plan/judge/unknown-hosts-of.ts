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
    if (match.kind !== 'host-unknown') continue;
    const { hostName, address, containerId } = match;
    hosts.set(hostName, { hostName, address });
    for (const unsaid of unsaidAddresses(match)) addressOf.set(hostName, unsaid);
    const isOnInstance = containerId !== undefined && !isTaskContainerId(containerId);
    if (coverage === 'configured-clusters' || !isOnInstance) interfaceNames.add(hostName);
  }
  return {
    hosts: [...hosts.values()],
    hostNames: [...hosts.keys()],
    addressOf,
    interfaceNames: [...interfaceNames],
  };
}

/** The address of an unknown host that its name does not say. */
export function unsaidAddresses(match: Match): readonly string[] {
  if (match.kind !== 'host-unknown' || match.address === undefined) return [];
  return match.address === addressInName(match.hostName) ? [] : [match.address];
}
