import type { ContainerDefinition, NetworkMode, PortMapping, TaskDefinition } from './ecs-shapes.ts';

export interface ContainerDefinitionOptions {
  readonly name?: string;
  readonly image?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly dockerLabels?: Readonly<Record<string, string>>;
  /** A number stands for that container port with a host port of Docker's choice. */
  readonly portMappings?: readonly (number | PortMapping)[];
}

export interface TaskDefinitionOptions {
  readonly family: string;
  readonly networkMode?: NetworkMode;
  readonly containers: readonly ContainerDefinitionOptions[];
}

/** A task definition in the shape in which ECS describes it. */
export function newTaskDefinition(
  arn: string,
  revision: number,
  options: TaskDefinitionOptions,
): TaskDefinition {
  return {
    taskDefinitionArn: arn,
    family: options.family,
    revision,
    status: 'ACTIVE',
    networkMode: options.networkMode ?? 'bridge',
    containerDefinitions: options.containers.map((container) => newContainerDefinition(container)),
  };
}

function newContainerDefinition(options: ContainerDefinitionOptions): ContainerDefinition {
  const environment = Object.entries(options.environment ?? {}).map(([name, value]) => ({ name, value }));
  return {
    name: options.name ?? 'app',
    image: options.image ?? 'registry.example.com/app:1',
    essential: true,
    environment,
    portMappings: (options.portMappings ?? []).map((mapping) => portMapping(mapping)),
    ...(options.dockerLabels === undefined ? {} : { dockerLabels: { ...options.dockerLabels } }),
  };
}

function portMapping(mapping: number | PortMapping): PortMapping {
  const full = typeof mapping === 'number' ? { containerPort: mapping, hostPort: 0 } : mapping;
  return { protocol: 'tcp', ...full };
}
