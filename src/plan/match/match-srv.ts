import { distinctClusters } from '../../model/cluster.ts';
import { isAddress } from '../../model/dns-name.ts';
import type { Entry } from '../../model/entry.ts';
import type { Container, Endpoint } from '../../model/inventory.ts';
import { canonicalAddress } from '../../model/ip-address.ts';
import { taskIdOf } from '../../model/managed-identifier.ts';
import { addressInEc2Name } from '../../model/private-dns-name.ts';
import { clustersOf, firstPresent, type HostLocation, isGone } from './endpoint-index.ts';
import type { TaskBehind, TaskOwner } from './managed-addresses.ts';
import { type AddressContext, taskRefOf } from './match-address.ts';
import type { Match } from './match-kinds.ts';
import type { NameBearers } from './name-bearers.ts';
import { parseSrvRecord, type SrvRecord } from './srv-record.ts';
import type { TaskRef } from './task-index.ts';
import { statedAddressOf, type ZoneAddresses, zoneAddressOf } from './zone-addresses.ts';

/** What matching an SRV entry looks at. */
export interface SrvContext extends AddressContext {
  readonly addresses: ZoneAddresses;
  readonly taskBehind: TaskBehind;
  readonly bearers: () => NameBearers;
}

/** What an SRV entry leads to: the container that it names, or else whatever is at its host and port. */
export function matchSrv(entry: Entry, context: SrvContext): Match {
  const srvRecord = parseSrvRecord(entry, context.zoneName, context.addresses, context.taskBehind);
  if (srvRecord === undefined) return { kind: 'malformed' };
  if (srvRecord.task === undefined)
    return matchContainer(srvRecord, context) ?? matchPosition(srvRecord, context);
  return matchThroughTask(srvRecord, srvRecord.task, context);
}

/**
 * An entry whose target is the name of a task's address. As long as the task is there, it is what the entry
 * is about, whatever address the zone has for it.
 */
function matchThroughTask(srvRecord: SrvRecord, owner: TaskOwner, context: SrvContext): Match {
  const ref = taskRefOf(owner, context);
  if (ref === undefined) return { kind: 'cluster-unknown', cluster: owner.cluster };
  const task = context.tasks().taskOf(ref);
  const own = task?.alive
    .flatMap((container) => context.index.endpointsOf(container))
    .filter(({ port, serviceName }) => port === srvRecord.port && serviceName === srvRecord.service);
  const endpoint = best(own ?? [], srvRecord);
  const match =
    matchContainer(srvRecord, context) ??
    (endpoint === undefined ? matchPosition(srvRecord, context) : leadTo(endpoint, srvRecord, context));
  return task === undefined ? withoutTask(match, ref) : match;
}

/** What a target leads to once the task is gone whose name it is. */
function withoutTask(match: Match, task: TaskRef): Match {
  if (match.kind === 'unresolved' || match.kind === 'host-unknown') return { kind: 'task-gone', task };
  if (match.kind !== 'no-task-on-host' && match.kind !== 'host-gone' && match.kind !== 'replaced')
    return match;
  return { ...match, task, clusters: distinctClusters([...match.clusters, task.cluster]) };
}

/** By container id, where the identifier carries one that the inventory knows. */
function matchContainer(srvRecord: SrvRecord, context: SrvContext): Match | undefined {
  if (srvRecord.containerId === undefined) return undefined;
  const container = context.index.containerById(srvRecord.containerId);
  if (container === undefined) return endedContainer(srvRecord, srvRecord.containerId, context);
  if (leadsElsewhere(container, srvRecord, context)) return { kind: 'unresolved' };
  const endpoint = best(
    context.index.endpointsOf(container).filter(({ port }) => port === srvRecord.port),
    srvRecord,
  );
  if (endpoint !== undefined) return leadTo(endpoint, srvRecord, context);
  const hasNoPorts = context.index.endpointsOf(container).length === 0;
  if (hasNoPorts && container.phase === 'running') return { kind: 'port-not-exposed', container };
  const kind = container.phase === 'running' ? 'port-not-exposed' : settling(container);
  return currentHolder(srvRecord, context) ?? { kind, container };
}

/**
 * Whether the zone leads clients to a place that is known, and not the container's: how the container is says nothing of
 * what they reach. What has a task's own name is about the task, whatever address the zone has for it.
 */
function leadsElsewhere({ host, reachedAt }: Container, srvRecord: SrvRecord, context: SrvContext): boolean {
  const { isOfZone, task, aliases } = srvRecord;
  const isKnown = reachedAt.some(isAddress);
  if (!isOfZone || task !== undefined || !isKnown || aliases.some((one) => reachedAt.includes(one)))
    return false;
  const there = locationsThere(srvRecord, context);
  return (
    there.length > 0 &&
    there.every(({ instanceId }) => instanceId === undefined || instanceId !== host?.instanceId)
  );
}

/** Where the engine itself tells what runs, a container that it does not list has ended, whatever is at its port now. */
function endedContainer(srvRecord: SrvRecord, containerId: string, context: SrvContext): Match | undefined {
  const [host] = srvRecord.aliases.flatMap((alias) => context.index.engineAt(alias) ?? []);
  if (host === undefined) return undefined;
  return heirAt(srvRecord, context) ?? { kind: 'container-gone', host, containerId };
}

/** Another container of its service that runs at the place of an entry: what the entry names has ended already. */
function heirAt(srvRecord: SrvRecord, context: SrvContext): Match | undefined {
  const holder = currentHolder(srvRecord, context);
  return holder?.kind === 'replaced' && holder.by === 'same-service' ? holder : undefined;
}

/** By service name, host and port: whatever is at the location that the entry leads to. */
function matchPosition(srvRecord: SrvRecord, context: SrvContext): Match {
  if (leadsToSeveral(srvRecord, context)) return { kind: 'unresolved' };
  const owners = endpointsThere(srvRecord, context).filter((endpoint) => couldBeOwn(endpoint, srvRecord));
  const own = best(owners, srvRecord);
  if (own !== undefined) return withCompeting(leadTo(own, srvRecord, context), owners);
  const locations = locationsThere(srvRecord, context);
  const unreported = context.index.unreportedFor(srvRecord.service);
  const plausible = unreported.find((container) => isPlausible(container, srvRecord, locations));
  if (plausible !== undefined) return { kind: 'starting', container: plausible };
  const holder = currentHolder(srvRecord, context);
  if (holder !== undefined) return holder;
  const unread = unreported.find((container) => mayHold(container, srvRecord));
  if (unread !== undefined) return { kind: 'ports-unread', container: unread };
  return matchLocation(srvRecord, locations, context);
}

/** Whether a container runs where the entry leads to, and may have its port: only its task definition would tell. */
function mayHold({ phase, mayHaveOtherPorts, reachedAt }: Container, { aliases }: SrvRecord): boolean {
  return (
    phase === 'running' && mayHaveOtherPorts === true && reachedAt.some((alias) => aliases.includes(alias))
  );
}

/** Of two containers at one location, one has ended, and ECS does not know yet. */
function withCompeting(match: Match, owners: readonly Endpoint[]): Match {
  const competing = owners.find(({ container }) => container.phase === 'starting')?.container;
  return match.kind === 'endpoint' && competing !== undefined ? { ...match, competing } : match;
}

function leadTo(endpoint: Endpoint, srvRecord: SrvRecord, context: SrvContext): Match {
  const { container } = endpoint;
  if (container.phase !== 'running')
    return (
      (container.phase !== 'starting' && heirAt(srvRecord, context)) || {
        kind: settling(container),
        container,
      }
    );
  const reachable = { endpoint, address: addressOf(endpoint, srvRecord, context) };
  const { host } = container;
  if (host === undefined || !isGone(host)) return { kind: 'endpoint', isSuccessor: false, ...reachable };
  const taken = currentHolder(srvRecord, context);
  if (taken !== undefined) return taken;
  // What answers where another container is now tells nothing of the one that was there.
  const [holder] =
    reachable.address === undefined ? [] : context.index.endpointsAt(reachable.address, endpoint.port);
  const isLastKnown = host.state === 'unreachable' && holder === undefined;
  const lastKnownEndpoint = isLastKnown ? { lastKnownEndpoint: reachable } : {};
  return { kind: 'host-gone', location: host, clusters: [host.cluster], ...lastKnownEndpoint };
}

function settling({ phase }: Container): 'starting' | 'stopping' {
  return phase === 'starting' ? 'starting' : 'stopping';
}

/** TCP and UDP have ports of their own: what listens over one takes nothing from the other. */
function couldHold(protocol: Endpoint['protocol'], { service }: SrvRecord): boolean {
  return !service.includes(protocol === 'udp' ? '_tcp' : '_udp');
}

/**
 * Whether what another service has at a port is surely the entry's: a name that tells no protocol is taken for one over
 * TCP, at which the entry can be asked.
 */
function takesFrom(protocol: Endpoint['protocol'], { service }: SrvRecord): boolean {
  return protocol !== 'udp' || service.includes('_udp');
}

/**
 * Another container that holds the entry's host and port now. Where there are several, because VPCs reuse names or
 * TCP and UDP a number, one of the same service counts before one whose service cannot be known, and both before others.
 */
function currentHolder(srvRecord: SrvRecord, context: SrvContext): Match | undefined {
  const there = endpointsThere(srvRecord, context).filter(
    ({ container, protocol }) => container.phase === 'running' && couldHold(protocol, srvRecord),
  );
  const holders = there
    .map((one) => ({ one, by: successor(one, srvRecord, context) }))
    .filter(({ one, by }) => by !== 'other-service' || takesFrom(one.protocol, srvRecord));
  const by = SUCCESSORS.find((kind) => holders.some((holder) => holder.by === kind));
  const endpoint = best(
    holders.filter((holder) => holder.by === by).map(({ one }) => one),
    srvRecord,
  );
  if (endpoint === undefined || by === undefined || isAmbiguous(srvRecord, context)) return undefined;
  const [entryName] =
    by === 'other-service' && isNameOpen(endpoint) ? context.bearers().namesOf(endpoint) : [];
  const clusters = clustersOf([
    ...there.map(({ container }) => container),
    ...locationsThere(srvRecord, context),
  ]);
  const reachable = { endpoint, address: addressOf(endpoint, srvRecord, context) };
  return { kind: 'replaced', by, clusters, ...reachable, ...(entryName && { heldUnder: entryName }) };
}

const SUCCESSORS = ['same-service', 'unknown-service', 'other-service'] as const;

/**
 * Whether what holds an entry's port is of the entry's service. What a container does not tell of itself, the zone
 * may: an agent that has written an entry for it knew its name.
 *
 * | the port                                                      | is of           |
 * |---------------------------------------------------------------|-----------------|
 * | tells the entry's name                                        | same-service    |
 * | tells another one, and cannot bear a second one               | other-service   |
 * | has an entry of the name                                      | same-service    |
 * | has entries of other names alone, and its definition was read | other-service   |
 * | is that of a port of the name: same ECS service or family     | same-service    |
 * | anything else                                                 | unknown-service |
 */
function successor(endpoint: Endpoint, { service }: SrvRecord, { bearers }: SrvContext) {
  if (endpoint.serviceName === service) return 'same-service';
  if (!isNameOpen(endpoint)) return 'other-service';
  const names = bearers().namesOf(endpoint);
  if (names.includes(service)) return 'same-service';
  if (names.length > 0 && endpoint.container.serviceNames !== 'unknown') return 'other-service';
  return bearers().isKin(endpoint, service) ? 'same-service' : 'unknown-service';
}

/** Whether a port may have another name than it tells, or one where it tells none. */
function isNameOpen({ serviceName, nameIssue }: Endpoint): boolean {
  return serviceName === undefined || nameIssue !== undefined;
}

function matchLocation(srvRecord: SrvRecord, locations: readonly HostLocation[], context: SrvContext): Match {
  if (isAmbiguous(srvRecord, context)) return { kind: 'unresolved' };
  const location = firstPresent(locations);
  if (location !== undefined) {
    const kind = isGone(location) ? 'host-gone' : 'no-task-on-host';
    return { kind, location, clusters: clustersOf(locations) };
  }
  const { hostName, containerId, target } = srvRecord;
  if (hostName === undefined) return { kind: 'unresolved' };
  const address = statedAddressOf(target, context.zoneName, context.addresses);
  return { kind: 'host-unknown', hostName, containerId, address };
}

/** Whether a container that ECS has not fully reported can be the one that the entry was written for. */
function isPlausible(
  { id, host, reachedAt, serviceNames }: Container,
  srvRecord: SrvRecord,
  locations: readonly HostLocation[],
): boolean {
  const couldBeNamed = id === undefined || srvRecord.containerId === undefined;
  if (!couldBeNamed) return false;
  // What tells neither where it is nor that it may bear the name could be what any entry was written for.
  if (host === undefined && reachedAt.length === 0)
    return serviceNames === 'unknown' || serviceNames.includes(srvRecord.service);
  const isOnHost = host !== undefined && locations.some(({ instanceId }) => instanceId === host.instanceId);
  return isOnHost || reachedAt.some((alias) => srvRecord.aliases.includes(alias));
}

/** Whether the endpoint can be the very one the entry was written for. */
function couldBeOwn({ serviceName, container }: Endpoint, srvRecord: SrvRecord): boolean {
  const isSameContainer = srvRecord.containerId === undefined || container.id === undefined;
  const isSameTask = srvRecord.task === undefined || taskIdOf(container.taskArn) === srvRecord.task.taskId;
  return isSameContainer && isSameTask && serviceName === srvRecord.service;
}

/**
 * The endpoint that an entry most likely means: of its service, running, and of its protocol, in this
 * order of importance. TCP and UDP may share a port's number.
 */
function best(endpoints: readonly Endpoint[], { service }: SrvRecord): Endpoint | undefined {
  const protocol = service.includes('_udp') ? 'udp' : 'tcp';
  const score = (endpoint: Endpoint) =>
    Number(endpoint.serviceName === service) * 4 +
    Number(endpoint.container.phase === 'running') * 2 +
    Number(endpoint.protocol === protocol);
  return endpoints.toSorted((a, b) => score(b) - score(a))[0];
}

function endpointsThere(srvRecord: SrvRecord, { index }: SrvContext): readonly Endpoint[] {
  return [...new Set(srvRecord.aliases.flatMap((alias) => index.endpointsAt(alias, srvRecord.port)))];
}

function locationsThere({ aliases }: SrvRecord, { index }: SrvContext): readonly HostLocation[] {
  return [...new Set(aliases.flatMap((alias) => index.locationsAt(alias)))];
}

/** Whether nothing but an address that the zone tells leads to a host, and several have it, as VPCs reuse them. */
function isAmbiguous(srvRecord: SrvRecord, context: SrvContext): boolean {
  if (leadsToSeveral(srvRecord, context)) return true;
  const told = toldAddresses(srvRecord);
  const named = srvRecord.aliases.filter((alias) => !told.includes(alias));
  const { locationsAt } = context.index;
  if (told.length === 0 || named.some((alias) => locationsAt(alias).length > 0)) return false;
  const instances = told.flatMap((alias) => locationsAt(alias)).map(({ instanceId }) => instanceId);
  return new Set(instances).size > 1;
}

/** Whether the zone gives a target several addresses that are not known to be one host's: clients go to any of them. */
function leadsToSeveral(srvRecord: SrvRecord, { index }: SrvContext): boolean {
  const told = toldAddresses(srvRecord);
  if (told.length < 2) return false;
  const places = told.map((one) => {
    const [first] = index.locationsAt(one);
    return `${first?.instanceId} ${first?.address ?? one}`;
  });
  return new Set(places).size > 1;
}

/** The addresses that the zone tells of a target. */
function toldAddresses({ aliases, target }: SrvRecord): readonly string[] {
  return aliases.filter((alias) => alias !== target && isAddress(alias));
}

/** An entry is asked where its clients go: at the further address of its host that its target leads to, if it does. */
function addressOf(
  { address, container: { host } }: Endpoint,
  { target }: SrvRecord,
  { zoneName, addresses }: SrvContext,
): string | undefined {
  if (address === undefined) return zoneAddressOf(target, zoneName, addresses);
  if (host === undefined || host.secondaryAddresses.length === 0) return address;
  const told = addressInEc2Name(target) ?? statedAddressOf(target, zoneName, addresses);
  return host.secondaryAddresses.find((one) => canonicalAddress(one) === told) ?? address;
}
