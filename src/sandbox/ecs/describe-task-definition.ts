import { AwsError } from '../error-answer.ts';
import type { Json, Operation } from '../service.ts';
import type { World } from '../world/world.ts';
import { invalidParameter, optionalString } from './input.ts';

/** By ARN, `family:revision`, or `family` alone for its latest revision. */
export const describeTaskDefinition: Operation = ({ world }, input) => {
  const definition = world.taskDefinitions.get(definitionArn(world, input));
  if (definition === undefined) throw new AwsError('ClientException', 'Unable to describe task definition.');
  return { taskDefinition: definition, tags: [] };
};

/** The ARN of the definition that a request names, be there one or not. */
export function definitionArn(world: World, input: Json): string {
  const reference = optionalString(input, 'taskDefinition');
  if (reference === undefined || reference === '') throw invalidParameter('taskDefinition can not be blank.');
  return definitionArnOf(world, reference);
}

export function definitionArnOf(world: World, reference: string): string {
  if (reference.startsWith('arn:')) return reference;
  const isFamily = !reference.includes(':');
  const revision = isFamily ? `:${world.latestRevisions.get(reference) ?? 0}` : '';
  return `arn:aws:ecs:${world.region}:${world.account}:task-definition/${reference}${revision}`;
}
