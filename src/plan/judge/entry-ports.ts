import { type RecordSet, valuesOf } from '../../model/record-set.ts';
import { parseSrvValue } from '../../model/srv-value.ts';

/** The lowest TCP port of the SRV entries that lead to an address (canonical). `addressOf` says where a target is. */
export function lowestPortOfEntries(
  recordSets: readonly RecordSet[],
  addressOf: (target: string) => string | undefined,
): ReadonlyMap<string, number> {
  const lowest = new Map<string, number>();
  const sets = recordSets.filter(({ Type, Name }) => Type === 'SRV' && !Name.includes('._udp'));
  for (const { target, port } of sets.flatMap(valuesOf).flatMap((value) => parseSrvValue(value) ?? [])) {
    const address = addressOf(target);
    if (address !== undefined) lowest.set(address, Math.min(port, lowest.get(address) ?? port));
  }
  return lowest;
}
