import { entriesOf, entryKey } from '../../model/entry.ts';
import type { Manage } from '../../model/manage.ts';
import { groupBy } from '../../model/multimap.ts';
import type { RecordSet } from '../../model/record-set.ts';
import type { DesiredRecord, Withheld } from '../../model/registration.ts';
import { targetKey } from '../../model/srv-value.ts';
import { zip } from '../../model/zip.ts';
import { matchEntries } from '../match/match-entries.ts';
import type { Matched } from '../match/match-kinds.ts';
import { desiredAddresses } from './desired-addresses.ts';
import type { DesiredInput, RecordForm } from './desired-context.ts';
import { desiredServices } from './desired-services.ts';
import { earlierNames } from './earlier-names.ts';
import { EC2_SPELLING, zoneSpelling } from './host-spelling.ts';
import { movedIdentifiers } from './moved-identifiers.ts';
import { indexZone, isMultiValue } from './zone-index.ts';

/** Everything that ought to be in the zone and is not. */
export interface DesiredRecords {
  /** Each with what it would lead to, were it in the zone. */
  readonly desired: readonly { readonly desired: DesiredRecord; readonly matched: Matched }[];
  /** What can never be, as things are, however healthy it is. */
  readonly withheld: readonly Withheld[];
  /** By `entryKey`: what a value of a merged set would be on its own. */
  readonly singleValueSets: ReadonlyMap<string, RecordSet>;
  /** By `recordSetKey`: the identifiers in today's form of sets that have another. */
  readonly moved: ReadonlyMap<string, string>;
  /** By `entryKey`: what services ask of the records that are there already; only to correct them. */
  readonly overrides: ReadonlyMap<string, RecordForm>;
}

/**
 * Makes the desired records, and matches them as if they stood in the zone: what is registered is judged by the very
 * rules by which the next run judges it, so that no run takes out what another has put in.
 */
export function findDesired(input: DesiredInput & { readonly manage: Manage }): DesiredRecords {
  const endpoints = groupBy(input.inventory.endpoints, ({ container }) => container);
  const spellingOf =
    input.options.hostNames === 'zone'
      ? zoneSpelling(input.recordSets, input.zoneName, input.inventory)
      : EC2_SPELLING;
  const zone = indexZone(input.recordSets);
  const context = { ...input, zone, endpoints, spellingOf, earlier: earlierNames(input) };
  const kinds = [desiredServices(context), desiredAddresses(context)];
  const moved = movedIdentifiers(context);
  const missing = kinds.flatMap(({ desiredRecords }) => desiredRecords);
  const sets = missing.map(({ recordSet }) => recordSet);
  const matched = matchEntries({
    ...input,
    recordSets: [...input.recordSets, ...sets],
    entries: entriesOf(sets),
  });
  const merged = input.matched.filter(({ entry }) => isMultiValue(entry.recordSet));
  return {
    desired: zip(missing, matched).map(([one, own]) => ({ desired: one, matched: own })),
    withheld: kinds.flatMap(({ withheld }) => withheld),
    singleValueSets: byEntry(
      merged,
      kinds.map(({ singleValueSets }) => singleValueSets),
    ),
    moved,
    overrides: byEntry(
      input.matched,
      kinds.map(({ overrides }) => overrides),
    ),
  };
}

/** What is known by target, by the entries that lead there. */
function byEntry<T>(
  matched: readonly Matched[],
  maps: readonly ReadonlyMap<string, T>[],
): ReadonlyMap<string, T> {
  const known = new Map(maps.flatMap((map) => [...map]));
  return new Map(
    (known.size === 0 ? [] : matched).flatMap(({ entry }) => {
      const item = known.get(targetKey(entry.name, entry.type, entry.value));
      return item === undefined ? [] : [[entryKey(entry), item] as const];
    }),
  );
}
