import { entriesOf, entryKey } from '../../model/entry.ts';
import type { Manage } from '../../model/manage.ts';
import type { RecordSet } from '../../model/record-set.ts';
import type { DesiredRecord, Withheld } from '../../model/registration.ts';
import { zip } from '../../model/zip.ts';
import { matchEntries } from '../match/match-entries.ts';
import type { Matched } from '../match/match-kinds.ts';
import { desiredAddresses } from './desired-addresses.ts';
import type { RecordForm } from './desired-context.ts';
import { type DesiredInput, placeKey } from './desired-context.ts';
import { desiredServices } from './desired-services.ts';
import { indexZone, isMultiValue } from './zone-index.ts';

/** A desired record with what it would lead to, were it in the zone. */
export interface Drafted {
  readonly desired: DesiredRecord;
  readonly matched: Matched;
}

/** Everything that ought to be in the zone and is not. */
export interface DesiredRecords {
  readonly desired: readonly Drafted[];
  /** What can never be, as things are, however healthy it is. */
  readonly withheld: readonly Withheld[];
  /** By `entryKey`: what a value of a merged set would be on its own. */
  readonly singleValueSets: ReadonlyMap<string, RecordSet>;
  /** By `entryKey`: what services ask of the records that are there already; only to correct them. */
  readonly overrides: ReadonlyMap<string, RecordForm>;
}

/**
 * Makes the desired records, and matches them as if they stood in the zone: what is registered is judged
 * by the very rules by which the next run judges it, so that no run takes out what another has put in.
 */
export function desiredRecordsOf(input: DesiredInput & { readonly manage: Manage }): DesiredRecords {
  const context = { ...input, zone: indexZone(input.recordSets) };
  const [services, addresses] = [desiredServices(context), desiredAddresses(context)];
  const desiredRecords = [...services.desiredRecords, ...addresses.desiredRecords];
  const sets = desiredRecords.map(({ recordSet }) => recordSet);
  const matched = matchEntries({
    ...input,
    recordSets: [...input.recordSets, ...sets],
    entries: entriesOf(sets),
  });
  const desired = zip(desiredRecords, matched).map(([one, own]) => ({ desired: one, matched: own }));
  const singleValueSets = new Map([...services.singleValueSets, ...addresses.singleValueSets]);
  const withheld = [...services.withheld, ...addresses.withheld];
  const merged = input.matched.filter(({ entry }) => isMultiValue(entry.recordSet));
  const overrides = new Map([...services.overrides, ...addresses.overrides]);
  return {
    desired,
    withheld,
    singleValueSets: byEntry(merged, singleValueSets),
    overrides: byEntry(input.matched, overrides),
  };
}

/** What is known by target, by the entries that lead there. */
function byEntry<T>(matched: readonly Matched[], known: ReadonlyMap<string, T>): ReadonlyMap<string, T> {
  if (known.size === 0) return known;
  return new Map(
    matched.flatMap(({ entry }) => {
      const item = known.get(placeKey(entry.name, entry.type, entry.value));
      return item === undefined ? [] : [[entryKey(entry), item] as const];
    }),
  );
}
