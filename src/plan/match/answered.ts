import type { Entry } from '../../model/entry.ts';
import { nameKey } from '../../model/record-set.ts';
import type { Matched } from './match-kinds.ts';

/** Tells the entries that Route 53 answers with: those of weight 0 only while all of their name and type are. */
export function answeredRule(matched: readonly Matched[]): (entry: Entry) => boolean {
  const weighted = new Set<string>();
  for (const { entry } of matched) if ((entry.recordSet.Weight ?? 0) > 0) weighted.add(keyOf(entry));
  return (entry) => entry.recordSet.Weight !== 0 || !weighted.has(keyOf(entry));
}

function keyOf({ name, type }: Entry): string {
  return nameKey(name, type);
}
