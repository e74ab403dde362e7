import { ANOTHER_WRITER, type ChangeGroup } from '../model/change.ts';
import { firstLabel, isBelow, normalizeName, relativeName, writtenName } from '../model/dns-name.ts';
import { parseManagedIdentifier } from '../model/managed-identifier.ts';
import { Multimap } from '../model/multimap.ts';
import { isSameRecordSet, type RecordSet, recordSetKey, valuesOf } from '../model/record-set.ts';
import type { Removal } from '../model/removal.ts';
import { comparableValue, parseSrvValue } from '../model/srv-value.ts';
import type { Zone } from '../model/zone.ts';
import { addressOwner, isAddressType } from './match/managed-addresses.ts';
import { managedCnames } from './match/managed-cnames.ts';

/**
 * What the zone holds of a set that was to be removed, and what follows. A journal is a file that an operator may have
 * edited: restoring never takes an answer out of the zone that was not this worker's own to replace.
 *
 * | state   | the zone holds                                                 | what is done                                |
 * |---------|----------------------------------------------------------------|---------------------------------------------|
 * | there   | exactly the set as it was                                      | nothing                                     |
 * | refused | whatever it is: no run removes a set of that name, type or form, or would have left what is there | nothing |
 * | missing | no set of that name, type and identifier                       | CREATE of the set as it was                 |
 * | reduced | exactly what a removal left of it                              | DELETE of that, CREATE of the set as it was |
 * | changed | anything else                                                  | nothing: it was changed since               |
 * | changed | no set of it, or what a removal left, where another writer was first | nothing: no run has removed that     |
 */
export type RestoreState = 'missing' | 'reduced' | 'there' | 'changed' | 'refused';

/** One record set that was to be removed, and how it stands. */
export interface Restoration {
  readonly key: string;
  readonly state: RestoreState;
  /** Why it is refused, or is another writer's to put back; only where it is. */
  readonly objection: string | undefined;
  /** As it was before. */
  readonly recordSet: RecordSet;
  /** As it is now. */
  readonly there: RecordSet | undefined;
  readonly reasons: readonly string[];
  /** When it was removed last, in epoch milliseconds. */
  readonly removedAt: number;
}

/** What would be put back, and what not; one restoration a set, in the order of their keys. */
export interface RestorePlan {
  readonly restorations: readonly Restoration[];
  /** Host A sets before the SRV sets that point at them. */
  readonly groups: readonly ChangeGroup[];
}

/**
 * Plans what puts back the sets that removals of one zone took out of it. Removals may come from several
 * runs, in any order, and more than once; the zone is told by its name. Where a set lost one value after the other, it comes back whole;
 * where it was written anew in between, only what the last removals took. What another writer was first with is left to
 * it, unless a run has removed the set as well.
 */
export function planRestore(
  removals: readonly Removal[],
  recordSets: readonly RecordSet[],
  zone: Pick<Zone, 'name'>,
): RestorePlan {
  const zoneName = normalizeName(zone.name);
  const current = new Map(recordSets.map((set) => [recordSetKey(set), set]));
  const keyOf = ({ recordSet }: Removal) => recordSetKey(recordSet);
  const own = new Set(removals.filter(({ isOfAnother }) => isOfAnother !== true).map(keyOf));
  const counted = removals.filter((one) => one.isOfAnother !== true || !own.has(keyOf(one)));
  const pasts = new Map<string, Past>();
  for (const removal of counted.toSorted((a, b) => a.time - b.time)) {
    pasts.set(keyOf(removal), withRemoval(pasts.get(keyOf(removal)), removal));
  }
  const restorations = [...pasts]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, past]): Restoration => {
      const { recordSet, last } = past;
      const there = current.get(key);
      const { reasons, time: removedAt } = last;
      return { key, ...standingOf(past, there, zoneName), recordSet, there, reasons, removedAt };
    });
  return { restorations, groups: groupsFor(restorations) };
}

const OF_ANOTHER = `${ANOTHER_WRITER} had taken it out before the run could`;

/** What removals that follow from one another did to one set. */
interface Past {
  /** As it was before the first of them. */
  readonly recordSet: RecordSet;
  /** What each of them left of it. */
  readonly left: readonly RecordSet[];
  readonly last: Removal;
}

/** A removal that starts from what none before has left tells of a set that was written anew. */
function withRemoval(past: Past | undefined, removal: Removal): Past {
  const { recordSet, replacedBy } = removal;
  const rest = replacedBy === undefined ? [] : [replacedBy];
  const follows =
    past !== undefined && [past.recordSet, ...past.left].some((set) => isSameRecordSet(set, recordSet));
  return follows
    ? { recordSet: past.recordSet, left: [...past.left, ...rest], last: removal }
    : { recordSet, left: rest, last: removal };
}

function standingOf(
  { recordSet, left, last }: Past,
  there: RecordSet | undefined,
  zoneName: string,
): Pick<Restoration, 'state' | 'objection'> {
  const state = stateOf(there, recordSet, left);
  if (state === 'there') return { state, objection: undefined };
  const refusal = formRefusal(recordSet, zoneName) ?? lossRefusal(state, there, recordSet);
  if (refusal !== undefined) return { state: 'refused', objection: refusal };
  if (last.isOfAnother === true && state !== 'changed') return { state: 'changed', objection: OF_ANOTHER };
  return { state, objection: undefined };
}

function stateOf(
  there: RecordSet | undefined,
  wanted: RecordSet,
  left: readonly RecordSet[],
): Exclude<RestoreState, 'refused'> {
  if (there === undefined) return 'missing';
  if (isSameRecordSet(there, wanted)) return 'there';
  return left.some((set) => isSameRecordSet(there, set)) ? 'reduced' : 'changed';
}

/** Why no run can have removed such a set; `undefined` for one that it can. */
function formRefusal(set: RecordSet, zoneName: string): string | undefined {
  const name = normalizeName(set.Name);
  if (name === zoneName) return 'it is of the zone itself, which no run removes';
  if (!isBelow(name, zoneName)) return `its name is not below ${writtenName(zoneName)}`;
  if (set.AliasTarget !== undefined) return 'it is an alias, which no run removes';
  if (set.TrafficPolicyInstanceId !== undefined) return 'it is of a traffic policy, which no run removes';
  if (valuesOf(set).length === 0) return 'it has no value';
  return isRemovableForm(set, zoneName)
    ? undefined
    : `no run removes ${set.Type} sets of that name and identifier`;
}

/** Services, addresses of tasks and hosts, and this worker's own CNAMEs; what a host is called is left to the agents. */
function isRemovableForm(set: RecordSet, zoneName: string): boolean {
  if (set.Type === 'SRV') return true;
  if (set.Type === 'CNAME') return managedCnames([set], zoneName).length > 0;
  return addressOwner(set) !== undefined || (set.Type === 'A' && isNamedByIdentifier(set, zoneName));
}

function isNamedByIdentifier(set: RecordSet, zoneName: string): boolean {
  const label = relativeName(normalizeName(set.Name), zoneName);
  return set.Weight !== undefined && firstLabel(normalizeName(set.SetIdentifier ?? '')) === label;
}

/**
 * Why what is there must not give way to the set as it was: a run leaves fewer values and nothing else, but where it
 * writes a set of its own.
 */
function lossRefusal(
  state: RestoreState,
  there: RecordSet | undefined,
  wanted: RecordSet,
): string | undefined {
  if (state !== 'reduced' || there === undefined || parseManagedIdentifier(there.SetIdentifier) !== undefined)
    return undefined;
  const values = new Set(valuesOf(wanted).map((value) => comparableValue(wanted.Type, value)));
  const isKept = valuesOf(there).every((value) => values.has(comparableValue(there.Type, value)));
  const isAlike = isSameRecordSet({ ...there, ResourceRecords: wanted.ResourceRecords }, wanted);
  return isKept && isAlike ? undefined : 'it would take away what is there, which no run left of it';
}

/** The other way round than removing: an address comes before what points at it. */
function groupsFor(restorations: readonly Restoration[]): readonly ChangeGroup[] {
  const hosts = keysByHostName(restorations);
  return restorations
    .filter(({ state }) => state === 'missing' || state === 'reduced')
    .map(({ key, recordSet, there }) => ({
      key,
      changes: [
        ...(there === undefined ? [] : [{ action: 'DELETE', recordSet: there } as const]),
        { action: 'CREATE', recordSet },
      ],
      removed: [],
      reasons: [],
      after: recordSet.Type === 'SRV' ? keysOfTargets(recordSet, hosts) : [],
    }));
}

/** The A and AAAA sets that are missing, by their names and by the hosts that wrote them. */
function keysByHostName(restorations: readonly Restoration[]): Multimap<string, string> {
  const keys = new Multimap<string, string>();
  for (const { key, state, recordSet } of restorations) {
    if (!isAddressType(recordSet.Type) || state !== 'missing') continue;
    const { Name, SetIdentifier = '' } = recordSet;
    for (const name of new Set([normalizeName(Name), normalizeName(SetIdentifier)])) keys.add(name, key);
  }
  return keys;
}

function keysOfTargets(srv: RecordSet, hosts: Multimap<string, string>): readonly string[] {
  const targets = valuesOf(srv).flatMap((value) => parseSrvValue(value)?.target ?? []);
  return [...new Set(targets.flatMap((target) => hosts.get(target)))];
}
