import { normalizeName } from '../../src/model/dns-name.ts';
import type { RecordSet } from '../../src/model/record-set.ts';
import type { HostedZone } from '../../src/sandbox/world/hosted-zone.ts';

/** What an agent of a host knows to run there: for each container the one name and port that it has kept. */
export interface KnownContainer {
  readonly containerId: string;
  readonly name: string;
  readonly port: number;
}

/**
 * A host agent 1.4–1.6 as it starts: it writes a set for each container that it knows, and takes out every set whose
 * identifier begins with its host name and is none of them.
 */
export function startAgent(
  zone: HostedZone,
  host: string,
  address: string,
  known: readonly KnownContainer[],
): void {
  const own = [
    set(`${host.split('.')[0]}.${zone.name}`, 'A', host, address),
    ...known.map(({ containerId, name, port }) =>
      set(`${name}.${zone.name}`, 'SRV', `${host}:${containerId}`, `1 1 ${port} ${host}`),
    ),
  ];
  const keys = new Set(own.map(keyOf));
  for (const there of zone.list()) {
    if (there.SetIdentifier?.startsWith(host) === true && !keys.has(keyOf(there))) zone.records.delete(there);
  }
  for (const one of own) zone.put(one);
}

function set(Name: string, Type: string, SetIdentifier: string, Value: string): RecordSet {
  return { Name, Type, SetIdentifier, Weight: 1, TTL: 0, ResourceRecords: [{ Value }] };
}

function keyOf({ Name, Type, SetIdentifier }: RecordSet): string {
  return `${normalizeName(Name)} ${Type} ${SetIdentifier}`;
}
