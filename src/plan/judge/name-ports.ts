import type { Inventory } from '../../model/inventory.ts';
import { canonicalAddress } from '../../model/ip-address.ts';

/**
 * Where an address is asked that no known task has, of a name (normalised): at the lowest TCP port of the SRV entries that
 * lead there (`listed`, by address), which are asked as well, or else of the tasks of the name with an interface, those
 * that have ended included. `undefined` where there is no such port.
 */
export function portByName(
  { endpoints }: Inventory,
  zoneName: string,
  listed: ReadonlyMap<string, number>,
): (name: string, address: string) => number | undefined {
  const lowest = new Map<string, number>();
  for (const { protocol, port, container } of endpoints) {
    const { addressName, networkInterface } = container;
    if (protocol !== 'tcp' || addressName === undefined || networkInterface === undefined) continue;
    const name = `${addressName}.${zoneName}`;
    lowest.set(name, Math.min(port, lowest.get(name) ?? port));
  }
  return (name, address) => listed.get(String(canonicalAddress(address))) ?? lowest.get(name);
}
