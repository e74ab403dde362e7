import { isBelow } from '../../model/dns-name.ts';
import type { Inventory, RecordOverrides } from '../../model/inventory.ts';
import type { RecordSet } from '../../model/record-set.ts';
import type { DesiredRecord, SyncOptions, Withheld, WithheldReason } from '../../model/registration.ts';
import { comparableValue } from '../../model/srv-value.ts';
import type { Matched } from '../match/match-kinds.ts';
import type { OverridesOf } from './override-rules.ts';
import type { ZoneIndex } from './zone-index.ts';

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

/** Drafting at work: what the zone has, with what was desired before. */
export interface DesiredContext extends DesiredInput {
  readonly zone: ZoneIndex;
}

/** What ought to be in the zone, and what cannot be. */
export interface Drafts {
  readonly desiredRecords: readonly DesiredRecord[];
  readonly withheld: readonly Withheld[];
  /** Sets of one value for what is now a value of a merged set, by `placeKey`. */
  readonly singleValueSets: ReadonlyMap<string, RecordSet>;
  /** What the services of the records ask of them that are there already, by `placeKey`; only to correct them. */
  readonly overrides: ReadonlyMap<string, RecordForm>;
}

/** Drafts one after the other, so that each sees those before it; apart, what cannot be. */
export function desireEach<T>(
  wanted: readonly T[],
  zone: ZoneIndex,
  desiredOf: (one: T) => DesiredRecord | Withheld | undefined,
): Pick<Drafts, 'desiredRecords' | 'withheld'> {
  const [desiredRecords, withheld]: [DesiredRecord[], Withheld[]] = [[], []];
  for (const one of wanted) {
    const desired = desiredOf(one);
    if (desired === undefined) continue;
    if ('reason' in desired) {
      withheld.push(desired);
    } else {
      desiredRecords.push(desired);
      zone.add(desired.recordSet);
    }
  }
  return { desiredRecords, withheld };
}

/** What a value leads to under a name; `name` is absolute, normalised. */
export function placeKey(name: string, type: string, value: string): string {
  return `${name} ${type} ${comparableValue(type, value)}`;
}

/** Route 53 takes so many weighted or multivalue sets of one name and type. Source: Developer Guide, "Quotas". */
export const MAX_SETS_OF_NAME = 100;

const NAME = /^(?=.{1,253}$)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*$/;

/** Whether a normalised name below the zone can stand in it as it is, without an escape. */
export function isWritable(name: string, zoneName: string): boolean {
  return NAME.test(name) && isBelow(name, zoneName);
}

/** What is withheld before it is probed. */
export function withholding(
  recordSet: Pick<RecordSet, 'Name' | 'Type'>,
  value: string,
  reason: WithheldReason,
  detail: string,
): Withheld {
  return { name: recordSet.Name, type: recordSet.Type, value, reason, detail, evidence: {} };
}

/** What a new set's TTL follows from. */
interface TtlWish {
  /** Absolute, normalised. */
  readonly name: string;
  readonly type: string;
  readonly overrides: RecordOverrides;
}

/**
 * The TTL of new sets. All sets of a name and type share one: that of those in the zone; else the lowest
 * that any of its services asks for; else the setting's.
 */
export function ttlRule(
  wanted: readonly TtlWish[],
  context: DesiredContext,
): (one: Pick<TtlWish, 'name' | 'type'>) => number {
  const formOf = wishedTtlRule(wanted, context);
  return (one) => context.zone.sets(one.name, one.type)[0]?.TTL ?? formOf(one);
}

/** The same for a name that has none yet. */
function wishedTtlRule(
  wanted: readonly TtlWish[],
  { options }: DesiredContext,
): (one: Pick<TtlWish, 'name' | 'type'>) => number {
  const asked = new Map<string, number>();
  for (const { name, type, overrides } of wanted) {
    const key = `${name} ${type}`;
    if (overrides.ttl !== undefined) asked.set(key, Math.min(overrides.ttl, asked.get(key) ?? overrides.ttl));
  }
  return ({ name, type }) => asked.get(`${name} ${type}`) ?? options.ttl;
}

/** What services ask of the records that lead to them, by `placeKey`; nothing unless it is to be corrected. */
export function overridesByTarget(
  wanted: readonly (TtlWish & { readonly value: string })[],
  context: DesiredContext,
): ReadonlyMap<string, RecordForm> {
  if (!context.options.correct) return new Map();
  const ttlOf = wishedTtlRule(wanted, context);
  return new Map(
    wanted.map((one) => {
      const { weight = 1, priority = 1 } = one.overrides;
      return [placeKey(one.name, one.type, one.value), { ttl: ttlOf(one), weight, priority }] as const;
    }),
  );
}
