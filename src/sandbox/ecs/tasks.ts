import { AwsError } from '../error-answer.ts';
import type { Json, Operation } from '../service.ts';
import type { Task } from '../world/ecs-shapes.ts';
import type { Cluster } from '../world/world-cluster.ts';
import { requestedCluster } from './clusters.ts';
import { boundedList, invalidParameter, optionalChoice, optionalString } from './input.ts';
import { listArns } from './listing.ts';

const DESIRED_STATUSES = ['RUNNING', 'PENDING', 'STOPPED'] as const;
const LAUNCH_TYPES = ['EC2', 'FARGATE', 'EXTERNAL', 'MANAGED_INSTANCES'] as const;

export const listTasks: Operation = ({ world }, input) => {
  const cluster = requestedCluster(world, input);
  const instance = optionalString(input, 'containerInstance');
  return listArns(input, {
    operation: 'ListTasks',
    items: instance === undefined ? cluster.tasks : cluster.tasksOf(knownInstance(cluster, instance)),
    matches: taskFilter(cluster, input),
    arnOf: (task) => task.taskArn,
    field: 'taskArns',
  });
};

function knownInstance(cluster: Cluster, reference: string): string {
  const arn = cluster.arnOf('container-instance', reference);
  if (cluster.containerInstances.get(arn) === undefined)
    throw invalidParameter(`Referenced container instance ${idOf(arn)} not found.`);
  return arn;
}

// ECS sets the desired status to RUNNING or STOPPED only, so PENDING finds nothing.
function taskFilter(cluster: Cluster, input: Json): (task: Task) => boolean {
  const desiredStatus = optionalChoice(input, 'desiredStatus', DESIRED_STATUSES) ?? 'RUNNING';
  const launchType = optionalChoice(input, 'launchType', LAUNCH_TYPES);
  const family = optionalString(input, 'family');
  const service = optionalString(input, 'serviceName');
  const group = service === undefined ? undefined : `service:${knownService(cluster, service)}`;
  return (task) =>
    task.desiredStatus === desiredStatus &&
    (launchType === undefined || task.launchType === launchType) &&
    (family === undefined || familyOf(task) === family) &&
    (group === undefined || task.group === group);
}

function knownService(cluster: Cluster, reference: string): string {
  const service = cluster.services.get(cluster.arnOf('service', reference));
  if (service === undefined) throw new AwsError('ServiceNotFoundException', 'Service not found.');
  return service.serviceName;
}

function familyOf(task: Task): string {
  const nameAndRevision = idOf(task.taskDefinitionArn);
  return nameAndRevision.slice(0, nameAndRevision.lastIndexOf(':'));
}

export const describeTasks: Operation = ({ world }, input) => {
  const cluster = requestedCluster(world, input);
  const asked = boundedList(input, 'tasks', 100, 'Tasks', 'taskIds');
  const tasks: Task[] = [];
  const failures: Json[] = [];
  for (const reference of asked) {
    const arn = cluster.arnOf('task', reference);
    const task = cluster.tasks.get(arn);
    if (task !== undefined) tasks.push(task);
    else failures.push({ arn, reason: 'MISSING' });
  }
  return { tasks, failures };
};

/** Asks a task to stop: it is on its way out at once, and gone when the world says so. */
export const stopTask: Operation = ({ world, now }, input) => {
  const cluster = requestedCluster(world, input);
  const task = cluster.tasks.get(cluster.arnOf('task', optionalString(input, 'task') ?? ''));
  if (task === undefined) throw invalidParameter('The referenced task was not found.');
  if (task.lastStatus === 'STOPPED') return { task };
  const stoppedReason = optionalString(input, 'reason') ?? 'Task stopped by user';
  world.tellToStop(task, stoppedReason, now() / 1000);
  return { task };
};

function idOf(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}
