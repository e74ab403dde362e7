import type { ServiceRegistry } from '@aws-sdk/client-ecs';
import type { ServiceSummary } from '@aws-sdk/client-servicediscovery';
import { normalizeName } from '../../model/dns-name.ts';
import type { RecordOverrides } from '../../model/inventory.ts';
import type { NameClaim } from './name-claims.ts';

/** What Cloud Map has under the ARN of a registry. */
export type RegistryEntry =
  | { readonly kind: 'service'; readonly service: ServiceSummary }
  /** One of another namespace, which has no names in this zone. */
  | { readonly kind: 'elsewhere' }
  /** One that was deleted: what it named is in no listing any more. */
  | { readonly kind: 'gone' }
  | { readonly kind: 'unread' };

/** What a registry comes to. */
export interface RegistryClaims {
  readonly claims: readonly NameClaim[];
  /** What of it is not carried over, and what to do about it. */
  readonly problems: readonly string[];
}

/**
 * | the service of Cloud Map has | its tasks are named                                             |
 * |------------------------------|-----------------------------------------------------------------|
 * | SRV                          | by the port that the registry says                              |
 * | A, AAAA                      | by their address                                                |
 * | CNAME                        | not at all: ECS registers addresses, and never a CNAME          |
 * | no DNS, or another namespace | not at all                                                      |
 * | not been read, or been deleted | unknown: the port that the registry says, if any, and the address |
 */
export function registryClaims(
  registry: ServiceRegistry,
  entry: RegistryEntry,
  ipv6: boolean,
): RegistryClaims {
  if (entry.kind === 'elsewhere') return NOTHING;
  const { containerName: container } = registry;
  const port = registry.containerPort ?? registry.port;
  const portClaim = { kind: 'port', container, port } as const;
  const addressClaim = { kind: 'address', container, port: undefined } as const;
  if (entry.kind !== 'service') {
    const unknown = { name: undefined, overrides: {} };
    const ofPort = port === undefined ? [] : [{ ...portClaim, ...unknown }];
    return {
      claims: [...ofPort, { ...addressClaim, ...unknown }],
      problems: entry.kind === 'gone' ? [goneProblem(registry)] : [],
    };
  }
  const { Name = '', DnsConfig } = entry.service;
  const name = normalizeName(Name);
  const ttls = new Map((DnsConfig?.DnsRecords ?? []).map(({ Type, TTL }) => [String(Type), TTL]));
  const routing = DnsConfig?.RoutingPolicy === 'WEIGHTED' ? 'weighted' : 'multivalue';
  const claimed = (ttl: number | undefined): Pick<NameClaim, 'name' | 'overrides'> => {
    const overrides: RecordOverrides = ttl === undefined ? { routing } : { ttl, routing };
    return { name, overrides };
  };
  const hasAddress = ttls.has('A') || ttls.has('AAAA');
  return {
    claims: [
      ...(ttls.has('SRV') && port !== undefined ? [{ ...portClaim, ...claimed(ttls.get('SRV')) }] : []),
      ...(hasAddress ? [{ ...addressClaim, ...claimed(ttls.get('A') ?? ttls.get('AAAA')) }] : []),
    ],
    problems: problemsOf(name, ttls, port, ipv6),
  };
}

function goneProblem({ registryArn = '' }: ServiceRegistry): string {
  const id = registryArn.slice(registryArn.lastIndexOf('/') + 1);
  return `Cloud Map has its registry ${id} no more, and what that named is unknown: give the ECS service another registry, or none`;
}

const NOTHING: RegistryClaims = { claims: [], problems: [] };

function problemsOf(
  name: string,
  types: ReadonlyMap<string, unknown>,
  port: number | undefined,
  ipv6: boolean,
): readonly string[] {
  const isLong = types.has('AAAA');
  return [
    ...(types.has('CNAME')
      ? [`Cloud Map has ${name} as a CNAME, which ECS registers nothing in: it gives no name; see \`cname\``]
      : []),
    ...(types.has('SRV') && port === undefined
      ? [
          `Cloud Map has ${name} as SRV, and the registry says no port: set its containerName and containerPort`,
        ]
      : []),
    ...(isLong && !ipv6
      ? [`Cloud Map has ${name} as AAAA, which is registered with \`records.ipv6\` alone: set it`]
      : []),
    ...(isLong && ipv6 && !types.has('A')
      ? [`Cloud Map has ${name} as AAAA alone: a task that has an IPv4 address gets an A record, too`]
      : []),
  ];
}
