import type { ContainerOverride } from '@aws-sdk/client-ecs';
import { normalizeName } from '../../model/dns-name.ts';
import type { Endpoint, HiddenIn } from '../../model/inventory.ts';
import type { DefinedContainer } from './definition-cache.ts';
import {
  ADDRESS_LABEL,
  GENERAL_NAME,
  isAddressVariable,
  isPortVariable,
  portVariable,
} from './name-variables.ts';

/** A container's metadata: environment variables and docker labels in one map, labels over variables. */
export type ServiceMetadata = ReadonlyMap<string, string>;

/** What a container says of the names of its ports, and what of that ECS does not tell. */
export interface NameMetadata {
  readonly metadata: ServiceMetadata;
  readonly secretNames: readonly string[];
  readonly hasEnvironmentFiles: boolean;
}

/** The name of a port, as far as it is known. */
export type PortName = Pick<Endpoint, 'serviceName' | 'nameIssue'>;

/**
 * The `SERVICE_…` metadata of a container, by registrator's convention: the task definition's
 * environment, over it what the task was started with, over it the docker labels.
 */
export function serviceMetadata(
  { environment = [], dockerLabels = {} }: DefinedContainer,
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

/** The same with what is out of sight: a variable that ECS tells wins over one of its name in a file. */
export function nameMetadata(
  defined: DefinedContainer,
  override: ContainerOverride | undefined,
): NameMetadata {
  return {
    metadata: serviceMetadata(defined, override),
    secretNames: defined.secretNames ?? [],
    hasEnvironmentFiles: hasFiles(defined, override),
  };
}

function hasFiles(
  { hasEnvironmentFiles = false }: DefinedContainer,
  override: ContainerOverride | undefined,
): boolean {
  return hasEnvironmentFiles || (override?.environmentFiles ?? []).length > 0;
}

/**
 * The service name of a container port, normalised, with what keeps it from being known.
 *
 * | the port's own `SERVICE_<port>_NAME` | `SERVICE_NAME`           | environment files | name        | issue            |
 * |--------------------------------------|--------------------------|-------------------|-------------|------------------|
 * | is told                              |                          |                   | the port's  |                  |
 * | is a secret                          |                          |                   |             | secrets          |
 * | is not told                          | is told, one port        | none              | the general |                  |
 * |                                      |                          | some              | the general | environmentFiles |
 * |                                      | is a secret, one port    |                   |             | secrets          |
 * |                                      | any other                | some              |             | environmentFiles |
 * |                                      | there, several ports     | none              |             | several-ports    |
 * | is empty                             | not there                | none              |             | empty-name       |
 * |                                      | is empty, one port       | none              |             | empty-name       |
 */
export function portNameOf(
  { metadata, secretNames, hasEnvironmentFiles }: NameMetadata,
  containerPort: number,
  portCount: number,
): PortName {
  const variable = portVariable(containerPort);
  const [own, general] = [metadata.get(variable), metadata.get(GENERAL_NAME)];
  const files = hasEnvironmentFiles ? 'environmentFiles' : undefined;
  if (own) return { serviceName: normalizeName(own) };
  if (secretNames.includes(variable)) return { serviceName: undefined, nameIssue: 'secrets' };
  if (general && portCount === 1) return { serviceName: normalizeName(general), nameIssue: files };
  const isGeneralSecret = secretNames.includes(GENERAL_NAME);
  if (isGeneralSecret && portCount === 1) return { serviceName: undefined, nameIssue: 'secrets' };
  if (files !== undefined) return { serviceName: undefined, nameIssue: files };
  if (general || isGeneralSecret) return { serviceName: undefined, nameIssue: 'several-ports' };
  const isEmpty = own === '' || general === '';
  return { serviceName: undefined, nameIssue: isEmpty ? 'empty-name' : undefined };
}

/** Whether a port may have another name than is told of it, or one where none is. */
export function mayBeNamedOtherwise({ serviceName, nameIssue }: PortName): boolean {
  return serviceName === undefined || nameIssue !== undefined;
}

/**
 * The name under which the address of a container's task is to be found, normalised: the docker label
 * `discovery.service.name`, or else the variable of that name or of its upper-case form. `undefined` when
 * none is told.
 */
export function addressNameOf(
  { environment = [], dockerLabels = {} }: DefinedContainer,
  override: ContainerOverride | undefined,
): string | undefined {
  const variables = [...(override?.environment ?? []), ...environment];
  const variable = variables.find(({ name }) => isAddressVariable(name))?.value;
  return nameOf((dockerLabels[ADDRESS_LABEL] || variable)?.trim());
}

/** Where the name of the address of a container's task may stand, if none is told. */
export function hiddenAddressName(
  defined: DefinedContainer,
  override: ContainerOverride | undefined,
): HiddenIn | undefined {
  if (addressNameOf(defined, override) !== undefined) return undefined;
  if (defined.secretNames?.some(isAddressVariable)) return 'secrets';
  return hasFiles(defined, override) ? 'environmentFiles' : undefined;
}

/** All service names of a container, sorted, whether ECS has reported their ports or not. */
export function allServiceNames(metadata: ServiceMetadata, portCount: number): readonly string[] {
  const ofPorts = [...metadata].flatMap(([key, name]) => (isPortVariable(key) && nameOf(name)) || []);
  const general = portCount === 1 ? nameOf(metadata.get(GENERAL_NAME)) : undefined;
  const names = ofPorts.length > 0 ? ofPorts : (general ?? []);
  return [...new Set([names].flat())].toSorted();
}

function nameOf(text: string | undefined): string | undefined {
  return text === undefined || text === '' ? undefined : normalizeName(text);
}
