import type { Inventory, TaskInterface } from '../../model/inventory.ts';
import { canonicalAddress } from '../../model/ip-address.ts';
import { Multimap } from '../../model/multimap.ts';

/**
 * Where an address is asked that no known task has, of a name (normalised): at the lowest TCP port of the tasks of the
 * name with an interface, those that have ended included. `undefined` where none has such a port, or where a known task
 * has the address: whatever answers there is that one.
 */
export function portByName({ endpoints, containers }: Inventory, zoneName: string) {
  const ports = new Multimap<string, number>();
  for (const { protocol, port, container } of endpoints) {
    const { addressName, networkInterface } = container;
    if (protocol === 'tcp' && addressName !== undefined && networkInterface !== undefined)
      ports.add(`${addressName}.${zoneName}`, port);
  }
  const there = containers.filter(({ phase }) => phase !== 'stopped');
  const taken = new Set(there.flatMap(({ networkInterface }) => addressesIn(networkInterface)));
  return (name: string, address: string): number | undefined => {
    const own = ports.get(name);
    return own.length === 0 || taken.has(canonicalAddress(address)) ? undefined : Math.min(...own);
  };
}

function addressesIn({ address, ipv6 }: Partial<TaskInterface> = {}): readonly (string | undefined)[] {
  return [address, ipv6].flatMap((one) => (one === undefined ? [] : [canonicalAddress(one)]));
}
