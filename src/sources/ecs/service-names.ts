import type { ContainerDefinition, ContainerOverride } from '@aws-sdk/client-ecs';
import { normalizeName } from '../../model/dns-name.ts';

/** A container's metadata: environment variables and docker labels in one map, labels over variables. */
export type ServiceMetadata = ReadonlyMap<string, string>;

const ADDRESS_LABEL = 'discovery.service.name';
const ADDRESS_VARIABLE = 'DISCOVERY_SERVICE_NAME';
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

/**
 * The name under which the address of a container's task is to be found, normalised: the docker label
 * `discovery.service.name`, or else the variable of that name or of its upper-case form. `undefined` when it
 * has none.
 */
export function addressNameOf(
  definition: Pick<ContainerDefinition, 'environment' | 'dockerLabels'>,
  override: ContainerOverride | undefined,
): string | undefined {
  const variables = [...(override?.environment ?? []), ...(definition.environment ?? [])];
  const variable = variables.find(({ name }) => name === ADDRESS_LABEL || name === ADDRESS_VARIABLE)?.value;
  const name = definition.dockerLabels?.[ADDRESS_LABEL] || variable;
  return name === undefined || name.trim() === '' ? undefined : normalizeName(name.trim());
}

/** All service names of a container, sorted, whether ECS has reported their ports or not. */
export function allServiceNames(metadata: ServiceMetadata, portCount: number): readonly string[] {
  const names = [...metadata].flatMap(([key, name]) => (PORT_NAME.test(key) && name !== '' ? [name] : []));
  const general = portCount === 1 ? metadata.get('SERVICE_NAME') : undefined;
  if (names.length === 0 && general) names.push(general);
  return [...new Set(names.map(normalizeName))].toSorted();
}
