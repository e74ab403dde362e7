import { AwsError } from '../error-answer.ts';
import type { Json, Operation } from '../service.ts';
import { objectOf, objectsOf } from '../wire/json.ts';
import type { Task, TaskDefinition } from '../world/ecs-shapes.ts';
import type { OverrideOptions } from '../world/new-task.ts';
import { placeTask } from '../world/placement.ts';
import { requestedCluster } from './clusters.ts';
import { definitionArn } from './describe-task-definition.ts';
import { invalidParameter, optionalChoice, optionalString } from './input.ts';

const LAUNCH_TYPES = ['EC2', 'FARGATE'] as const;
const MAX_COUNT = 10;

/** Starts tasks of no service: accepted at once, running once the scheduler of the sandbox says so. */
export const runTask: Operation = ({ world }, input) => {
  const cluster = requestedCluster(world, input);
  const taskDefinition = requiredDefinition(world.taskDefinitions, definitionArn(world, input));
  const launchType = optionalChoice(input, 'launchType', LAUNCH_TYPES) ?? 'EC2';
  const count = countOf(input);
  checkNetwork(input, taskDefinition, launchType);
  const tasks: Task[] = [];
  const failures: Json[] = [];
  for (let i = 0; i < count; i++) {
    const place = placeTask(world, cluster, taskDefinition, launchType);
    if (place === undefined) throw invalidParameter('No Container Instances were found in your cluster.');
    if (place.kind === 'failed') {
      failures.push({ arn: place.arn, reason: place.reason });
      continue;
    }
    const overrides = overridesOf(input);
    tasks.push(world.beginTask({ cluster, taskDefinition, launchType, overrides, ...place.at }));
  }
  return { tasks, failures };
};

/** Source: ECS API reference, RunTask: an inactive or unknown definition is the client's error. */
export function requiredDefinition(known: ReadonlyMap<string, TaskDefinition>, arn: string): TaskDefinition {
  const definition = known.get(arn);
  if (definition === undefined) throw new AwsError('ClientException', 'TaskDefinition not found.');
  if (definition.status !== 'ACTIVE') throw new AwsError('ClientException', 'TaskDefinition is inactive');
  return definition;
}

function countOf(input: Json): number {
  const value = input['count'] ?? 1;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 1 || value > MAX_COUNT)
    throw invalidParameter(`count must be between 1 and ${MAX_COUNT}.`);
  return value;
}

function checkNetwork(input: Json, { networkMode }: TaskDefinition, launchType: string): void {
  if (launchType === 'FARGATE' && networkMode !== 'awsvpc')
    throw new AwsError('ClientException', "Fargate only supports network mode 'awsvpc'.");
  const configuration = objectOf(input['networkConfiguration'])['awsvpcConfiguration'];
  if (networkMode === 'awsvpc' && configuration === undefined)
    throw invalidParameter("Network Configuration must be provided when networkMode 'awsvpc' is specified.");
  if (networkMode !== 'awsvpc' && configuration !== undefined)
    throw invalidParameter(
      'Network Configuration is not valid for the given networkMode of this task definition.',
    );
}

function overridesOf(input: Json): Readonly<Record<string, OverrideOptions>> {
  const given = objectsOf(objectOf(input['overrides'])['containerOverrides'] ?? []);
  return Object.fromEntries(
    given.map((one) => {
      const pairs = objectsOf(one['environment'] ?? []).map(({ name, value }) => [
        String(name),
        String(value),
      ]);
      return [optionalString(one, 'name') ?? '', { environment: Object.fromEntries(pairs) }];
    }),
  );
}
