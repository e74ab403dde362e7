import { firstLabel, normalizeName } from '../../model/dns-name.ts';
import type { Container, Host, Inventory } from '../../model/inventory.ts';
import { Multimap } from '../../model/multimap.ts';
import { isEc2Name } from '../../model/private-dns-name.ts';
import { type RecordSet, valuesOf } from '../../model/record-set.ts';
import { isHostName } from '../../model/set-identifier.ts';

/** How the zone spells the name of the host at whose address a container is; `undefined` where EC2's name holds. */
export type HostSpelling = (container: Container) => string | undefined;

export const EC2_SPELLING: HostSpelling = () => undefined;

/**
 * Tells the spelling of the A sets that agents with a host name of their own have written, to the letter: an agent
 * takes a set that begins with its host name for its own. Where several such names have the address, or several hosts,
 * EC2's name holds.
 */
export function zoneSpelling(
  recordSets: readonly RecordSet[],
  zoneName: string,
  { hosts }: Inventory,
): HostSpelling {
  const spelled = new Multimap<string, string>();
  for (const set of recordSets) {
    const name = agentNameOf(set, zoneName);
    if (name === undefined) continue;
    for (const address of valuesOf(set)) spelled.add(address, name);
  }
  const holders = new Multimap<string | undefined, Host>();
  for (const host of hosts) holders.add(host.address, host);
  return ({ host, networkInterface }) => {
    if (networkInterface !== undefined || host?.address === undefined) return undefined;
    const instances = new Set(holders.get(host.address).map(({ instanceId }) => instanceId));
    const [name, ...others] = new Set(spelled.get(host.address));
    return instances.size === 1 && others.length === 0 ? name : undefined;
  };
}

/** The name of a host, as an agent's weighted A set of it is identified; not one that EC2 gives out. */
function agentNameOf({ Name, Type, Weight, SetIdentifier }: RecordSet, zoneName: string): string | undefined {
  if (Type !== 'A' || Weight === undefined || SetIdentifier === undefined) return undefined;
  const hostName = normalizeName(SetIdentifier);
  const isAgents = isHostName(hostName) && normalizeName(Name) === `${firstLabel(hostName)}.${zoneName}`;
  return isAgents && !isEc2Name(hostName) ? SetIdentifier : undefined;
}
