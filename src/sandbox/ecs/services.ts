import type { Json, Operation } from '../service.ts';
import type { Service } from '../world/ecs-shapes.ts';
import type { Cluster } from '../world/world-cluster.ts';
import { requestedCluster } from './clusters.ts';
import { boundedList } from './input.ts';
import { listArns } from './listing.ts';

export const listServices: Operation = ({ world }, input) => {
  const cluster = requestedCluster(world, input);
  return listArns(input, {
    operation: 'ListServices',
    items: cluster.services,
    // One that was deleted is described for a while longer, but no longer listed.
    matches: (service) => service.status === 'ACTIVE',
    arnOf: (service) => service.serviceArn,
    field: 'serviceArns',
    defaultPageSize: 10,
  });
};

export const describeServices: Operation = ({ world }, input) => {
  const cluster = requestedCluster(world, input);
  const asked = boundedList(input, 'services', 10, 'Services', 'service names');
  const services: Service[] = [];
  const failures: Json[] = [];
  for (const reference of asked) {
    const arn = cluster.arnOf('service', reference);
    const service = cluster.services.get(arn);
    if (service !== undefined) services.push(service);
    else failures.push({ arn, reason: 'MISSING' });
  }
  const running = countRunning(cluster, services);
  return { services: services.map((service) => describe(service, running)), failures };
};

/** The running tasks of each service, by its group; one pass over the cluster for all of them. */
function countRunning(cluster: Cluster, services: readonly Service[]): ReadonlyMap<string, number> {
  const counts = new Map(services.map((service) => [groupOf(service), 0]));
  for (const { group, lastStatus } of cluster.tasks.values()) {
    const count = counts.get(group);
    if (count !== undefined && lastStatus === 'RUNNING') counts.set(group, count + 1);
  }
  return counts;
}

/** A service as ECS describes it, with what runs of it now. */
export function describedService(cluster: Cluster, service: Service): Json {
  return describe(service, countRunning(cluster, [service]));
}

function groupOf({ serviceName }: Service): string {
  return `service:${serviceName}`;
}

function describe(service: Service, running: ReadonlyMap<string, number>): Json {
  const runningCount = running.get(groupOf(service)) ?? 0;
  return { ...service, runningCount, pendingCount: 0, deployments: service.deployments ?? [], events: [] };
}
