import type { RecordSet } from '../../model/record-set.ts';

/** A hosted zone as a name server reads it; all names in Route 53's stored form. */
export interface ZoneView {
  readonly name: string;
  /** All sets of the name, of every type. */
  setsAt(name: string): readonly RecordSet[];
  /** Whether the name or one below it has a set. */
  reaches(name: string): boolean;
}

/** What a name leads to that AWS itself answers for: addresses, none where there is no such name any more. */
export interface AwsName {
  readonly exists: boolean;
  readonly addresses: readonly string[];
}

/** All that answers rest on, as it is at that moment. */
export interface NameView {
  /** The region of the client, which latency records go by. */
  readonly region: string;
  /** Whether the answers are those of a VPC's resolver, which asks other servers for its clients. */
  readonly recursive: boolean;
  /** The zone that answers for the name, if one does. */
  zoneOf(name: string): ZoneView | undefined;
  /** Names of hosts and load balancers; `undefined` for a name that is none of AWS's. */
  awsName(name: string): AwsName | undefined;
}

/** The name and those above it, from the nearest on, without the root. */
export function namesUpwards(name: string): readonly string[] {
  const labels = name.split('.').slice(0, -1);
  return labels.map((_, i) => `${labels.slice(i).join('.')}.`);
}

/** Whether a name is another one, or below it. */
export function isWithin(name: string, ancestor: string): boolean {
  return name === ancestor || name.endsWith(`.${ancestor}`);
}
