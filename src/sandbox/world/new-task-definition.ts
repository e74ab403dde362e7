import type {
  ContainerDefinition,
  EnvironmentFile,
  NetworkMode,
  PortMapping,
  TaskDefinition,
} from './ecs-shapes.ts';

export interface ContainerDefinitionOptions {
  readonly name?: string;
  readonly image?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** The names of variables that come from Systems Manager. */
  readonly secrets?: readonly string[];
  /** The ARNs of objects in S3. */
  readonly environmentFiles?: readonly string[];
  readonly dockerLabels?: Readonly<Record<string, string>>;
  /** A number stands for that container port with a host port of Docker's choice. */
  readonly portMappings?: readonly (number | PortMapping)[];
  /** The command by which ECS checks it. */
  readonly healthCheck?: readonly string[];
  /** In seconds; ECS's own by default. */
  readonly stopTimeout?: number;
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
    environmentFiles: (options.environmentFiles ?? []).map(environmentFile),
    secrets: (options.secrets ?? []).map((name) => ({ name, valueFrom: `${PARAMETER}/${name}` })),
    portMappings: (options.portMappings ?? []).map((mapping) => portMapping(mapping)),
    ...(options.healthCheck === undefined ? {} : { healthCheck: { command: [...options.healthCheck] } }),
    ...(options.stopTimeout === undefined ? {} : { stopTimeout: options.stopTimeout }),
    ...(options.dockerLabels === undefined ? {} : { dockerLabels: { ...options.dockerLabels } }),
  };
}

const PARAMETER = 'arn:aws:ssm:us-east-1:123456789012:parameter';

export function environmentFile(value: string): EnvironmentFile {
  return { type: 's3', value };
}

function portMapping(mapping: number | PortMapping): PortMapping {
  const full = typeof mapping === 'number' ? { containerPort: mapping, hostPort: 0 } : mapping;
  return { protocol: 'tcp', ...full };
}
