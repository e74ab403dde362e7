import { AwsError } from '../error-answer.ts';
import type { Json, Operation } from '../service.ts';
import type { Service } from '../world/ecs-shapes.ts';
import { requestedCluster } from './clusters.ts';
import { definitionArnOf } from './describe-task-definition.ts';
import { invalidParameter, optionalString } from './input.ts';
import { requiredDefinition } from './run-task.ts';
import { describedService } from './services.ts';

/** Changes how many tasks a service wants, of which definition, or wants all of them anew. */
export const updateService: Operation = ({ world }, input) => {
  const cluster = requestedCluster(world, input);
  const reference = optionalString(input, 'service');
  if (reference === undefined || reference === '') throw invalidParameter('Service cannot be empty.');
  const service = cluster.services.get(cluster.arnOf('service', reference));
  if (service === undefined) throw new AwsError('ServiceNotFoundException', 'Service not found.');
  if (service.status !== 'ACTIVE') throw new AwsError('ServiceNotActiveException', 'Service was not ACTIVE.');
  const desiredCount = desiredCountOf(input) ?? service.desiredCount;
  const taskDefinition = wantedDefinition(
    input,
    service,
    (named) => requiredDefinition(world.taskDefinitions, definitionArnOf(world, named)).taskDefinitionArn,
  );
  const isAnew = input['forceNewDeployment'] === true || taskDefinition !== service.taskDefinition;
  Object.assign(service, { desiredCount, taskDefinition });
  world.announceService(service, isAnew);
  return { service: describedService(cluster, service) };
};

function wantedDefinition(input: Json, { taskDefinition }: Service, find: (named: string) => string): string {
  const named = optionalString(input, 'taskDefinition');
  return named === undefined ? taskDefinition : find(named);
}

function desiredCountOf(input: Json): number | undefined {
  const value = input['desiredCount'];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0)
    throw invalidParameter('Desired count cannot be negative.');
  return value;
}
