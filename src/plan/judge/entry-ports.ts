import { Multimap } from '../../model/multimap.ts';
import { type RecordSet, valuesOf } from '../../model/record-set.ts';
import { parseSrvValue } from '../../model/srv-value.ts';

/** The TCP ports of the SRV entries that lead to an address (canonical). `addressOf` says where a target is. */
export function portsOfEntries(
  recordSets: readonly RecordSet[],
  addressOf: (target: string) => string | undefined,
): (address: string) => readonly number[] {
  const ports = new Multimap<string, number>();
  const sets = recordSets.filter(({ Type, Name }) => Type === 'SRV' && !Name.includes('._udp'));
  for (const { target, port } of sets.flatMap(valuesOf).flatMap((value) => parseSrvValue(value) ?? [])) {
    const address = addressOf(target);
    if (address !== undefined) ports.add(address, port);
  }
  return (address) => ports.get(address);
}
