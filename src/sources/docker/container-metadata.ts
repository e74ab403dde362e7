import type { DefinedContainer } from '../ecs/definition-cache.ts';
import { ADDRESS_LABEL } from '../ecs/name-variables.ts';
import type { Inspection } from './engine-api.ts';

/**
 * The environment and the labels of a running container, in the shape of a container definition: what its image, files
 * and secrets set is in it. `discovery.service.name` may be in any case.
 */
export function definedBy({ Config }: Inspection): DefinedContainer {
  const environment = (Config?.Env ?? []).map((text) => {
    const equals = text.indexOf('=');
    return equals < 0
      ? { name: text, value: '' }
      : { name: text.slice(0, equals), value: text.slice(equals + 1) };
  });
  return {
    environment: environment.map(({ name, value }) => ({ name: inOneCase(name), value })),
    dockerLabels: Object.fromEntries(
      Object.entries(Config?.Labels ?? {}).map(([name, value]) => [inOneCase(name), value]),
    ),
  };
}

function inOneCase(name: string): string {
  return name.toLowerCase() === ADDRESS_LABEL ? ADDRESS_LABEL : name;
}

/** What ECS's agent writes on the containers that it starts. Source: Amazon ECS Developer Guide, "Container metadata". */
export interface EcsLabels {
  readonly taskArn: string | undefined;
  readonly containerName: string | undefined;
  /** A name or an ARN. */
  readonly cluster: string | undefined;
  readonly family: string | undefined;
}

export function ecsLabelsOf({ Config }: Inspection): EcsLabels {
  const labels = new Map(Object.entries(Config?.Labels ?? {}));
  const of = (name: string) => labels.get(`com.amazonaws.ecs.${name}`) || undefined;
  return {
    taskArn: of('task-arn'),
    containerName: of('container-name'),
    cluster: of('cluster'),
    family: of('task-definition-family'),
  };
}
