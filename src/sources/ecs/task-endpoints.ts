import type { Cluster } from '../../model/cluster.ts';
import type { Container, Endpoint, Host, Notice } from '../../model/inventory.ts';
import { type ClaimContainer, claimsFor } from './container-claims.ts';
import { mappedPorts, type Port } from './container-ports.ts';
import type { DefinedContainer, Definition, DefinitionCache } from './definition-cache.ts';
import type { NamesOf } from './name-claims.ts';
import { selfDescription, serviceOf } from './self-description.ts';
import { phaseOf } from './task-phase.ts';
import { type ContainerSummary, type Reach, reachOf, type TaskSummary } from './task-summary.ts';

/** A container with its endpoints. */
export interface ContainerEndpoints {
  readonly container: Container;
  readonly endpoints: readonly Endpoint[];
  readonly notices: readonly Notice[];
}

/** What the endpoints of tasks are put together from. */
export interface EndpointSources {
  readonly hosts: ReadonlyMap<string, Host>;
  readonly definitions: DefinitionCache;
  readonly namesOf: NamesOf;
}

/** The containers of a task and every port they can be reached at, whatever their network mode. */
export function taskEndpoints(
  task: TaskSummary,
  cluster: Cluster,
  { hosts, definitions, namesOf }: EndpointSources,
): readonly ContainerEndpoints[] {
  const definition = definitions.get(task.definitionArn);
  const host = hosts.get(task.instanceArn);
  const { startedBy, group } = task;
  const names = namesOf({ cluster, service: group === undefined ? undefined : serviceOf(group), startedBy });
  const claim = names && claimsFor(names, task, definition);
  return task.containers.map((kept) => containerEndpoints(kept, task, cluster, host, definition, claim));
}

function containerEndpoints(
  kept: ContainerSummary,
  task: TaskSummary,
  cluster: Cluster,
  host: Host | undefined,
  definition: Definition | undefined,
  claim: ClaimContainer | undefined,
): ContainerEndpoints {
  const defined = definition && (definition.containers.get(kept.name) ?? INJECTED);
  const networkMode = definition?.networkMode ?? (task.networkInterface === undefined ? undefined : 'awsvpc');
  const ports = portsOf(kept, defined, networkMode);
  const reach = kept.reach ?? hostReach(host);
  const own = selfDescription(defined, kept, task, countPorts(ports));
  const said = claim?.(kept.name, own) ?? own;
  const container: Container = {
    id: kept.id,
    name: kept.name,
    taskArn: task.arn,
    cluster,
    host,
    phase: phaseOf(task, kept.lastStatus),
    startedAt: task.startedAt,
    stoppingAt: task.stoppingAt,
    reachedAt: reach.reachedAt,
    essential: defined?.essential ?? false,
    ecsHealth: kept.health,
    isEcsChecked: defined?.hasHealthCheck,
    ecsService: said.serviceOf(task),
    networkInterface: task.networkInterface,
    addressName: said.addressName,
    hiddenAddressName: said.hiddenAddressName,
    addressOverrides: said.addressOverrides,
    serviceNames: said.serviceNames,
    mayHaveOtherNames: said.mayHaveOtherNames,
    mayHaveOtherPorts: defined === undefined,
    family: familyOf(task, definition),
  };
  const endpoints = ports.map(({ port, containerPort, protocol }): Endpoint => {
    const { serviceName, nameIssue, isNamedByRegistry, check, overrides } = said.portOf(containerPort);
    const { hostNames, address } = reach;
    // Written out, because objects put together by spreading take more memory.
    return {
      container,
      serviceName,
      nameIssue,
      isNamedByRegistry,
      check,
      overrides,
      hostNames,
      address,
      port,
      containerPort,
      protocol,
    };
  });
  return { container, endpoints, notices: said.notices };
}

/** What AWS puts into a task, such as Service Connect's proxy, stands in no definition: it bears no names. */
const INJECTED: DefinedContainer = { essential: false };

/**
 * The ports of a container: its network bindings, or, where its network mode gives it the ports of
 * its own interface and ECS lists no bindings, those of the task definition.
 */
function portsOf(
  { bound }: ContainerSummary,
  defined: DefinedContainer | undefined,
  networkMode: string | undefined,
): readonly Port[] {
  const own = networkMode === 'awsvpc' || networkMode === 'host';
  return bound.length > 0 || !own ? bound : mappedPorts(defined?.portMappings ?? []);
}

/** One string serves all tasks of a revision. */
const families = new WeakMap<Definition, string>();

function familyOf({ definitionArn }: TaskSummary, definition: Definition | undefined): string | undefined {
  const known = definition && families.get(definition);
  if (known !== undefined || definitionArn === '') return known;
  const family = definitionArn.slice(0, definitionArn.lastIndexOf(':'));
  if (definition !== undefined) families.set(definition, family);
  return family;
}

function countPorts(ports: readonly Port[]): number {
  return ports.length < 2 ? ports.length : new Set(ports.map(({ containerPort }) => containerPort)).size;
}

const NOWHERE = reachOf(undefined, undefined);
/** One object serves all containers of a host. */
const reachOfHost = new WeakMap<Host, Reach>();

function hostReach(host: Host | undefined): Reach {
  if (host === undefined) return NOWHERE;
  const reach = reachOfHost.get(host) ?? reachOf(host.privateDnsName, host.address);
  reachOfHost.set(host, reach);
  return reach;
}
