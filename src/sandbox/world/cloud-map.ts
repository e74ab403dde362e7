import type { HostedZone } from './hosted-zone.ts';

/** A namespace of Cloud Map, with the zone that it keeps where it is one of DNS. */
export interface Namespace {
  readonly id: string;
  readonly arn: string;
  readonly name: string;
  readonly type: 'DNS_PRIVATE' | 'DNS_PUBLIC' | 'HTTP';
  readonly zone: HostedZone | undefined;
}

export type RoutingPolicy = 'WEIGHTED' | 'MULTIVALUE';
export type CloudMapRecordType = 'A' | 'AAAA' | 'SRV' | 'CNAME';

/** A service of Cloud Map: a name in its namespace, and how its instances are found. */
export interface CloudMapService {
  readonly id: string;
  readonly arn: string;
  readonly name: string;
  readonly namespace: Namespace;
  routingPolicy: RoutingPolicy;
  /** TTLs in seconds, by type; none where only the API tells of it. */
  dnsRecords: Readonly<Partial<Record<CloudMapRecordType, number>>>;
}

export interface CloudMapServiceOptions {
  readonly namespace: Namespace;
  readonly name: string;
  /** By default MULTIVALUE, as with Cloud Map. */
  readonly routingPolicy?: RoutingPolicy;
  readonly dnsRecords?: CloudMapService['dnsRecords'];
}

/** The service that owns the zones of namespaces, as Route 53 tells it. */
export function linkedService(namespaceArn: string) {
  return {
    ServicePrincipal: 'servicediscovery.amazonaws.com',
    Description: `The hosted zone is managed by AWS Cloud Map namespace ${namespaceArn}`,
  };
}
