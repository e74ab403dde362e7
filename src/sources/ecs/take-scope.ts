import type { ContainerInstance, Task } from '@aws-sdk/client-ecs';
import { errorName } from '../../aws/aws-error.ts';
import { type Cluster, clusterOf, requestNameOf } from '../../model/cluster.ts';
import type { IncompleteScope, Inventory } from '../../model/inventory.ts';
import { groupBy } from '../../model/multimap.ts';
import type { Scope } from '../../model/scope.ts';
import type { Access } from './access.ts';
import { collectEndpoints, distinctNotices } from './collect-endpoints.ts';
import { definitionReader } from './definition-cache.ts';
import { describeAll } from './describe-batch.ts';
import type { TaskFilter } from './ecs-api.ts';
import { readHosts } from './hosts.ts';
import type { KnownHosts } from './known-hosts.ts';
import { type ClusterSources, listClusters } from './list-clusters.ts';
import { withPublicAddresses } from './public-addresses.ts';
import { readPages } from './read-pages.ts';
import type { ReadNames, ServiceRef } from './read-service-names.ts';
import { serviceOf } from './self-description.ts';
import { keepTask, type TaskSummary } from './task-summary.ts';
import { unreadScope } from './unread.ts';

interface ScopeSources extends ClusterSources {
  readonly publicAddresses?: boolean;
  readonly hostDomains?: readonly string[];
}

/** What a scope is taken with. */
interface ScopeAccess extends Access {
  readonly hosts: KnownHosts;
  readonly readNames: ReadNames;
}

/** Of one cluster, what is to be looked at. */
interface ClusterScope {
  readonly cluster: Cluster;
  readonly tasks: readonly string[];
  readonly instances: readonly string[];
  readonly services: readonly string[];
}

/**
 * Takes the part of the inventory that the scopes name: tasks, with those that have stopped, and the hosts of those that
 * have not. Nothing follows from what is missing in it. A cluster that is not configured is not looked at.
 */
export async function takeScope(
  scopes: readonly Scope[],
  sources: ScopeSources,
  access: ScopeAccess,
): Promise<Inventory> {
  access.hosts.forget(new Set(instanceIdsOf(scopes)));
  const located = await locateInstances(scopes, sources, access);
  const clusters = clusterScopes([...scopes, ...located.scopes], sources);
  const readings = await Promise.all(clusters.map((one) => readScope(one, sources.region, access)));
  const limitOf = () => access.ecsLimit;
  const reader = definitionReader(access.ecs, access.definitions, limitOf(), access.signal);
  for (const { definitionArn } of readings.flatMap(({ tasks }) => tasks))
    if (definitionArn !== '') reader.want(definitionArn);
  const [hosts, unreadDefinitions, names] = await Promise.all([
    hostsOf(readings, access),
    reader.settled(),
    access.readNames(readings.flatMap(servicesIn), access.signal),
  ]);
  const { definitions } = access;
  const collected = collectEndpoints(readings, { hosts: hosts.hosts, definitions, namesOf: names.namesOf });
  const found =
    sources.publicAddresses === true
      ? await withPublicAddresses(collected, access)
      : { ...collected, incomplete: [] };
  return {
    region: sources.region,
    hostDomains: sources.hostDomains ?? [],
    coverage: 'scope',
    clusters: readings.map(({ cluster }) => ({ ...cluster, complete: false })),
    hosts: [...hosts.hosts.values()],
    containers: found.containers,
    endpoints: found.endpoints,
    incomplete: [
      ...located.incomplete,
      ...readings.flatMap(({ incomplete }) => incomplete),
      ...hosts.incomplete,
      ...unreadDefinitions,
      ...names.incomplete,
      ...found.incomplete,
    ],
    notices: distinctNotices([...found.notices, ...names.notices]),
  };
}

function servicesIn({ cluster, tasks }: ScopeReading): readonly ServiceRef[] {
  const services = tasks.flatMap(({ group }) => (group === undefined ? [] : (serviceOf(group) ?? [])));
  return [...new Set(services)].map((ecsService) => ({ cluster, ecsService }));
}

function clusterScopes(scopes: readonly Scope[], sources: ScopeSources): readonly ClusterScope[] {
  const { region, clusters: configured } = sources;
  const named = scopes.flatMap((scope) => (scope.kind === 'instance' ? [] : [scope]));
  const arns = named.flatMap(({ cluster }) => (cluster.startsWith('arn:') ? [cluster] : []));
  const samples = [...arns, ...configured.filter((one) => one.startsWith('arn:'))];
  const isMeant = ({ arn, name }: Cluster) =>
    configured.length === 0 || configured.some((one) => one === arn || one === name);
  const groups = groupBy(named, ({ cluster }) => clusterOf(cluster, region, samples).arn);
  return [...groups].flatMap(([arn, own]) => {
    const cluster = clusterOf(arn, region, samples);
    if (!isMeant(cluster)) return [];
    return {
      cluster,
      tasks: own.flatMap((scope) => (scope.kind === 'task' ? [scope.taskArn] : [])),
      instances: own.flatMap((scope) => (scope.kind === 'container-instance' ? [scope.arn] : [])),
      services: own.flatMap((scope) => (scope.kind === 'service' ? [scope.service] : [])),
    };
  });
}

function instanceIdsOf(scopes: readonly Scope[]): readonly string[] {
  return scopes.flatMap((scope) => (scope.kind === 'instance' ? [scope.instanceId] : []));
}

/** Which clusters have the machines that are named by their EC2 ids alone. */
async function locateInstances(scopes: readonly Scope[], sources: ScopeSources, access: ScopeAccess) {
  const ids = instanceIdsOf(scopes);
  if (ids.length === 0) return { scopes: [], incomplete: [] };
  const { ecs, ecsLimit, signal } = access;
  const listed = await listClusters(sources, signal);
  const isOne = `ec2InstanceId in [${ids.join(', ')}]`;
  const found = await Promise.all(
    listed.ids.map(async (cluster) => {
      const page = (token: string | undefined) =>
        ecsLimit(() => ecs.listContainerInstances(cluster, token, signal, isOne));
      const { items, error } = await readPages(page, signal);
      return {
        scopes: items.map((arn): Scope => ({ kind: 'container-instance', cluster, arn })),
        incomplete: unreadOf(`cluster/${cluster}`, 'ecs:ListContainerInstances', error),
      };
    }),
  );
  return {
    scopes: found.flatMap((one) => one.scopes),
    incomplete: [...listed.incomplete, ...found.flatMap((one) => one.incomplete)],
  };
}

interface ScopeReading {
  readonly cluster: Cluster;
  readonly tasks: readonly TaskSummary[];
  /** The container instances that are to be looked at anew. */
  readonly instances: readonly string[];
  readonly incomplete: readonly IncompleteScope[];
}

async function readScope(
  { cluster, tasks, instances, services }: ClusterScope,
  region: string,
  { ecs, ecsLimit, signal }: ScopeAccess,
): Promise<ScopeReading> {
  const asked = requestNameOf(cluster);
  const filters: readonly TaskFilter[] = [
    ...instances.map((containerInstance) => ({ desiredStatus: 'RUNNING' as const, containerInstance })),
    ...services.map((serviceName) => ({ desiredStatus: 'RUNNING' as const, serviceName })),
  ];
  const listings = await Promise.all(
    filters.map((filter) =>
      readPages((token) => ecsLimit(() => ecs.listTasks(asked, token, signal, filter)), signal),
    ),
  );
  const arns = [...new Set([...tasks, ...listings.flatMap(({ items }) => items)])].toSorted();
  const describe = (batch: readonly string[]) => ecs.describeTasks(asked, batch, signal);
  const { items, faults } = await describeAll<Task>(arns, describe, ecsLimit, signal);
  const scope = `cluster/${cluster.name}`;
  return {
    cluster: clusterOf(cluster.arn, region, arns),
    tasks: items.map(keepTask),
    instances,
    incomplete: [
      ...listings.flatMap(({ error }) => (isGone(error) ? [] : unreadOf(scope, 'ecs:ListTasks', error))),
      ...faults.flatMap((fault) => (isGone(fault) ? [] : unreadOf(scope, 'ecs:DescribeTasks', fault))),
    ],
  };
}

/** What an event names may be gone by the time that it is looked at: a service, a container instance, a cluster. */
const GONE: ReadonlySet<string> = new Set([
  'ServiceNotFoundException',
  'ClusterNotFoundException',
  'InvalidParameterException',
]);

function isGone(error: unknown): boolean {
  return error !== undefined && GONE.has(errorName(error));
}

function unreadOf(scope: string, operation: string, error: unknown): readonly IncompleteScope[] {
  return error === undefined ? [] : [unreadScope(scope, operation, error)];
}

/** The hosts of tasks that run, or are to run; those known from before are not asked for again, unless they are meant. */
async function hostsOf(readings: readonly ScopeReading[], access: ScopeAccess) {
  const { hosts: cache } = access;
  const wanted = readings.map(({ cluster, tasks, instances }) => ({
    cluster,
    arns: new Set([
      ...instances,
      ...tasks.filter((one) => needsHost(one, cache)).map((one) => one.instanceArn),
    ]),
  }));
  const described = await Promise.all(wanted.map((one) => describeInstances(one, access)));
  const read = await readHosts(described, access);
  for (const [arn, host] of read.hosts) cache.keep(arn, host);
  const arns = readings.flatMap(({ tasks }) => tasks.map(({ instanceArn }) => instanceArn));
  const known = [...new Set(arns)].flatMap((arn) => {
    const host = read.hosts.get(arn) ?? cache.get(arn);
    return host === undefined ? [] : [[arn, host] as const];
  });
  return {
    hosts: new Map([...read.hosts, ...known]),
    incomplete: [...described.flatMap(({ incomplete }) => incomplete), ...read.incomplete],
  };
}

/** What stops is found by its container, wherever it was. */
function needsHost({ instanceArn, desiredStatus }: TaskSummary, cache: KnownHosts): boolean {
  return instanceArn !== '' && desiredStatus !== 'STOPPED' && cache.get(instanceArn) === undefined;
}

async function describeInstances(
  { cluster, arns }: { readonly cluster: Cluster; readonly arns: ReadonlySet<string> },
  { ecs, ecsLimit, signal }: ScopeAccess,
) {
  const describe = (batch: readonly string[]) =>
    ecs.describeContainerInstances(requestNameOf(cluster), batch, signal);
  const { items, faults } = await describeAll<ContainerInstance>([...arns], describe, ecsLimit, signal);
  const incomplete = faults.map((fault) =>
    unreadScope(`cluster/${cluster.name}`, 'ecs:DescribeContainerInstances', fault, 'host-names'),
  );
  return { cluster, instances: items, incomplete };
}
