import { isBelow, isPlainName, relativeName } from '../../model/dns-name.ts';
import {
  type Container,
  type Endpoint,
  type Inventory,
  isScope,
  type RecordOverrides,
  type Routing,
} from '../../model/inventory.ts';
import type { Multimap } from '../../model/multimap.ts';
import { nameKey, type RecordSet } from '../../model/record-set.ts';
import {
  type DesiredRecord,
  registrationKey,
  type SyncOptions,
  type Withheld,
} from '../../model/registration.ts';
import { targetKey } from '../../model/srv-value.ts';
import type { Matched } from '../match/match-kinds.ts';
import type { EarlierNames } from './earlier-names.ts';
import type { HostSpelling } from './host-spelling.ts';
import type { OverridesOf } from './override-rules.ts';
import { isMultiValue, type ZoneIndex } from './zone-index.ts';

/** What a service asks of the record that leads to it, or the settings where it asks for nothing. */
export interface RecordForm {
  /** In seconds. */
  readonly ttl: number;
  readonly weight: number;
  readonly priority: number;
}

/** What desired records follow from. `zoneName` is normalised. */
export interface DesiredInput {
  readonly zoneName: string;
  readonly recordSets: readonly RecordSet[];
  readonly matched: readonly Matched[];
  readonly inventory: Inventory;
  readonly options: SyncOptions;
  readonly overridesOf: OverridesOf;
}

/** The same, with what the zone has, and what is desired so far. */
export interface DesiredContext extends DesiredInput {
  readonly zone: ZoneIndex;
  readonly endpoints: Multimap<Container, Endpoint>;
  readonly spellingOf: HostSpelling;
  readonly earlier: EarlierNames;
}

/** A value that ought to be in the zone, because of what runs. */
export interface Wanted extends Pick<DesiredRecord, 'after' | 'requires'> {
  /** Absolute, normalised. */
  readonly name: string;
  readonly type: 'SRV' | 'A' | 'AAAA';
  readonly value: string;
  readonly routing: Routing;
  readonly overrides: RecordOverrides;
  /** Sorts in an order that depends on the fleet alone. */
  readonly order: string;
  /** The identifiers that its set may have, the preferred one first. */
  readonly identifiers: readonly string[];
  /** What is said where none of them is free. */
  readonly allTaken: string;
  /** Why there can be no such record, whatever the zone has. */
  readonly obstacle?: (Pick<Withheld, 'reason'> & { readonly detail: string }) | undefined;
}

/** What one kind of record adds to what ought to be in the zone, and what cannot be. */
export interface DesiredOfKind {
  readonly desiredRecords: readonly DesiredRecord[];
  readonly withheld: readonly Withheld[];
  /** Sets of one value for what is now a value of a merged set, by `targetKey`. */
  readonly singleValueSets: ReadonlyMap<string, RecordSet>;
  /** What the services of the records ask of them that are there already, by `targetKey`; only to correct them. */
  readonly overrides: ReadonlyMap<string, RecordForm>;
}

/** Tells what may get a record of a name that it has none of. */
export function exceptionRule({
  options: { except },
}: Pick<DesiredContext, 'options'>): (container: Container, name: string) => boolean {
  return ({ id }, name) => except?.has(registrationKey(id, name)) !== true;
}

export function inOrder<W extends Pick<Wanted, 'order'>>(wanted: readonly W[]): readonly W[] {
  return wanted.toSorted((a, b) => (a.order < b.order ? -1 : 1));
}

/**
 * The records of what is not there, one after the other, so that each sees those before it; and of names whose
 * values are merged, what each value that is there would be on its own.
 */
export function desiredFrom<W extends Wanted>(
  wanted: readonly W[],
  isThere: (one: W) => boolean,
  context: DesiredContext,
): Omit<DesiredOfKind, 'overrides'> {
  const { zone, options } = context;
  const requestedTtl = requestedTtlRule(wanted, options);
  const setFor = (one: W) => setOf(one, zone.ttl(one.name, one.type) ?? requestedTtl(one), zone);
  const [desiredRecords, withheld]: [DesiredRecord[], Withheld[]] = [[], []];
  for (const one of wanted) {
    if (isThere(one)) continue;
    const desired = recordOf(one, () => setFor(one), context);
    if ('reason' in desired) {
      withheld.push(desired);
    } else {
      desiredRecords.push(desired);
      zone.add(desired.recordSet);
    }
  }
  const singleValueSets = new Map<string, RecordSet>();
  for (const one of wanted) {
    const isMerged = isThere(one) && zone.sets(one.name, one.type).some(isMultiValue);
    const single = isMerged ? setFor(one) : undefined;
    if (single === undefined) continue;
    zone.add(single);
    singleValueSets.set(targetKey(one.name, one.type, one.value), single);
  }
  return { desiredRecords, withheld, singleValueSets };
}

function recordOf(
  { name, type, value, routing, overrides, allTaken, obstacle, after, requires }: Wanted,
  makeSet: () => RecordSet | undefined,
  { zone, zoneName, inventory }: DesiredContext,
): DesiredRecord | Withheld {
  const withhold = (reason: Withheld['reason'], detail: string): Withheld => {
    return { name: `${name}.`, type, value, reason, detail, evidence: {} };
  };
  if (!isWritable(name, zoneName)) return withhold('invalid-name', `DNS takes no ${name}`);
  if (endsWithZoneTwice(name, zoneName)) return withhold('zone-in-name', `the record would be ${name}`);
  if (obstacle !== undefined) return withhold(obstacle.reason, obstacle.detail);
  const unseen = scopeObstacle(zone.sets(name, type), inventory);
  if (unseen !== undefined) return withhold('out-of-scope', unseen);
  const taken = zone.obstacle(name, type, routing);
  if (taken !== undefined) return withhold('name-taken', taken);
  const recordSet = makeSet();
  if (recordSet === undefined) return withhold('identifier-taken', allTaken);
  const isTrusted = overrides.initialStatus === 'passing';
  return { recordSet, after, requires, isTrusted, role: 'entry', isNeeded: false };
}

/** Which values a name has when they do not fit in sets of their own, only a look at everything that runs can tell. */
function scopeObstacle(sets: readonly RecordSet[], inventory: Inventory): string | undefined {
  if (!isScope(inventory) || (sets.length < MAX_SETS_OF_NAME && !sets.some(isMultiValue))) return undefined;
  return 'its name has values in sets of several, or as many sets as Route 53 takes';
}

/** `undefined` where the zone has other values under all identifiers. */
function setOf(
  { name, type, value, routing, overrides: { weight = 1 }, identifiers }: Wanted,
  TTL: number,
  zone: ZoneIndex,
): RecordSet | undefined {
  const SetIdentifier = identifiers.find((identifier) => !zone.hasIdentifier(name, type, identifier));
  if (SetIdentifier === undefined) return undefined;
  const form = routing === 'multivalue' ? { MultiValueAnswer: true } : { Weight: weight };
  return { Name: `${name}.`, Type: type, SetIdentifier, ...form, TTL, ResourceRecords: [{ Value: value }] };
}

/** Route 53 takes so many weighted or multivalue sets of one name and type. Source: Developer Guide, "Quotas". */
export const MAX_SETS_OF_NAME = 100;

/** Whether a normalised name below the zone can stand in it as it is, without an escape. */
export function isWritable(name: string, zoneName: string): boolean {
  return isPlainName(name) && isBelow(name, zoneName);
}

/** Whether a service was named with the zone, which is put behind its name all the same. */
function endsWithZoneTwice(name: string, zoneName: string): boolean {
  const said = relativeName(name, zoneName);
  return said === zoneName || isBelow(said, zoneName);
}

/**
 * The TTL of a name and type that has no sets yet, which all of its sets share: the lowest that any of its services
 * asks for; else the setting's.
 */
function requestedTtlRule(
  wanted: readonly Wanted[],
  options: SyncOptions,
): (one: Pick<Wanted, 'name' | 'type'>) => number {
  const asked = new Map<string, number>();
  for (const { name, type, overrides } of wanted) {
    const key = nameKey(name, type);
    if (overrides.ttl !== undefined) asked.set(key, Math.min(overrides.ttl, asked.get(key) ?? overrides.ttl));
  }
  return ({ name, type }) => asked.get(nameKey(name, type)) ?? options.ttl;
}

/** What services ask of the records that lead to them, by `targetKey`; nothing unless it is to be corrected. */
export function requestedForms(
  wanted: readonly Wanted[],
  { options }: DesiredContext,
): ReadonlyMap<string, RecordForm> {
  if (!options.correct) return new Map();
  const ttlOf = requestedTtlRule(wanted, options);
  return new Map(
    wanted.map((one) => {
      const { weight = 1, priority = 1 } = one.overrides;
      return [targetKey(one.name, one.type, one.value), { ttl: ttlOf(one), weight, priority }] as const;
    }),
  );
}
