import { normalizeName } from './dns-name.ts';

/**
 * A Route 53 ResourceRecordSet exactly as it was read, in Route 53's own field names. DELETE is a
 * compare-and-swap on all of it, so nothing here is ever normalised.
 */
export interface RecordSet {
  readonly Name: string;
  readonly Type: string;
  readonly SetIdentifier?: string | undefined;
  readonly Weight?: number | undefined;
  readonly TTL?: number | undefined;
  readonly ResourceRecords?: readonly { readonly Value: string }[] | undefined;
  readonly AliasTarget?: AliasTarget | undefined;
  readonly Region?: string | undefined;
  readonly GeoLocation?: unknown;
  readonly GeoProximityLocation?: unknown;
  readonly Failover?: string | undefined;
  readonly MultiValueAnswer?: boolean | undefined;
  readonly HealthCheckId?: string | undefined;
  readonly TrafficPolicyInstanceId?: string | undefined;
  readonly CidrRoutingConfig?: unknown;
}

/** Where an alias set points; such a set has no values and no TTL of its own. */
export interface AliasTarget {
  readonly HostedZoneId?: string | undefined;
  readonly DNSName: string | undefined;
  readonly EvaluateTargetHealth?: boolean | undefined;
}

/** The largest values that Route 53 takes. Source: Route 53 API Reference, "ResourceRecordSet". */
export const MAX_TTL_SECONDS = 2_147_483_647;
export const MAX_WEIGHT = 255;
/** Source: RFC 2782. */
export const MAX_SRV_PRIORITY = 65_535;

/** What makes a record set the one and only in its zone: name, type and set identifier. */
export function recordSetKey(set: Pick<RecordSet, 'Name' | 'Type' | 'SetIdentifier'>): string {
  return `${nameKey(normalizeName(set.Name), set.Type)} ${set.SetIdentifier ?? ''}`;
}

/** What all sets of one name (normalised) and type share. */
export function nameKey(name: string, type: string): string {
  return `${name} ${type}`;
}

/**
 * The clients that Route 53 gives a set to by where they are, or what network they are in: `EU`; `''` for all clients.
 * Those elsewhere get it only where it is the default.
 */
export function audienceOf({ GeoLocation, CidrRoutingConfig }: RecordSet): string {
  const told = [GeoLocation, CidrRoutingConfig].flatMap((where) => Object.values(where ?? {}));
  return told.filter((part) => part !== undefined).join(' ');
}

/** The values of a set, in the order in which they were read; none for an alias. */
export function valuesOf(set: RecordSet): readonly string[] {
  return (set.ResourceRecords ?? []).map(({ Value }) => Value);
}

/** The same set with only the given values left. */
export function withValues(set: RecordSet, values: readonly string[]): RecordSet {
  return { ...set, ResourceRecords: values.map((Value) => ({ Value })) };
}

/** Whether two sets are the same to Route 53: every field, values in any order. */
export function isSameRecordSet(left: RecordSet, right: RecordSet): boolean {
  return recordSetText(left) === recordSetText(right);
}

/** The same text for sets that are the same to Route 53, and for no others. */
export function recordSetText(set: RecordSet): string {
  const values = valuesOf(set).toSorted();
  return JSON.stringify(inKeyOrder({ ...set, Name: normalizeName(set.Name), ResourceRecords: values }));
}

/** The same value with the keys of all its objects sorted, and without those that are undefined. */
function inKeyOrder(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(
    fields.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([key, field]) => [key, inKeyOrder(field)]),
  );
}
