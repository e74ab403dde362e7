import { AwsError } from '../error-answer.ts';
import type { Json, Operation } from '../service.ts';
import { isObject } from '../wire/json.ts';
import type { Service, ServiceRegistry } from '../world/ecs-shapes.ts';
import type { World } from '../world/world.ts';
import { requestedCluster } from './clusters.ts';
import { definitionArnOf } from './describe-task-definition.ts';
import { invalidParameter, optionalString } from './input.ts';
import { requiredDefinition } from './run-task.ts';
import { describedService, roll } from './services.ts';

/** Changes how many tasks a service wants, of which definition and with which registries, or wants all of them anew. */
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
  const serviceRegistries = wantedRegistries(input, service, world);
  const isAnew =
    input['forceNewDeployment'] === true ||
    taskDefinition !== service.taskDefinition ||
    serviceRegistries !== service.serviceRegistries;
  if (isAnew) roll(service, taskDefinition);
  Object.assign(service, { desiredCount, taskDefinition }, serviceRegistries && { serviceRegistries });
  world.announceService(service, isAnew);
  return { service: describedService(cluster, service) };
};

function wantedDefinition(input: Json, { taskDefinition }: Service, find: (named: string) => string): string {
  const named = optionalString(input, 'taskDefinition');
  return named === undefined ? taskDefinition : find(named);
}

/** Another list, be it of the same, begins a deployment; an empty one takes the service out of Cloud Map. */
function wantedRegistries(
  input: Json,
  service: Service,
  world: World,
): readonly ServiceRegistry[] | undefined {
  const given = input['serviceRegistries'];
  if (given === undefined || given === null) return service.serviceRegistries;
  if (!Array.isArray(given)) throw invalidParameter('serviceRegistries is not a list.');
  if (given.length > 1) throw invalidParameter('service registries can have at most 1 items.');
  return given.map((one: unknown) => {
    const registry = isObject(one) ? one : {};
    const { registryArn, port, containerName, containerPort } = registry as Partial<ServiceRegistry>;
    const isKnown = [...world.cloudMapServices.values()].some(({ arn }) => arn === registryArn);
    if (registryArn === undefined || !isKnown)
      throw invalidParameter(`The registry ${registryArn} was not found.`);
    return {
      registryArn,
      ...(port === undefined ? {} : { port }),
      ...(containerName === undefined ? {} : { containerName }),
      ...(containerPort === undefined ? {} : { containerPort }),
    };
  });
}

function desiredCountOf(input: Json): number | undefined {
  const value = input['desiredCount'];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0)
    throw invalidParameter('Desired count cannot be negative.');
  return value;
}
