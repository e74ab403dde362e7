import { isBelow, normalizeName, relativeName } from '../../model/dns-name.ts';
import { formatManagedIdentifier, parseManagedIdentifier } from '../../model/managed-identifier.ts';
import { nameSwitch } from '../../model/name-pattern.ts';
import { type RecordSet, recordSetKey, valuesOf } from '../../model/record-set.ts';

/** A CNAME that this worker made for a load-balanced ECS service, told by its set identifier alone. */
export interface ManagedCname {
  readonly recordSet: RecordSet;
  /** What the name has before the zone: the service's name in lower case. */
  readonly label: string;
  /** The cluster, as `clusterPart` writes it. */
  readonly cluster: string;
}

/** The CNAMEs of this worker in a zone (its name normalised), sorted; all others are foreign. */
export function managedCnames(recordSets: readonly RecordSet[], zoneName: string): readonly ManagedCname[] {
  const own = recordSets.flatMap((recordSet) => {
    const owner = parseManagedIdentifier(recordSet.SetIdentifier);
    const name = normalizeName(recordSet.Name);
    const label = relativeName(name, zoneName);
    if (owner?.kind !== 'service' || !isPlainWeighted(recordSet)) return [];
    if (!isBelow(name, zoneName) || label.includes('.')) return [];
    return [{ recordSet, label, cluster: owner.cluster }];
  });
  return own.toSorted((a, b) => (recordSetKey(a.recordSet) < recordSetKey(b.recordSet) ? -1 : 1));
}

/** An operator who has made it an alias, or put it under a traffic policy, has taken it over. */
function isPlainWeighted(set: RecordSet): boolean {
  const isTakenOver = set.AliasTarget !== undefined || set.TrafficPolicyInstanceId !== undefined;
  return set.Type === 'CNAME' && set.Weight !== undefined && !isTakenOver;
}

/** Which services are to be read: those that get a CNAME, and those that have one. */
export function cnameInterest(
  setting: boolean | readonly string[],
  own: readonly ManagedCname[],
): (label: string) => boolean {
  const isWanted = nameSwitch(setting);
  const labels = new Set(own.map(({ label }) => label));
  return (label) => isWanted(label) || labels.has(label);
}

/** The TTL and weight of what is created: those of the reference architecture. */
export const CNAME_FORM = { TTL: 60, Weight: 1 } as const;

/** The record set that this worker makes for a service of a cluster. */
export function managedCnameSet(name: string, cluster: string, target: string): RecordSet {
  return {
    Name: name,
    Type: 'CNAME',
    SetIdentifier: formatManagedIdentifier({ kind: 'service', cluster }),
    ...CNAME_FORM,
    ResourceRecords: [{ Value: target }],
  };
}

const DUALSTACK = 'dualstack.';

/**
 * Where a CNAME set points, for comparing with a balancer's DNS name in the same form: normalised, and
 * without the prefix under which a balancer has its IPv6 addresses too. `undefined` for an alias.
 */
export function targetOf(set: RecordSet): string | undefined {
  const [value] = valuesOf(set);
  return value === undefined ? undefined : comparable(value);
}

/** One spelling for all names of one load balancer. */
export function comparable(dnsName: string): string {
  const name = normalizeName(dnsName);
  return name.startsWith(DUALSTACK) ? name.slice(DUALSTACK.length) : name;
}
