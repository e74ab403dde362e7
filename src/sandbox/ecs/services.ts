import type { Json, Operation } from '../service.ts';
import { deploymentId } from '../world/deployment-id.ts';
import type { Deployment, Service } from '../world/ecs-shapes.ts';
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
  return { services: services.map((service) => describe(service, cluster, running)), failures };
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
  return describe(service, cluster, countRunning(cluster, [service]));
}

function groupOf({ serviceName }: Service): string {
  return `service:${serviceName}`;
}

function describe(service: Service, cluster: Cluster, running: ReadonlyMap<string, number>): Json {
  const runningCount = running.get(groupOf(service)) ?? 0;
  const { serviceRegistries = [] } = service;
  const deployments = deploymentsOf(service, cluster);
  return { ...service, serviceRegistries, runningCount, pendingCount: 0, deployments, events: [] };
}

/** An earlier deployment is told of as long as it has tasks, and the last one is complete once no earlier one has. */
function deploymentsOf(service: Service, cluster: Cluster): readonly Deployment[] {
  const [primary, ...earlier] = rollouts(service);
  if (primary === undefined || earlier.length === 0) return rollouts(service);
  const started = new Set<string | undefined>();
  for (const { group, lastStatus, startedBy } of cluster.tasks.values())
    if (group === groupOf(service) && lastStatus !== 'STOPPED') started.add(startedBy);
  const going = earlier.filter(({ id }) => id === undefined || started.has(id));
  return [going.length === 0 ? { ...primary, rolloutState: 'COMPLETED' } : primary, ...going];
}

/** The rollouts of a service, the last one first. */
export function rollouts({ serviceArn, taskDefinition, deployments }: Service): readonly Deployment[] {
  const id = deploymentId(serviceArn, 1);
  return deployments ?? [{ id, status: 'PRIMARY', rolloutState: 'COMPLETED', taskDefinition }];
}

/** Begins another one; those before go on until their tasks have ended. */
export function roll(service: Service, taskDefinition: string): void {
  const before = rollouts(service).map((one) => ({ ...one, status: 'ACTIVE' }));
  const id = deploymentId(service.serviceArn, before.length + 1);
  const next = { id, status: 'PRIMARY', rolloutState: 'IN_PROGRESS', taskDefinition };
  service.deployments = [next, ...before];
}
