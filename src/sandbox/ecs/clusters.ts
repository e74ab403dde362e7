import { AwsError } from '../error-answer.ts';
import type { Json, Operation } from '../service.ts';
import type { World } from '../world/world.ts';
import { type Cluster, countTasks } from '../world/world-cluster.ts';
import { invalidParameter, optionalString, stringList } from './input.ts';
import { listArns } from './listing.ts';

/** The cluster a request names, by short name or ARN; `default` when it names none. */
export function requestedCluster(world: World, input: Json): Cluster {
  const cluster = world.findCluster(optionalString(input, 'cluster') ?? 'default');
  if (cluster === undefined || cluster.status === 'INACTIVE')
    throw new AwsError('ClusterNotFoundException', 'Cluster not found.');
  return cluster;
}

export const listClusters: Operation = ({ world }, input) =>
  listArns(input, {
    operation: 'ListClusters',
    items: world.clusters,
    matches: (cluster) => cluster.status !== 'INACTIVE',
    arnOf: (cluster) => cluster.arn,
    field: 'clusterArns',
  });

export const describeClusters: Operation = ({ world }, input) => {
  const asked = stringList(input, 'clusters');
  if (asked.length > 100) throw invalidParameter('clusters can have at most 100 items.');
  const clusters: Json[] = [];
  const failures: Json[] = [];
  for (const reference of asked.length === 0 ? ['default'] : asked) {
    const cluster = world.findCluster(reference);
    if (cluster !== undefined) clusters.push(describe(cluster));
    else failures.push({ arn: clusterArn(world, reference), reason: 'MISSING' });
  }
  return { clusters, failures };
};

function clusterArn(world: World, reference: string): string {
  if (reference.startsWith('arn:')) return reference;
  return `arn:aws:ecs:${world.region}:${world.account}:cluster/${reference}`;
}

function describe(cluster: Cluster): Json {
  return {
    clusterArn: cluster.arn,
    clusterName: cluster.name,
    status: cluster.status,
    registeredContainerInstancesCount: cluster.containerInstances.size,
    runningTasksCount: countTasks(cluster.tasks, 'running'),
    pendingTasksCount: countTasks(cluster.tasks, 'pending'),
    activeServicesCount: cluster.services.size,
    statistics: [],
    tags: [],
    settings: [],
    capacityProviders: [],
    defaultCapacityProviderStrategy: [],
  };
}
