import { isBelow, normalizeName } from '../../model/dns-name.ts';
import type { Entry } from '../../model/entry.ts';

/** Whether an entry is one of those that a selector means. */
export type Selection = (entry: Pick<Entry, 'name' | 'setIdentifier'>) => boolean;

/**
 * The entries of a name, in any case, absolute or relative to the zone (its name normalised); or those of
 * a set identifier, which has to be exact. Sets are selected whole: all of their values, or none.
 */
export function selectionOf(written: string, zoneName: string): Selection {
  const name = normalizeName(written);
  const absolute = name === zoneName || isBelow(name, zoneName) ? name : `${name}.${zoneName}`;
  return (entry) => entry.name === absolute || entry.setIdentifier === written;
}
