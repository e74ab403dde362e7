import type { Container as EcsContainer, NetworkBinding, PortMapping, Task } from '@aws-sdk/client-ecs';
import { normalizeName } from '../model/dns-name.ts';
import type { Container, Endpoint, Host, Notice } from '../model/inventory.ts';
import { selfDescription } from './self-description.ts';
import type { Definition, DefinitionCache } from './task-definitions.ts';
import { phaseOf } from './task-phase.ts';

/** A container with its endpoints. */
export interface ContainerEndpoints {
  readonly container: Container;
  readonly endpoints: readonly Endpoint[];
  readonly notices: readonly Notice[];
}

/** The containers of a task and every port they can be reached at, whatever their network mode. */
export function taskEndpoints(
  task: Task,
  cluster: string,
  hosts: ReadonlyMap<string, Host>,
  definitions: DefinitionCache,
): readonly ContainerEndpoints[] {
  const definition = definitions.get(task.taskDefinitionArn ?? '');
  const host = hosts.get(task.containerInstanceArn ?? '');
  return (task.containers ?? []).map((container) =>
    containerEndpoints(container, task, cluster, host, definition),
  );
}

function containerEndpoints(
  ecsContainer: EcsContainer,
  task: Task,
  cluster: string,
  host: Host | undefined,
  definition: Definition | undefined,
): ContainerEndpoints {
  const defined = definition?.containers.get(ecsContainer.name ?? '');
  const ports = boundPorts(ecsContainer, defined?.portMappings ?? [], networkModeOf(task, definition));
  const reach = interfaceOf(task, ecsContainer) ?? hostReach(host);
  const portCount = countPorts(ports);
  const said = selfDescription(defined, ecsContainer, task, portCount);
  const container: Container = {
    id: ecsContainer.runtimeId?.toLowerCase(),
    name: ecsContainer.name ?? '',
    taskArn: task.taskArn ?? '',
    cluster,
    host,
    phase: phaseOf(task, ecsContainer.lastStatus),
    startedAt: (task.startedAt ?? task.createdAt)?.getTime(),
    reachedAt: reach.reachedAt,
    essential: defined?.essential ?? false,
    ecsHealth: ecsContainer.healthStatus ?? 'UNKNOWN',
    ecsService: said.serviceOf(task),
    serviceNames: said.serviceNames,
  };
  const endpoints = ports.map(({ port, containerPort, protocol }): Endpoint => {
    const { serviceName, check } = said.portOf(containerPort);
    const { hostNames, address } = reach;
    // Written out, because objects put together by spreading take more memory.
    return { container, serviceName, check, hostNames, address, port, containerPort, protocol };
  });
  return { container, endpoints, notices: said.notices };
}

function countPorts(ports: readonly Port[]): number {
  return ports.length < 2 ? ports.length : new Set(ports.map(({ containerPort }) => containerPort)).size;
}

interface Port {
  readonly port: number;
  readonly containerPort: number;
  readonly protocol: 'tcp' | 'udp';
}

/**
 * The ports of a container: its network bindings, or, where its network mode gives it the ports of
 * its own interface and ECS lists no bindings, those of the task definition. Bindings of one port to
 * an IPv4 and an IPv6 address are one port.
 */
function boundPorts(
  { networkBindings }: EcsContainer,
  mappings: readonly PortMapping[],
  networkMode: string | undefined,
): readonly Port[] {
  const bound = (networkBindings ?? []).flatMap(expandBinding);
  const own = networkMode === 'awsvpc' || networkMode === 'host';
  const ports = bound.length > 0 || !own ? bound : mappings.flatMap(expandMapping);
  return [...new Map(ports.map((port) => [`${port.port}/${port.protocol}`, port])).values()];
}

function expandBinding(binding: NetworkBinding): readonly Port[] {
  const protocol = binding.protocol === 'udp' ? 'udp' : 'tcp';
  if (binding.hostPort !== undefined && binding.hostPort !== 0) {
    return [{ port: binding.hostPort, containerPort: binding.containerPort ?? binding.hostPort, protocol }];
  }
  const [host, container] = [portRange(binding.hostPortRange), portRange(binding.containerPortRange)];
  return host.flatMap((port, i) => {
    const containerPort = container[i];
    return containerPort === undefined ? [] : [{ port, containerPort, protocol }];
  });
}

function expandMapping(mapping: PortMapping): readonly Port[] {
  const protocol = mapping.protocol === 'udp' ? 'udp' : 'tcp';
  const ports =
    mapping.containerPort === undefined ? portRange(mapping.containerPortRange) : [mapping.containerPort];
  return ports.map((port) => ({ port, containerPort: port, protocol }));
}

const PORT_RANGE = /^(\d{1,5})-(\d{1,5})$/;
const MAX_PORT = 65_535;

/** The ports of a range such as `8000-8010`, both ends included; none for anything else. */
function portRange(range: string | undefined): readonly number[] {
  const ends = PORT_RANGE.exec(range ?? '');
  if (ends === null) return [];
  const [first, last] = [Number(ends[1]), Math.min(Number(ends[2]), MAX_PORT)];
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i);
}

function networkModeOf(task: Task, definition: Definition | undefined): string | undefined {
  return definition?.networkMode ?? (interfaceDetails(task) === undefined ? undefined : 'awsvpc');
}

interface Reach extends Pick<Endpoint, 'hostNames' | 'address'> {
  readonly reachedAt: Container['reachedAt'];
}

const NOWHERE = reachOf([], undefined);
/** One object serves all containers of a host. */
const reachOfHost = new WeakMap<Host, Reach>();

function hostReach(host: Host | undefined): Reach {
  if (host === undefined) return NOWHERE;
  const { privateDnsName: name, address } = host;
  const reach = reachOfHost.get(host) ?? reachOf(name === undefined ? [] : [name], address);
  reachOfHost.set(host, reach);
  return reach;
}

/** The address of a task that has a network interface of its own; `undefined` for every other task. */
function interfaceOf(task: Task, container: EcsContainer): Reach | undefined {
  const details = interfaceDetails(task);
  if (details === undefined) return undefined;
  const detail = (name: string) => details.find((pair) => pair.name === name)?.value;
  const name = detail('privateDnsName');
  return reachOf(
    name === undefined || name === '' ? [] : [normalizeName(name)],
    detail('privateIPv4Address') ?? container.networkInterfaces?.[0]?.privateIpv4Address,
  );
}

function reachOf(hostNames: readonly string[], address: string | undefined): Reach {
  return { hostNames, address, reachedAt: address === undefined ? hostNames : [...hostNames, address] };
}

function interfaceDetails(task: Task) {
  return task.attachments?.find(({ type }) => type === 'ElasticNetworkInterface')?.details;
}
