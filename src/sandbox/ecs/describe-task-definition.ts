import { AwsError } from '../error-answer.ts';
import type { Operation } from '../service.ts';
import type { World } from '../world/world.ts';
import { invalidParameter, optionalString } from './input.ts';

/** By ARN, `family:revision`, or `family` alone for its latest revision. */
export const describeTaskDefinition: Operation = ({ world }, input) => {
  const reference = optionalString(input, 'taskDefinition');
  if (reference === undefined || reference === '') throw invalidParameter('taskDefinition can not be blank.');
  const definition = world.taskDefinitions.get(arnOf(world, reference));
  if (definition === undefined) throw new AwsError('ClientException', 'Unable to describe task definition.');
  return { taskDefinition: definition, tags: [] };
};

function arnOf(world: World, reference: string): string {
  if (reference.startsWith('arn:')) return reference;
  const isFamily = !reference.includes(':');
  const revision = isFamily ? `:${world.latestRevisions.get(reference) ?? 0}` : '';
  return `arn:aws:ecs:${world.region}:${world.account}:task-definition/${reference}${revision}`;
}
