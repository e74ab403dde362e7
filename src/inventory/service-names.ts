import type { ContainerDefinition, ContainerOverride } from '@aws-sdk/client-ecs';
import { normalizeName } from '../model/dns-name.ts';

/** A container's metadata: environment variables and docker labels in one map, labels over variables. */
export type ServiceMetadata = ReadonlyMap<string, string>;

const PORT_NAME = /^SERVICE_(\d{1,5})_NAME$/;

/**
 * The `SERVICE_…` metadata of a container, by registrator's convention: the task definition's
 * environment, over it what the task was started with, over it the docker labels.
 */
export function serviceMetadata(
  definition: ContainerDefinition,
  override: ContainerOverride | undefined,
): ServiceMetadata {
  const variables = [...(definition.environment ?? []), ...(override?.environment ?? [])];
  const pairs = [
    ...variables.map(({ name, value }) => [name, value] as const),
    ...Object.entries(definition.dockerLabels ?? {}),
  ];
  const metadata = new Map<string, string>();
  for (const [name, value] of pairs) {
    if (name?.startsWith('SERVICE_') && value !== undefined) metadata.set(name, value.trim());
  }
  return metadata;
}

/**
 * The service name of a container port, normalised: `SERVICE_<port>_NAME`, else `SERVICE_NAME` where
 * the container has this port alone; `undefined` when it has none.
 */
export function serviceNameOf(
  metadata: ServiceMetadata,
  containerPort: number,
  portCount: number,
): string | undefined {
  const general = portCount === 1 ? metadata.get('SERVICE_NAME') : undefined;
  const name = metadata.get(`SERVICE_${containerPort}_NAME`) || general;
  return name === undefined || name === '' ? undefined : normalizeName(name);
}

/** All service names of a container, sorted, whether ECS has reported their ports or not. */
export function allServiceNames(metadata: ServiceMetadata, portCount: number): readonly string[] {
  const names = [...metadata].flatMap(([key, name]) => (PORT_NAME.test(key) && name !== '' ? [name] : []));
  const general = portCount === 1 ? metadata.get('SERVICE_NAME') : undefined;
  if (names.length === 0 && general) names.push(general);
  return [...new Set(names.map(normalizeName))].toSorted();
}
