import type { Entry } from '../../model/entry.ts';
import type { Container, Endpoint } from '../../model/inventory.ts';
import { taskIdOf } from '../../model/managed-identifier.ts';
import { clustersOf, firstPresent, isGone, type Place } from './endpoint-index.ts';
import type { TaskBehind, TaskOwner } from './managed-addresses.ts';
import { type AddressContext, taskRefOf } from './match-address.ts';
import type { Match, Reachable } from './match-kinds.ts';
import { type Claim, readClaim } from './srv-record.ts';
import type { TaskRef } from './task-index.ts';
import { type ZoneAddresses, zoneAddressOf } from './zone-addresses.ts';

/** What matching an SRV entry looks at. */
export interface SrvContext extends AddressContext {
  readonly addresses: ZoneAddresses;
  readonly taskBehind: TaskBehind;
}

/** What an SRV entry leads to: the container that it names, or else whatever is at its host and port. */
export function matchSrv(entry: Entry, context: SrvContext): Match {
  const claim = readClaim(entry, context.zoneName, context.addresses, context.taskBehind);
  if (claim === undefined) return { kind: 'malformed' };
  if (claim.task === undefined) return matchContainer(claim, context) ?? matchPosition(claim, context);
  return matchThroughTask(claim, claim.task, context);
}

/**
 * An entry whose target is the name of a task's address. As long as the task is there, it is what the entry
 * is about, whatever address the zone has for it.
 */
function matchThroughTask(claim: Claim, owner: TaskOwner, context: SrvContext): Match {
  const ref = taskRefOf(owner, context);
  if (ref === undefined) return { kind: 'cluster-unknown', cluster: owner.cluster };
  const task = context.tasks().taskOf(ref);
  const own = task?.alive
    .flatMap((container) => context.index.endpointsOf(container))
    .filter(({ port, serviceName }) => port === claim.port && serviceName === claim.service);
  const endpoint = best(own ?? [], claim);
  const match =
    matchContainer(claim, context) ??
    (endpoint === undefined ? matchPosition(claim, context) : leadTo(endpoint, claim, context));
  return task === undefined ? withoutTask(match, ref) : match;
}

/** What a target leads to once the task is gone whose name it is. */
function withoutTask(match: Match, task: TaskRef): Match {
  if (match.kind === 'unresolved' || match.kind === 'host-unknown') return { kind: 'task-gone', task };
  if (match.kind !== 'vacant' && match.kind !== 'host-gone' && match.kind !== 'replaced') return match;
  return { ...match, task, clusters: [...new Set([...match.clusters, task.cluster.name])].toSorted() };
}

/** By container id, where the identifier carries one that the inventory knows. */
function matchContainer(claim: Claim, context: SrvContext): Match | undefined {
  if (claim.containerId === undefined) return undefined;
  const container = context.index.containerById(claim.containerId);
  if (container === undefined) return undefined;
  const endpoint = best(
    context.index.endpointsOf(container).filter(({ port }) => port === claim.port),
    claim,
  );
  if (endpoint !== undefined) return leadTo(endpoint, claim, context);
  const isPortless = context.index.endpointsOf(container).length === 0;
  if (isPortless && container.phase === 'running') return { kind: 'portless', container };
  if (!claim.alone) return undefined;
  const taken = occupant(claim, context);
  if (taken !== undefined) return taken;
  return container.phase === 'running'
    ? { kind: 'portless', container }
    : { kind: settling(container), container };
}

/** By service name, host and port: whatever is at the place that the entry leads to. */
function matchPosition(claim: Claim, context: SrvContext): Match {
  const owners = endpointsThere(claim, context).filter((endpoint) => couldBeOwn(endpoint, claim));
  const own = best(owners, claim);
  if (own !== undefined) return besideRival(leadTo(own, claim, context), owners);
  const places = placesThere(claim, context);
  const unreported = context.index
    .unreportedFor(claim.service)
    .find((container) => isPlausible(container, claim, places));
  if (unreported !== undefined) return { kind: 'starting', container: unreported };
  return occupant(claim, context) ?? matchPlace(claim, places);
}

/** Of two containers at one place, one has ended, and ECS does not know yet. */
function besideRival(match: Match, owners: readonly Endpoint[]): Match {
  const rival = owners.find(({ container }) => container.phase === 'starting')?.container;
  return match.kind === 'endpoint' && rival !== undefined ? { ...match, rival } : match;
}

function leadTo(endpoint: Endpoint, claim: Claim, context: SrvContext): Match {
  const { container } = endpoint;
  if (container.phase !== 'running') return { kind: settling(container), container };
  const reachable = { endpoint, address: addressOf(endpoint, claim, context) };
  const { host } = container;
  if (host === undefined || !isGone(host)) return { kind: 'endpoint', heir: false, ...reachable };
  const taken = occupant(claim, context);
  if (taken !== undefined) return taken;
  // Whoever answers where somebody else is now, is no witness of the one that was there.
  const isWitness = host.state === 'silent' && holderOf(reachable, context) === undefined;
  const witness = isWitness ? { witness: reachable } : {};
  return { kind: 'host-gone', place: host, clusters: [host.cluster], ...witness };
}

/** Who holds the address and port at which a silent host's container would be asked. */
function holderOf({ endpoint, address }: Reachable, { index }: SrvContext): Endpoint | undefined {
  return address === undefined ? undefined : index.endpointsAt(address, endpoint.port)[0];
}

function settling({ phase }: Container): 'starting' | 'stopping' {
  return phase === 'starting' ? 'starting' : 'stopping';
}

/** Another container that holds the entry's host and port now; one of the same service before others. */
function occupant(claim: Claim, context: SrvContext): Match | undefined {
  const there = endpointsThere(claim, context).filter(({ container }) => container.phase === 'running');
  const endpoint = best(there, claim);
  if (endpoint === undefined) return undefined;
  const clusters = clustersOf([...there.map(({ container }) => container), ...placesThere(claim, context)]);
  const reachable = { endpoint, address: addressOf(endpoint, claim, context) };
  return { kind: 'replaced', by: successor(endpoint, claim), clusters, ...reachable };
}

function successor({ serviceName, container }: Endpoint, claim: Claim) {
  if (serviceName === claim.service) return 'same-service';
  const isNameless = serviceName === undefined && claim.containerId === undefined;
  return container.serviceNames === 'unknown' || isNameless ? 'unknown-service' : 'other-service';
}

function matchPlace(claim: Claim, places: readonly Place[]): Match {
  const place = firstPresent(places);
  if (place !== undefined) {
    return { kind: isGone(place) ? 'host-gone' : 'vacant', place, clusters: clustersOf(places) };
  }
  const { hostName, containerId } = claim;
  return hostName === undefined ? { kind: 'unresolved' } : { kind: 'host-unknown', hostName, containerId };
}

/** Whether a container that ECS has not fully reported can be the one that the entry was written for. */
function isPlausible({ id, host, reachedAt }: Container, claim: Claim, places: readonly Place[]): boolean {
  const couldBeNamed = id === undefined || claim.containerId === undefined;
  if (!couldBeNamed) return false;
  if (host === undefined && reachedAt.length === 0) return true;
  const isOnHost = host !== undefined && places.some(({ instanceId }) => instanceId === host.instanceId);
  return isOnHost || reachedAt.some((alias) => claim.aliases.includes(alias));
}

/** Whether the endpoint can be the very one the entry was written for. */
function couldBeOwn({ serviceName, container }: Endpoint, claim: Claim): boolean {
  const isSameContainer = claim.containerId === undefined || container.id === undefined;
  const isSameTask = claim.task === undefined || taskIdOf(container.taskArn) === claim.task.taskId;
  return isSameContainer && isSameTask && serviceName === claim.service;
}

/**
 * The endpoint that an entry most likely means: of its service, running, and of its protocol, in this
 * order of importance. TCP and UDP may share a port's number.
 */
function best(endpoints: readonly Endpoint[], { service }: Claim): Endpoint | undefined {
  const protocol = service.includes('_udp') ? 'udp' : 'tcp';
  const score = (endpoint: Endpoint) =>
    Number(endpoint.serviceName === service) * 4 +
    Number(endpoint.container.phase === 'running') * 2 +
    Number(endpoint.protocol === protocol);
  let winner = endpoints[0];
  for (const endpoint of endpoints) {
    if (winner !== undefined && score(endpoint) > score(winner)) winner = endpoint;
  }
  return winner;
}

function endpointsThere(claim: Claim, { index }: SrvContext): readonly Endpoint[] {
  return claim.aliases.flatMap((alias) => index.endpointsAt(alias, claim.port));
}

function placesThere(claim: Claim, { index }: SrvContext): readonly Place[] {
  return claim.aliases.flatMap((alias) => index.placesAt(alias));
}

function addressOf(
  endpoint: Endpoint,
  claim: Claim,
  { zoneName, addresses }: SrvContext,
): string | undefined {
  return endpoint.address ?? zoneAddressOf(claim.target, zoneName, addresses);
}
