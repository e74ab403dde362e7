import {
  type ClusterServices,
  isBalanced,
  labelOf,
  type ServiceConfirmation,
  type ServiceConfirmationQuery,
} from '../../model/balanced-service.ts';
import type { CnameReason } from '../../model/change.ts';
import { type Cluster, groupByCluster, serviceKey } from '../../model/cluster.ts';
import type { Inventory } from '../../model/inventory.ts';
import { clusterPart } from '../../model/managed-identifier.ts';
import type { ManagedCname } from './managed-cnames.ts';

/** Why a CNAME of this worker's is to go. */
export type StaleCnameReason = Extract<CnameReason, 'service-gone' | 'balancer-gone'>;

/** A CNAME whose service is no more, or has no load balancer any more; to be confirmed before it goes. */
export interface StaleCname {
  readonly own: ManagedCname;
  readonly cluster: Cluster;
  readonly reason: StaleCnameReason;
}

/**
 * Why a CNAME stays although no cluster has its service.
 *
 * | reason             | meaning                                                                |
 * |--------------------|------------------------------------------------------------------------|
 * | cluster-not-read   | its cluster is of another region or account, or is not among those read |
 * | cluster-incomplete | the services of its cluster could not all be read                      |
 * | tasks-running      | tasks of the service run, whatever the listing says                    |
 * | name-wanted        | several services want its name, and it is not to be left empty         |
 * | not-confirmed      | the confirmation found the service, or could not ask                    |
 */
export type KeptCnameReason =
  | 'cluster-not-read'
  | 'cluster-incomplete'
  | 'tasks-running'
  | 'name-wanted'
  | 'not-confirmed';

export interface KeptCname {
  readonly own: ManagedCname;
  readonly reason: KeptCnameReason;
  readonly detail: string;
}

/** What is known of a CNAME's service. */
export type CnameStatus =
  | { readonly kind: 'served'; readonly own: ManagedCname }
  | ({ readonly kind: 'stale' } & StaleCname)
  | ({ readonly kind: 'kept' } & KeptCname);

/** Says what is known of the service of a CNAME. */
export function cnameStatusRule(
  clusters: readonly ClusterServices[],
  { containers }: Pick<Inventory, 'containers'>,
): (own: ManagedCname) => CnameStatus {
  const byPart = new Map(clusters.map((one) => [clusterPart(one.cluster), one]));
  const working = new Set(
    containers.flatMap(({ cluster, ecsService, phase }) =>
      ecsService === undefined || phase === 'stopping' || phase === 'stopped'
        ? []
        : [serviceKey(cluster, labelOf(ecsService))],
    ),
  );
  return (own) => {
    const services = byPart.get(own.cluster);
    if (services !== undefined) return statusIn(services, own, working);
    return kept(own, 'cluster-not-read', `cluster ${own.cluster} is not among those that were read`);
  };
}

/**
 * | listed | described      | all was read | tasks of it run | status                       |
 * |--------|----------------|--------------|-----------------|----------------------------|
 * | any    | with balancer  | any          | any             | served                     |
 * | any    | being deleted  | any          | any             | served                     |
 * | any    | any            | no           | any             | kept, cluster-incomplete   |
 * | yes    | without        | yes          | any             | stale, balancer-gone       |
 * | no     |                | yes          | yes             | kept, tasks-running        |
 * | no     |                | yes          | no              | stale, service-gone        |
 */
function statusIn(
  { cluster, listed, services, complete }: ClusterServices,
  own: ManagedCname,
  working: ReadonlySet<string>,
): CnameStatus {
  const described = services.filter(({ name }) => labelOf(name) === own.label);
  if (described.some((one) => one.state === 'draining' || isBalanced(one))) return { kind: 'served', own };
  if (!complete)
    return kept(own, 'cluster-incomplete', `the services of cluster ${cluster.name} could not all be read`);
  if (listed.some((name) => labelOf(name) === own.label)) {
    return { kind: 'stale', own, cluster, reason: 'balancer-gone' };
  }
  return working.has(serviceKey(cluster, own.label))
    ? kept(own, 'tasks-running', `tasks of service ${own.label} run in cluster ${cluster.name}`)
    : { kind: 'stale', own, cluster, reason: 'service-gone' };
}

function kept(own: ManagedCname, reason: KeptCnameReason, detail: string): CnameStatus {
  return { kind: 'kept', own, reason, detail };
}

/** What to look at once more before stale CNAMEs go. */
export function serviceConfirmationQuery(stale: readonly StaleCname[]): readonly ServiceConfirmationQuery[] {
  return groupByCluster(stale).map(([cluster, going]) => ({
    cluster,
    labels: [...new Set(going.map(({ own }) => own.label))].toSorted(),
  }));
}

/** Why the confirmation speaks against removing a CNAME; `undefined` where it does not. */
export function cnameObjection(
  { own, cluster, reason }: StaleCname,
  look: ServiceConfirmation,
): KeptCname | undefined {
  const sight = look.sights.get(serviceKey(cluster, own.label));
  const objection = (detail: string): KeptCname => ({ own, reason: 'not-confirmed', detail });
  const what = `service ${own.label} of cluster ${cluster.name}`;
  switch (sight) {
    case 'gone':
      return undefined;
    case 'unbalanced':
      // Either way nothing is left that the CNAME could point at, but what was approved is said otherwise.
      return reason === 'balancer-gone' ? undefined : objection(`ECS has ${what} after all`);
    case 'balanced':
      return objection(`${what} has a load balancer after all`);
    case undefined:
      return objection(`${what} could not be confirmed${because(look)}`);
  }
}

function because({ incomplete: [first] }: ServiceConfirmation): string {
  return first === undefined ? '' : `: ${first.operation} ${first.error}`;
}
