import type { LoadBalancer, Service } from '@aws-sdk/client-ecs';
import { labelOf } from '../../model/balanced-service.ts';
import { type Cluster, requestNameOf } from '../../model/cluster.ts';
import type { IncompleteScope } from '../../model/inventory.ts';
import type { Access } from './access.ts';
import { descriptionsOf } from './describe-batch.ts';
import { describeNamed, type NamedReading } from './describe-named.ts';
import { type Described, SERVICE_BATCH_SIZE } from './ecs-api.ts';
import { readPages } from './read-pages.ts';
import type { BalancerRefs } from './resolve-balancers.ts';
import { unreadScope } from './unread.ts';

/** A service as ECS describes it, as far as its CNAME cares. */
export interface ServiceSummary {
  readonly name: string;
  readonly clusterArn: string | undefined;
  readonly state: 'active' | 'draining' | 'inactive';
  readonly balancers: BalancerRefs;
}

/** The services of one cluster. */
export interface ServiceListing {
  /** Names of all that were listed. */
  readonly listed: readonly string[];
  readonly described: readonly ServiceSummary[];
  /** Labels of those that were to be described, and were not. */
  readonly undescribed: ReadonlySet<string>;
  readonly incomplete: readonly IncompleteScope[];
}

/**
 * Lists all services of a cluster, and describes those of interest. `asked` are names that are described
 * whether they are listed or not.
 */
export async function readServices(
  cluster: Cluster,
  isOfInterest: (label: string) => boolean,
  asked: readonly string[],
  { ecs, ecsLimit, signal }: Access,
): Promise<ServiceListing> {
  const list = (token?: string) => ecsLimit(() => ecs.listServices(requestNameOf(cluster), token, signal));
  const listing = await readPages(list, signal);
  const listed = [...new Set(listing.items.map(nameOf))];
  const names = [...listed.filter((name) => isOfInterest(labelOf(name))), ...asked];
  const describe = async (batch: readonly string[]) => ({
    items: [await ecsLimit(() => ecs.describeServices(requestNameOf(cluster), batch, signal))],
    nextToken: undefined,
  });
  const reading = await describeNamed(names, SERVICE_BATCH_SIZE, (batch) =>
    readPages(() => describe(batch), signal),
  );
  const { described, undescribed, errors } = sortOut(names, reading);
  const scope = `services/${cluster.name}`;
  return {
    listed,
    described,
    undescribed,
    incomplete: [
      ...(listing.error === undefined
        ? []
        : [unreadScope(scope, 'ecs:ListServices', listing.error, 'balancers')]),
      ...errors.map((error) => unreadScope(scope, 'ecs:DescribeServices', error, 'balancers')),
    ],
  };
}

/** The last part of an ARN of either format. */
function nameOf(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}

/** Tells what was described from what is gone, which is an answer, and from every gap, which is none. */
function sortOut(names: readonly string[], { items, unknown, faults }: NamedReading<Described<Service>>) {
  const asked = new Set(names);
  const unasked = faults.flatMap((fault) => fault.names);
  const answer = {
    items: items.flatMap((one) => one.items),
    failures: items.flatMap((one) => one.failures),
  };
  const answers = descriptionsOf(asked.size - unknown.length - unasked.length, answer);
  const described = answer.items.map(keepService);
  const known = new Set([...described.map(({ name }) => name), ...answers.missing.map(nameOf), ...unknown]);
  return {
    described,
    undescribed: new Set([...asked].filter((name) => !known.has(name)).map(labelOf)),
    errors: [...faults.map(({ error }) => error), ...answers.faults],
  };
}

const STATES: Readonly<Record<string, ServiceSummary['state']>> = {
  ACTIVE: 'active',
  DRAINING: 'draining',
  INACTIVE: 'inactive',
};

/** What states ECS may have one day is taken for one in which the service is there. */
function keepService({
  serviceName = '',
  clusterArn,
  status = '',
  loadBalancers,
  taskSets,
}: Service): ServiceSummary {
  const all = balancersOf({ loadBalancers, taskSets });
  return {
    name: serviceName,
    clusterArn,
    state: STATES[status] ?? 'draining',
    balancers: {
      targetGroups: [...new Set(all.flatMap(targetGroupsOf))],
      classic: [...new Set(all.flatMap(({ loadBalancerName }) => loadBalancerName ?? []))],
    },
  };
}

/** What balances the load of a service, or of the task sets that another deployment controller has made of it. */
export function balancersOf({
  loadBalancers = [],
  taskSets = [],
}: Pick<Service, 'loadBalancers' | 'taskSets'>): readonly LoadBalancer[] {
  return [...loadBalancers, ...taskSets.flatMap((set) => set.loadBalancers ?? [])];
}

/** Blue/green deployments have two target groups, of which either may have the tasks. */
export function targetGroupsOf({ targetGroupArn, advancedConfiguration }: LoadBalancer): readonly string[] {
  return [targetGroupArn, advancedConfiguration?.alternateTargetGroupArn].flatMap((arn) => arn ?? []);
}
