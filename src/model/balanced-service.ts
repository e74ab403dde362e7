import type { Cluster } from './cluster.ts';
import { normalizeName } from './dns-name.ts';
import type { IncompleteScope } from './inventory.ts';

/** An ECS service as far as its CNAME cares. */
export interface BalancedService {
  /** As ECS spells it. */
  readonly name: string;
  /** `draining`: it was deleted, and tasks of it are still being stopped. */
  readonly state: 'active' | 'draining';
  /** The DNS names of what balances its load, as AWS spells them: each once, sorted. */
  readonly balancers: readonly string[];
  /** Why something that it names as its balancer is not among them, one sentence each. */
  readonly unresolved: readonly string[];
}

export interface ClusterServices {
  readonly cluster: Cluster;
  readonly listed: readonly string[];
  /** Those of interest, described. */
  readonly services: readonly BalancedService[];
  /** Whether all of them were listed, and all of interest described. */
  readonly complete: boolean;
}

export interface BalancedServices {
  readonly clusters: readonly ClusterServices[];
  readonly incomplete: readonly IncompleteScope[];
}

export interface ServiceQuery {
  readonly clusters: readonly Cluster[];
  /** Told the name as it would stand in the zone: see `labelOf`. */
  readonly isOfInterest: (label: string) => boolean;
}

/** The services of a cluster to look at once more, by the labels of their CNAMEs. */
export interface ServiceConfirmationQuery {
  readonly cluster: Cluster;
  readonly labels: readonly string[];
}

/**
 * What the confirmation has seen of a service: ECS neither lists nor describes it, or calls it inactive; has it
 * without a load balancer; or has it with one.
 */
export type ServiceSight = 'gone' | 'unbalanced' | 'balanced';

export interface ServiceConfirmation {
  /** By the `serviceKey` of the label; what could not be asked is absent. */
  readonly sights: ReadonlyMap<string, ServiceSight>;
  readonly incomplete: readonly IncompleteScope[];
}

/** The label that a service's CNAME begins with: DNS knows no upper case. */
export function labelOf(serviceName: string): string {
  return normalizeName(serviceName);
}

/** Whether a service names anything that balances its load, known or not. */
export function isBalanced({ balancers, unresolved }: BalancedService): boolean {
  return balancers.length > 0 || unresolved.length > 0;
}
