import type { ContainerOverride } from '@aws-sdk/client-ecs';
import { normalizeName } from '../../model/dns-name.ts';
import type { DefinedContainer } from './definition-cache.ts';

/** A container's metadata: environment variables and docker labels in one map, labels over variables. */
export type ServiceMetadata = ReadonlyMap<string, string>;

/** Where a container says something of itself. */
type Definition = Pick<DefinedContainer, 'environment' | 'dockerLabels'>;

const ADDRESS_LABEL = 'discovery.service.name';
const ADDRESS_VARIABLE = 'DISCOVERY_SERVICE_NAME';
const PORT_NAME = /^SERVICE_(\d{1,5})_NAME$/;

/**
 * The `SERVICE_…` metadata of a container, by registrator's convention: the task definition's
 * environment, over it what the task was started with, over it the docker labels.
 */
export function serviceMetadata(
  { environment = [], dockerLabels = {} }: Definition,
  override: ContainerOverride | undefined,
): ServiceMetadata {
  const variables = [...environment, ...(override?.environment ?? [])];
  const labels = Object.entries(dockerLabels).map(([name, value]) => ({ name, value }));
  return new Map(
    [...variables, ...labels].flatMap(({ name, value }) =>
      name?.startsWith('SERVICE_') && value !== undefined ? [[name, value.trim()]] : [],
    ),
  );
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
  return nameOf(metadata.get(`SERVICE_${containerPort}_NAME`) || generalName(metadata, portCount));
}

/**
 * The name under which the address of a container's task is to be found, normalised: the docker label
 * `discovery.service.name`, or else the variable of that name or of its upper-case form. `undefined` when it
 * has none.
 */
export function addressNameOf(
  { environment = [], dockerLabels = {} }: Definition,
  override: ContainerOverride | undefined,
): string | undefined {
  const variables = [...(override?.environment ?? []), ...environment];
  const variable = variables.find(({ name }) => name === ADDRESS_LABEL || name === ADDRESS_VARIABLE)?.value;
  return nameOf((dockerLabels[ADDRESS_LABEL] || variable)?.trim());
}

/** All service names of a container, sorted, whether ECS has reported their ports or not. */
export function allServiceNames(metadata: ServiceMetadata, portCount: number): readonly string[] {
  const ofPorts = [...metadata].flatMap(([key, name]) => (PORT_NAME.test(key) && nameOf(name)) || []);
  const names = ofPorts.length > 0 ? ofPorts : (nameOf(generalName(metadata, portCount)) ?? []);
  return [...new Set([names].flat())].toSorted();
}

function generalName(metadata: ServiceMetadata, portCount: number): string | undefined {
  return portCount === 1 ? metadata.get('SERVICE_NAME') : undefined;
}

function nameOf(text: string | undefined): string | undefined {
  return text === undefined || text === '' ? undefined : normalizeName(text);
}
