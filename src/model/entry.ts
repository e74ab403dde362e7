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
  return recordSets.flatMap((recordSet) => {
    const name = normalizeName(recordSet.Name);
    return printedValues(recordSet).map((value) => ({
      recordSet,
      name,
      type: recordSet.Type,
      setIdentifier: recordSet.SetIdentifier,
      value,
    }));
  });
}

function printedValues(set: RecordSet): readonly string[] {
  return set.AliasTarget === undefined ? valuesOf(set) : [`ALIAS ${set.AliasTarget.DNSName ?? ''}`];
}

/**
 * The entries in Route 53's own listing order: name by labels from the right, type, set identifier,
 * then value. Whatever order they came in, the same entries give the same plan.
 */
export function sortEntries(entries: readonly Entry[]): readonly Entry[] {
  return entries
    .map((entry) => ({ entry, key: sortKey(entry) }))
    .toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ entry }) => entry);
}

/** Below every character a name can hold, so that a shorter key sorts before its extensions. */
const SEPARATOR = '\u0001';

/** Route 53 compares names from the right with their dots: `a-b.` comes before `a.`. */
function sortKey({ name, type, setIdentifier, value }: Entry): string {
  const reversed = `${name.split('.').toReversed().join('.')}.`;
  return [reversed, type, setIdentifier ?? '', value].join(SEPARATOR);
}
