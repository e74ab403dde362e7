import { normalizeName } from './dns-name.ts';
import { type RecordSet, recordSetKey, valuesOf } from './record-set.ts';

/** One value of one record set: the unit that gets a verdict. `name` is normalised. */
export interface Entry {
  readonly recordSet: RecordSet;
  readonly name: string;
  readonly type: string;
  readonly setIdentifier: string | undefined;
  readonly value: string;
}

/** What makes an entry the one and only in its zone: its set, and its value in it. */
export function entryKey({ recordSet, value }: Pick<Entry, 'recordSet' | 'value'>): string {
  return `${recordSetKey(recordSet)} ${value}`;
}

/**
 * One entry a value, in the order of the sets and of the values in them. An alias set has no values
 * of its own and yields one entry that names its target, so that no set is left out of the report.
 */
export function entriesOf(recordSets: readonly RecordSet[]): readonly Entry[] {
  const entries: Entry[] = [];
  let [raw, name] = ['', ''];
  for (const recordSet of recordSets) {
    // Weighted sets of one name stand in a row; all of them share one string.
    if (recordSet.Name !== raw) [raw, name] = [recordSet.Name, normalizeName(recordSet.Name)];
    const { Type: type, SetIdentifier: setIdentifier, AliasTarget: alias } = recordSet;
    const values = alias === undefined ? valuesOf(recordSet) : [`ALIAS ${alias.DNSName ?? ''}`];
    for (const value of values) entries.push({ recordSet, name, type, setIdentifier, value });
  }
  return entries;
}

/**
 * The entries in Route 53's own listing order: name by labels from the right, type, set identifier,
 * then value. Whatever order they came in, the same entries give the same plan.
 */
export function sortEntries(entries: readonly Entry[]): readonly Entry[] {
  const reversed = reverser();
  return entries.toSorted(
    (a, b) =>
      (a.name === b.name ? 0 : compare(reversed(a.name), reversed(b.name))) ||
      compare(a.type, b.type) ||
      compare(a.setIdentifier ?? '', b.setIdentifier ?? '') ||
      compare(a.value, b.value),
  );
}

/** Route 53 compares names from the right with their dots: `a-b.` comes before `a.`. */
function reverser(): (name: string) => string {
  const known = new Map<string, string>();
  return (name) => {
    const reversed = known.get(name) ?? `${name.split('.').toReversed().join('.')}.`;
    known.set(name, reversed);
    return reversed;
  };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
