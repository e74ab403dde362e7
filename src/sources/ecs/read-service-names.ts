import type { Service } from '@aws-sdk/client-ecs';
import { type Cluster, serviceKey } from '../../model/cluster.ts';
import type { IncompleteScope, Notice } from '../../model/inventory.ts';
import type { NameSource } from '../../model/name-source.ts';
import type { Access } from './access.ts';
import { type Directory, type NamespaceSetting, readDirectory } from './cloud-map-directory.ts';
import { METADATA_ALONE, type NameClaim, type NamesOf, type TaskNames } from './name-claims.ts';
import { registryClaims } from './registry-claims.ts';
import { readServicesOf } from './services-of.ts';

/** An ECS service that has tasks. */
export interface ServiceRef {
  readonly cluster: Cluster;
  readonly ecsService: string;
}

/** How tasks get their names. */
export interface NameOptions {
  readonly order: readonly NameSource[];
  readonly namespace: NamespaceSetting;
  /** Whether AAAA records are registered. */
  readonly ipv6: boolean;
}

export interface ServiceNames {
  readonly namesOf: NamesOf;
  readonly incomplete: readonly IncompleteScope[];
  readonly notices: readonly Notice[];
}

/** Reads them anew. */
export type ReadNames = (
  services: readonly ServiceRef[],
  signal: AbortSignal | undefined,
) => Promise<ServiceNames>;

/** Whether anything but metadata names something. */
export function usesRegistries(order: readonly NameSource[]): boolean {
  return order.includes('registries');
}

/** Until services were read, nothing is known of what names their tasks. */
export function unreadNames(options: NameOptions): NamesOf {
  return usesRegistries(options.order) ? namesIn(new Map(), options) : METADATA_ALONE;
}

/**
 * Reads the registries of ECS services, and what Cloud Map has under them. What could not be read is told, and the names
 * that follow from it are unknown.
 */
export async function readServiceNames(
  services: readonly ServiceRef[],
  options: NameOptions,
  access: Access,
): Promise<ServiceNames> {
  if (!usesRegistries(options.order)) return { namesOf: METADATA_ALONE, incomplete: [], notices: [] };
  const read = await readServicesOf(services, 'service-names', access);
  const arns = read.services.flatMap(({ service }) => registriesOf(service)).map(arnOf);
  const directory = await readDirectory(new Set(arns), options.namespace, access);
  const described = read.services.map(({ cluster, service }) => {
    const subject = `${cluster.name}/${service.serviceName}`;
    const claims = claimsReader(directory, options);
    return {
      key: serviceKey(cluster, service.serviceName ?? ''),
      subject,
      ...deploymentsOf(service, claims),
    };
  });
  return {
    namesOf: namesIn(new Map(described.map(({ key, names }) => [key, names])), options),
    incomplete: [...read.incomplete, ...directory.incomplete],
    notices: [
      ...described.flatMap(({ subject, problems }) => problems.map((detail) => ({ subject, detail }))),
      ...elsewhereNotice(read.services, directory),
    ],
  };
}

/** What names the tasks of one ECS service, by the deployment that has started them. */
interface Deployments {
  readonly current: readonly NameClaim[];
  /** By the id of a task set, which has registries of its own. */
  readonly taskSets: ReadonlyMap<string, readonly NameClaim[]>;
  /** The deployment whose tasks have the registries of the service; `undefined` where ECS does not say. */
  readonly primary: string | undefined;
}

type ClaimsOf = (registries: Service['serviceRegistries']) => ReturnType<typeof registryClaims>;

function claimsReader(directory: Directory, { ipv6 }: NameOptions): ClaimsOf {
  return (registries = []) => {
    const parts = registries.map((one) => registryClaims(one, directory.find(arnOf(one)), ipv6));
    return {
      claims: parts.flatMap(({ claims }) => claims),
      problems: parts.flatMap(({ problems }) => problems),
    };
  };
}

/** ECS tells the registries of a service and of a task set, and not those of an earlier deployment. */
function deploymentsOf({ serviceRegistries, taskSets = [], deployments = [] }: Service, claimsOf: ClaimsOf) {
  const current = claimsOf(serviceRegistries);
  const ofSets = taskSets.map(({ id = '', serviceRegistries: own }) => ({ id, ...claimsOf(own) }));
  const primary = deployments.find(({ status }) => status === 'PRIMARY')?.id;
  const names: Deployments = {
    current: current.claims,
    taskSets: new Map(ofSets.map(({ id, claims }) => [id, claims])),
    primary,
  };
  return { names, problems: [current, ...ofSets].flatMap(({ problems }) => problems) };
}

function registriesOf({ serviceRegistries = [], taskSets = [] }: Service) {
  return [...serviceRegistries, ...taskSets.flatMap((one) => one.serviceRegistries ?? [])];
}

function arnOf({ registryArn = '' }: { readonly registryArn?: string | undefined }): string {
  return registryArn;
}

/** Of what was not read every port may have a name, and the address. */
const UNREAD: readonly NameClaim[] = (['port', 'address'] as const).map((kind) => ({
  kind,
  name: undefined,
  overrides: {},
  container: undefined,
  port: undefined,
}));

/**
 * | the task                            | its names are those of                                          |
 * |-------------------------------------|-----------------------------------------------------------------|
 * | is no service's                     | its metadata                                                    |
 * | is of a service that was not read   | unknown                                                         |
 * | was started by a task set           | the registries of the task set                                  |
 * | was started by the last deployment  | the registries of the service                                   |
 * | was started by an earlier one       | the same, and it may have others                                |
 */
function namesIn(services: ReadonlyMap<string, Deployments>, { order }: NameOptions): NamesOf {
  const known = new Map<string, TaskNames>();
  const named = (key: string, claims: readonly NameClaim[], isEarlier: boolean): TaskNames => {
    const isOpen = isEarlier || claims.some(({ name }) => name === undefined);
    const names = known.get(key) ?? { order, claims, isOpen };
    known.set(key, names);
    return names;
  };
  return ({ cluster, service, startedBy = '' }) => {
    if (service === undefined) return named('', [], false);
    const key = serviceKey(cluster, service);
    const found = services.get(key);
    if (found === undefined) return named(' unread', UNREAD, true);
    const ofSet = found.taskSets.get(startedBy);
    if (ofSet !== undefined) return named(`${key} ${startedBy}`, ofSet, false);
    const isEarlier = found.primary !== startedBy;
    return named(`${key} ${isEarlier}`, found.current, isEarlier);
  };
}

function elsewhereNotice(
  services: readonly { readonly cluster: Cluster; readonly service: Service }[],
  { find, namespace }: Directory,
): readonly Notice[] {
  const others = services
    .filter(({ service }) => registriesOf(service).some((one) => find(arnOf(one)).kind === 'elsewhere'))
    .map(({ cluster, service }) => `${cluster.name}/${service.serviceName}`)
    .toSorted();
  if (others.length === 0) return [];
  const more = others.length > MAX_NAMED ? ` and ${others.length - MAX_NAMED} more` : '';
  const named = others.slice(0, MAX_NAMED).join(', ');
  const detail = `${named}${more}: in another namespace of Cloud Map, which gives no name in this zone`;
  return [{ subject: `namespace ${namespace}`, detail }];
}

const MAX_NAMED = 5;
