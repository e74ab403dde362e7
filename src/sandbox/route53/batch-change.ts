import type { RecordSet } from '../../model/record-set.ts';
import { storedName } from '../world/record-name.ts';

export type Action = 'CREATE' | 'DELETE' | 'UPSERT';

/** One change of a batch, its shape already checked. */
export interface Change {
  readonly Action: Action;
  readonly ResourceRecordSet: RecordSet;
}

export const ROUTING_FIELDS = [
  'Weight',
  'Region',
  'Failover',
  'GeoLocation',
  'MultiValueAnswer',
  'GeoProximityLocation',
  'CidrRoutingConfig',
] as const;

const ROUTING_KINDS: Readonly<Record<(typeof ROUTING_FIELDS)[number], string>> = {
  Weight: 'weighted',
  Region: 'latency',
  Failover: 'failover',
  GeoLocation: 'geolocation',
  MultiValueAnswer: 'multivalue answer',
  GeoProximityLocation: 'geoproximity',
  CidrRoutingConfig: 'cidr',
};

/** The routing policy of a set, in the word Route 53's errors have for it; `simple` without one. */
export function routingKind(set: RecordSet): string {
  const field = ROUTING_FIELDS.find((name) => set[name] !== undefined);
  return field === undefined ? 'simple' : ROUTING_KINDS[field];
}

/** How an error names a set that exists or does not: `[name='x.', type='SRV', set-identifier='…']`. */
export function bracketed(set: RecordSet): string {
  const identifier = set.SetIdentifier === undefined ? '' : `, set-identifier='${set.SetIdentifier}'`;
  return `[name='${storedName(set.Name)}', type='${set.Type}'${identifier}]`;
}

/** How an error names a set that cannot be created: `RRSet with DNS name x., type SRV, SetIdentifier …`. */
export function worded(set: RecordSet): string {
  const identifier = set.SetIdentifier === undefined ? '' : `, SetIdentifier ${set.SetIdentifier}`;
  return `RRSet with DNS name ${storedName(set.Name)}, type ${set.Type}${identifier}`;
}
