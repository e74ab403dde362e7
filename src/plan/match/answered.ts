import type { Entry } from '../../model/entry.ts';
import { audienceOf, nameKey } from '../../model/record-set.ts';
import type { Matched } from './match-kinds.ts';

/**
 * Tells whether Route 53 answers with an entry whenever it answers with another one of its name and type: entries of
 * weight 0 only while all of them are, and those for clients in one place to no others.
 */
export function answeredRule(matched: readonly Matched[]): (entry: Entry, whenever: Entry) => boolean {
  const weighted = new Set<string>();
  for (const { entry } of matched) if ((entry.recordSet.Weight ?? 0) > 0) weighted.add(keyOf(entry));
  return ({ recordSet, ...entry }, whenever) => {
    if (audienceOf(recordSet) !== audienceOf(whenever.recordSet)) return false;
    return recordSet.Weight !== 0 || whenever.recordSet.Weight === 0 || !weighted.has(keyOf(entry));
  };
}

function keyOf({ name, type }: Pick<Entry, 'name' | 'type'>): string {
  return nameKey(name, type);
}
