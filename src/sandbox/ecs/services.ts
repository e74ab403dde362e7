import type { Json, Operation } from '../service.ts';
import type { Cluster } from '../world/cluster.ts';
import type { Service } from '../world/ecs-shapes.ts';
import { requestedCluster } from './clusters.ts';
import { boundedList } from './input.ts';
import { listArns } from './listing.ts';

export const listServices: Operation = ({ world }, input) => {
  const cluster = requestedCluster(world, input);
  return listArns(input, {
    operation: 'ListServices',
    items: cluster.services,
    arnOf: (service) => service.serviceArn,
    field: 'serviceArns',
    defaultPageSize: 10,
  });
};

export const describeServices: Operation = ({ world }, input) => {
  const cluster = requestedCluster(world, input);
  const asked = boundedList(input, 'services', 10, 'Services', 'service names');
  const services: Json[] = [];
  const failures: Json[] = [];
  for (const reference of asked) {
    const arn = cluster.arnOf('service', reference);
    const service = cluster.services.get(arn);
    if (service !== undefined) services.push(describe(cluster, service));
    else failures.push({ arn, reason: 'MISSING' });
  }
  return { services, failures };
};

function describe(cluster: Cluster, service: Service): Json {
  const group = `service:${service.serviceName}`;
  let runningCount = 0;
  for (const task of cluster.tasks.values())
    if (task.group === group && task.lastStatus === 'RUNNING') runningCount += 1;
  return { ...service, runningCount, pendingCount: 0, deployments: [], events: [], loadBalancers: [] };
}
