import type { RecordSet } from '../../model/record-set.ts';
import { isWithin, namesUpwards, type ZoneView } from './name-view.ts';

/** What a zone has for a name. */
export type Found =
  /** Sets of the name, or of the wildcard that stands for it; none for a name that only has names below it. */
  | { readonly kind: 'sets'; readonly sets: readonly RecordSet[] }
  /** Name servers that the zone leaves the name to. */
  | { readonly kind: 'delegated'; readonly at: string; readonly sets: readonly RecordSet[] }
  | { readonly kind: 'no-such-name' };

/**
 * Looks a name up in the zone that answers for it. A wildcard stands for names below the closest one that exists.
 * Source: RFC 1034, section 4.3.2; RFC 4592.
 */
export function findName(zone: ZoneView, name: string): Found {
  const below = namesUpwards(name).filter((one) => one !== zone.name && isWithin(one, zone.name));
  for (const at of below.toReversed()) {
    const sets = zone.setsAt(at).filter(({ Type }) => Type === 'NS');
    if (sets.length > 0) return { kind: 'delegated', at, sets };
  }
  if (name === zone.name || zone.reaches(name)) return { kind: 'sets', sets: zone.setsAt(name) };
  const encloser = below.find((one) => zone.reaches(one)) ?? zone.name;
  const sets = zone.setsAt(`\\052.${encloser}`);
  return sets.length > 0 ? { kind: 'sets', sets } : { kind: 'no-such-name' };
}
