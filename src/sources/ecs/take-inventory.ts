import pLimit from 'p-limit';
import { systemClock } from '../../aws/system-clock.ts';
import { clusterOf } from '../../model/cluster.ts';
import type { Inventory } from '../../model/inventory.ts';
import { RunError } from '../../model/run-error.ts';
import type { FleetPort, InventoryProgress } from '../inventory-port.ts';
import type { Access } from './access.ts';
import { collectEndpoints, distinctNotices } from './collect-endpoints.ts';
import { type DefinitionReader, definitionReader } from './definition-cache.ts';
import { fairShareLimiter, type Limit } from './fair-share-limiter.ts';
import { lookUpGracePeriods } from './grace-periods.ts';
import { readHosts } from './hosts.ts';
import { KnownHosts } from './known-hosts.ts';
import { listClusters } from './list-clusters.ts';
import type { NamedTask } from './name-claims.ts';
import { readCoverage } from './network-coverage.ts';
import { withPublicAddresses } from './public-addresses.ts';
import { confirmServices, readBalancedServices } from './read-balanced-services.ts';
import { type ClusterReading, readCluster } from './read-cluster.ts';
import { readConfirmation } from './read-confirmation.ts';
import { readEcsHealth } from './read-ecs-health.ts';
import {
  type NameOptions,
  type ReadNames,
  readServiceNames,
  type ServiceRef,
  unreadNames,
} from './read-service-names.ts';
import { readTargetHealth } from './read-target-health.ts';
import { serviceOf } from './self-description.ts';
import { readServiceStates } from './service-states.ts';
import { takeScope } from './take-scope.ts';
import type { TaskSummary } from './task-summary.ts';
import { lookUpUnknownHosts } from './unknown-hosts.ts';

/** What the inventory is taken from. `clusters` are names or ARNs; none means all of them. */
export interface InventorySources extends Pick<Access, 'ecs' | 'ec2' | 'definitions'> {
  readonly region: string;
  readonly clusters: readonly string[];
  /** Whether the public addresses of tasks are looked up; by default they are not. */
  readonly publicAddresses?: boolean;
  /** Further domains in which hosts bear names made of their addresses (normalised). */
  readonly hostDomains?: readonly string[];
  /** Elastic Load Balancing, loaded when it is first needed; without it every balancer is unknown. */
  readonly balancers?: Access['balancers'];
  /** Cloud Map, loaded when it is first needed; without it every registry is unread. */
  readonly cloudMap?: Access['cloudMap'];
  /** What names tasks: by default their metadata alone. */
  readonly names?: NameOptions;
  /** What is known of hosts from before, for scopes; none unless given. */
  readonly hosts?: KnownHosts;
}

const BY_METADATA: NameOptions = { order: ['metadata'], namespace: undefined, ipv6: false };

/** Requests under way at once to one service: enough to hide the latency, within a second's quota. */
const CONCURRENT_REQUESTS = 8;

/**
 * The inventory of ECS and EC2.
 *
 * @example
 * const sources = { ecs, ec2, region: 'eu-west-1', clusters: [], definitions: new Map() };
 * const { endpoints } = await createInventory(sources).take(() => {}, undefined);
 */
export function createInventory(sources: InventorySources): FleetPort {
  const options = sources.names ?? BY_METADATA;
  // What a confirmation finds is named as what was read before.
  let namesOf = unreadNames(options);
  const readNames: ReadNames = async (services, signal) => {
    const names = await readServiceNames(services, options, { ...access, signal });
    namesOf = names.namesOf;
    return names;
  };
  const access = {
    balancers: () => Promise.reject(new Error('there is no access to Elastic Load Balancing')),
    cloudMap: () => Promise.reject(new Error('there is no access to Cloud Map')),
    ...sources,
    ecsLimit: pLimit(CONCURRENT_REQUESTS),
    ec2Limit: pLimit(CONCURRENT_REQUESTS),
    balancerLimit: pLimit(CONCURRENT_REQUESTS),
    cloudMapLimit: pLimit(CONCURRENT_REQUESTS),
    namesOf: (task: NamedTask) => namesOf(task),
  };
  const hosts = sources.hosts ?? new KnownHosts(systemClock);
  return {
    take: async (progress, signal) => {
      const limitOf = fairShareLimiter(CONCURRENT_REQUESTS);
      const inventory = await takeInventory(sources, { ...access, readNames, limitOf, progress, signal });
      hosts.refresh(inventory.hosts);
      return inventory;
    },
    lookUpUnknownHosts: (query, signal) => lookUpUnknownHosts(query, { ...access, signal }),
    takeScope: (scopes, signal) => takeScope(scopes, sources, { ...access, readNames, hosts, signal }),
    findServices: async (isOfInterest, signal) => {
      const { ids, incomplete } = await listClusters(sources, signal);
      const clusters = ids.map((id) => clusterOf(id, sources.region, ids));
      const found = await readBalancedServices({ clusters, isOfInterest }, { ...access, signal });
      return { ...found, incomplete: [...incomplete, ...found.incomplete] };
    },
    readCoverage: (query, signal) => readCoverage(query, sources.region, { ...access, signal }),
    confirm: (query, signal) => readConfirmation(query, { ...access, signal }),
    lookUpGracePeriods: (containers, signal) => lookUpGracePeriods(containers, { ...access, signal }),
    readTargetHealth: (endpoints, signal) => readTargetHealth(endpoints, { ...access, signal }),
    readEcsHealth: (containers, signal) => readEcsHealth(containers, { ...access, signal }),
    readServiceStates: (keys, signal) => readServiceStates(keys, { ...access, signal }),
    readBalancedServices: (query, signal) => readBalancedServices(query, { ...access, signal }),
    confirmServices: (query, signal) => confirmServices(query, { ...access, signal }),
  };
}

/** How one inventory is taken. */
interface Conduct extends Access {
  /** Bounds the requests under way to ECS, fairly between its operations. */
  readonly limitOf: (operation: string) => Limit;
  readonly progress: InventoryProgress;
  readonly readNames: ReadNames;
}

async function takeInventory(sources: InventorySources, conduct: Conduct): Promise<Inventory> {
  const { definitions, limitOf, signal } = conduct;
  const reader = definitionReader(conduct.ecs, definitions, limitOf('ecs:DescribeTaskDefinition'), signal);
  const listed = await listClusters(sources, signal);
  const readings = await readClusters(listed.ids, sources, reader, conduct);
  const [hosts, unreadDefinitions, names] = await Promise.all([
    readHosts(readings, conduct),
    reader.settled(),
    conduct.readNames(readings.flatMap(servicesIn), signal),
  ]);
  const sourcesOfNames = { hosts: hosts.hosts, definitions, namesOf: names.namesOf };
  const collected = collectEndpoints(readings, sourcesOfNames);
  const found =
    sources.publicAddresses === true
      ? await withPublicAddresses(collected, conduct)
      : { ...collected, incomplete: [] };
  return {
    region: sources.region,
    hostDomains: sources.hostDomains ?? [],
    coverage: sources.clusters.length === 0 ? 'all-clusters' : 'configured-clusters',
    clusters: readings.map(({ cluster, incomplete }) => ({ ...cluster, complete: incomplete.length === 0 })),
    hosts: [...hosts.hosts.values()],
    containers: found.containers,
    endpoints: found.endpoints,
    incomplete: [
      ...listed.incomplete,
      ...readings.flatMap(({ incomplete }) => incomplete),
      ...hosts.incomplete,
      ...unreadDefinitions,
      ...names.incomplete,
      ...found.incomplete,
    ],
    notices: distinctNotices([...found.notices, ...names.notices]),
  };
}

/** A cluster, and the services that have tasks in it. */
interface NamedReading extends ClusterReading {
  readonly services: ReadonlySet<string>;
}

function servicesIn({ cluster, services }: NamedReading): readonly ServiceRef[] {
  return [...services].map((ecsService) => ({ cluster, ecsService }));
}

async function readClusters(
  ids: readonly string[],
  { ecs, region, clusters: configured }: InventorySources,
  definitions: DefinitionReader,
  { limitOf, progress, signal }: Conduct,
): Promise<readonly NamedReading[]> {
  const onTasks = (tasks: readonly TaskSummary[]) => {
    for (const { definitionArn } of tasks) if (definitionArn !== '') definitions.want(definitionArn);
  };
  let done = 0;
  const readings = await Promise.all(
    ids.map(async (id) => {
      const services = new Set<string>();
      const keep = (tasks: readonly TaskSummary[]) => {
        onTasks(tasks);
        for (const { group = '' } of tasks)
          for (const one of [serviceOf(group) ?? []].flat()) services.add(one);
      };
      const reading = await readCluster(id, { ecs, region, limitOf, onTasks: keep, signal });
      progress(++done, ids.length);
      return { ...reading, services };
    }),
  );
  const unknown = readings.filter(({ missing }) => missing).map(({ id }) => id);
  if (configured.length > 0 && unknown.length > 0) {
    throw new RunError(
      'cluster-not-found',
      `clusters: ECS has no cluster ${unknown.join(', ')} in this region and account: correct the name, or leave clusters out to read all`,
    );
  }
  // One that has nothing in it is of the account of the others.
  const known = readings.map(({ cluster }) => cluster.arn);
  return readings.map((reading) => ({ ...reading, cluster: clusterOf(reading.cluster.arn, region, known) }));
}
