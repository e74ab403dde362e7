import { type Cluster, distinctClusters } from '../../model/cluster.ts';
import { firstLabel, isAddress } from '../../model/dns-name.ts';
import { type Container, type Endpoint, type Host, type Inventory, isScope } from '../../model/inventory.ts';
import { Multimap } from '../../model/multimap.ts';
import { hostIndex } from './host-index.ts';

/** Where an entry may lead: a host, or the network interface of a task. */
export interface HostLocation {
  readonly cluster: Cluster;
  readonly state: 'present' | 'gone' | 'unreachable' | 'unknown';
  readonly instanceId: string | undefined;
  readonly address?: string | undefined;
  /** `undefined` where it is not known. */
  readonly vpcId?: string | undefined;
}

/** The inventory, indexed for matching: every look-up is constant in the size of the fleet. */
export type EndpointIndex = ReturnType<typeof buildEndpointIndex>;

const SHORT_ID_LENGTH = 12;
/** Stands for all names; no DNS name holds a blank. */
const UNKNOWN_NAMES = ' ';

/** Builds the index. Stopped containers are left out: nothing can lead to them. */
export function buildEndpointIndex(inventory: Inventory) {
  const byId = new Map<string, Container>();
  const byShortId = new Map<string, Container>();
  const reported = new Set(inventory.endpoints.map(({ container }) => container));
  const unreported = new Multimap<string, Container>();
  for (const container of inventory.containers) {
    // In a scope, what has stopped is seen to end; anywhere else it is only known as long as ECS happens to tell of it.
    if (container.phase === 'stopped' && !isScope(inventory)) continue;
    if (container.id !== undefined) {
      byId.set(container.id, container);
      byShortId.set(container.id.slice(0, SHORT_ID_LENGTH), container);
    }
    const isEnding = container.phase === 'stopping' || container.phase === 'stopped';
    if (isEnding || isReported(container, reported)) continue;
    const isUnknown = container.serviceNames === 'unknown' || container.mayHaveOtherNames === true;
    const names = container.serviceNames === 'unknown' ? [] : container.serviceNames;
    for (const name of isUnknown ? [...names, UNKNOWN_NAMES] : names) unreported.add(name, container);
  }
  const [byContainer, byPosition, locations] = indexEndpoints(inventory);
  const hostsAt = hostIndex(inventory);
  /** Those on hosts that bear the alias as a further name or address: such names stand in no index of ports. */
  const onHostsAt = (alias: string, port: number) =>
    hostsAt(alias).flatMap((host) => {
      const key = keyOf(host);
      if (key === alias) return [];
      return byPosition.get(`${key} ${port}`).filter(({ container }) => isOn(container, host));
    });
  return {
    containerById: (id: string) =>
      byId.get(id) ?? (id.length === SHORT_ID_LENGTH ? byShortId.get(id) : undefined),
    endpointsOf: (container: Container) => byContainer.get(container),
    /** The machines of a name or an address. */
    hostsAt,
    /** The endpoints at a port of a name or an address; several where VPCs reuse names and addresses. */
    endpointsAt: (alias: string, port: number) =>
      joined(byPosition.get(`${alias} ${port}`), onHostsAt(alias, port)),
    locationsAt: (alias: string): readonly HostLocation[] => joined(locations.get(alias), hostsAt(alias)),
    /** The host of a name or an address whose container engine itself was asked. */
    engineAt: (alias: string) => hostsAt(alias).find(({ isEngineRead }) => isEngineRead === true),
    /** Containers that may serve a name although ECS has not said yet who they are, or where. */
    unreportedFor: (serviceName: string) => [
      ...unreported.get(serviceName),
      ...unreported.get(UNKNOWN_NAMES),
    ],
  };
}

/** Under which the endpoints of a host stand in the index of ports; EC2 may tell neither its name nor its address. */
function keyOf({ privateDnsName, address, containerInstance }: Host): string {
  return privateDnsName ?? address ?? containerInstance;
}

/** Whether nothing that EC2 tells leads to a container, and it has no interface of its own. */
function isOnNameless(container: Container): container is Container & { readonly host: Host } {
  const { host, networkInterface } = container;
  return networkInterface === undefined && host !== undefined && keyOf(host) === host.containerInstance;
}

function isOn({ host }: Container, { containerInstance }: Host): boolean {
  return host?.containerInstance === containerInstance;
}

/** Both, each item once. */
function joined<T>(some: readonly T[], more: readonly T[]): readonly T[] {
  if (more.length === 0) return some;
  return some.length === 0 ? more : [...new Set([...some, ...more])];
}

/** Whether ECS has said who a container is, and its task definition what its ports are. */
function isReported(container: Container, withPorts: ReadonlySet<Container>): boolean {
  if (container.phase === 'starting') return false;
  return withPorts.has(container) || (container.id !== undefined && container.serviceNames !== 'unknown');
}

function indexEndpoints(
  inventory: Inventory,
): [Multimap<Container, Endpoint>, Multimap<string, Endpoint>, Multimap<string, HostLocation>] {
  const byContainer = new Multimap<Container, Endpoint>();
  const byPosition = new Multimap<string, Endpoint>();
  const locations = new Multimap<string, HostLocation>();
  for (const host of inventory.hosts) {
    for (const alias of aliases([host.privateDnsName], host.address)) locations.add(alias, host);
  }
  for (const endpoint of inventory.endpoints) {
    const { container } = endpoint;
    if (container.phase === 'stopped') continue;
    byContainer.add(container, endpoint);
    if (!isThere(container)) continue;
    const { address } = endpoint;
    const bearing = aliases(endpoint.hostNames, address);
    for (const alias of bearing) byPosition.add(`${alias} ${endpoint.port}`, endpoint);
    if (isOnNameless(container)) byPosition.add(`${keyOf(container.host)} ${endpoint.port}`, endpoint);
    addLocation(container, bearing, address, locations);
  }
  for (const container of inventory.containers) {
    if (container.networkInterface === undefined || byContainer.has(container) || !isThere(container))
      continue;
    // A task without ports may have the address that another one had.
    const { address = container.networkInterface.ipv6 } = container.networkInterface;
    const names = container.reachedAt.filter((one) => !isAddress(one));
    addLocation(container, aliases(names, address), address, locations);
  }
  return [byContainer, byPosition, locations];
}

/**
 * Nothing is where a task has stopped. One that ECS still lists on a host that is no more holds no port, and its address
 * may be another's.
 */
function isThere({ phase, host }: Container): boolean {
  return phase !== 'stopped' && (host === undefined || !isGone(host));
}

/** Of one cluster, one location is enough. */
function addLocation(
  { cluster, host }: Container,
  bearing: ReadonlySet<string>,
  address: string | undefined,
  locations: Multimap<string, HostLocation>,
): void {
  const { instanceId, vpcId } = host ?? {};
  const location: HostLocation = { cluster, state: 'present', instanceId, address, vpcId };
  for (const alias of bearing) {
    if (!locations.get(alias).some((other) => other.cluster.arn === cluster.arn))
      locations.add(alias, location);
  }
}

function aliases(names: readonly (string | undefined)[], address: string | undefined): ReadonlySet<string> {
  const known = names.filter((name) => name !== undefined);
  return new Set([...known, ...known.map(firstLabel), ...(address === undefined ? [] : [address])]);
}

/** Names are reused: a host that is there counts for more than one of its name that is gone. */
export function firstPresent(locations: readonly HostLocation[]): HostLocation | undefined {
  return locations.find((location) => !isGone(location)) ?? locations[0];
}

/** Whether a host is no more, as far as is known. */
export function isGone({ state }: Pick<HostLocation, 'state'>): boolean {
  return state === 'gone' || state === 'unreachable';
}

/** The clusters of all of them, each once, sorted. */
export function clustersOf(locations: readonly { readonly cluster: Cluster }[]): readonly Cluster[] {
  return distinctClusters(locations.map(({ cluster }) => cluster));
}
