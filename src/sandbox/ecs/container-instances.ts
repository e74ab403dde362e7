import type { Json, Operation } from '../service.ts';
import type { ContainerInstance } from '../world/ecs-shapes.ts';
import { type Cluster, countTasks } from '../world/world-cluster.ts';
import { requestedCluster } from './clusters.ts';
import { boundedList, invalidParameter, optionalChoice, optionalString } from './input.ts';
import { listArns } from './listing.ts';

const STATUSES = ['ACTIVE', 'DRAINING', 'REGISTERING', 'DEREGISTERING', 'REGISTRATION_FAILED'] as const;

export const listContainerInstances: Operation = ({ world }, input) => {
  const cluster = requestedCluster(world, input);
  const status = optionalChoice(input, 'status', STATUSES);
  const isFiltered = queryFilter(optionalString(input, 'filter'));
  return listArns(input, {
    operation: 'ListContainerInstances',
    items: cluster.containerInstances,
    matches: (instance) =>
      instance.status !== 'INACTIVE' &&
      (status ?? instance.status) === instance.status &&
      isFiltered(instance),
    arnOf: (instance) => instance.containerInstanceArn,
    field: 'containerInstanceArns',
  });
};

const BY_EC2_ID = /^ec2InstanceId in \[([^\]]*)\]$/;

/** Of the cluster query language it knows the one form that finds machines by their EC2 ids. */
function queryFilter(filter: string | undefined): (instance: ContainerInstance) => boolean {
  if (filter === undefined) return () => true;
  const [, ids] = BY_EC2_ID.exec(filter) ?? [];
  if (ids === undefined) throw invalidParameter(`The sandbox does not evaluate the filter ${filter}.`);
  const wanted = new Set(ids.split(',').map((id) => id.trim()));
  return ({ ec2InstanceId }) => wanted.has(ec2InstanceId);
}

export const describeContainerInstances: Operation = ({ world }, input) => {
  const cluster = requestedCluster(world, input);
  const asked = boundedList(input, 'containerInstances', 100, 'Container instances', 'instanceIds');
  const containerInstances: Json[] = [];
  const failures: Json[] = [];
  for (const reference of asked) {
    const arn = cluster.arnOf('container-instance', reference);
    const instance = cluster.containerInstances.get(arn);
    if (instance !== undefined) containerInstances.push(describe(cluster, instance));
    else failures.push({ arn, reason: 'MISSING' });
  }
  return { containerInstances, failures };
};

function describe(cluster: Cluster, instance: ContainerInstance): Json {
  const tasks = cluster.tasksOf(instance.containerInstanceArn);
  return {
    ...instance,
    runningTasksCount: countTasks(tasks, 'running'),
    pendingTasksCount: countTasks(tasks, 'pending'),
    attachments: [],
    registeredResources: [],
    remainingResources: [],
    tags: [],
  };
}
