import type { Inventory } from '../../model/inventory.ts';
import { canonicalAddress } from '../../model/ip-address.ts';
import { Multimap } from '../../model/multimap.ts';

/**
 * Where an address is asked that no known task has, of a name (normalised): at the lowest TCP port of the SRV entries that
 * lead there (`listed`), which are asked as well, or else of the tasks of the name with an interface, those that have
 * ended included. `undefined` where there is no such port.
 */
export function portByName(
  { endpoints }: Inventory,
  zoneName: string,
  listed: (address: string) => readonly number[],
) {
  const ports = new Multimap<string, number>();
  for (const { protocol, port, container } of endpoints) {
    const { addressName, networkInterface } = container;
    if (protocol === 'tcp' && addressName !== undefined && networkInterface !== undefined)
      ports.add(`${addressName}.${zoneName}`, port);
  }
  return (name: string, address: string): number | undefined => {
    const place = String(canonicalAddress(address));
    const own = [listed(place), ports.get(name)].find(({ length }) => length > 0);
    return own === undefined ? undefined : Math.min(...own);
  };
}
