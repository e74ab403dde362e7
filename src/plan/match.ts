import { normalizeName } from '../model/dns-name.ts';
import type { Entry } from '../model/entry.ts';
import type { Container, Endpoint, Inventory } from '../model/inventory.ts';
import type { Manage } from '../model/manage.ts';
import { taskIdOf } from '../model/own-identifier.ts';
import type { RecordSet } from '../model/record-set.ts';
import type { ForeignReason } from '../model/verdict.ts';
import { type Claim, readClaim } from './claim.ts';
import { buildDirectory, type Directory, type Place } from './directory.ts';
import { type ForeignRule, foreignRule } from './managed.ts';
import { type AddressContext, matchAddress, taskRefOf } from './match-address.ts';
import {
  addressOwner,
  isAddressType,
  type TaskBehind,
  type TaskOwner,
  tasksBehind,
} from './own-addresses.ts';
import type { CnameFate } from './stale-cnames.ts';
import { lazyTaskDirectory, type TaskRef } from './task-directory.ts';
import { type ZoneAddresses, zoneAddresses, zoneAddressOf } from './zone-addresses.ts';

/**
 * What an entry leads to, as far as the inventory can say.
 *
 * | kind         | the entry …                                                                      |
 * |--------------|----------------------------------------------------------------------------------|
 * | foreign      | is not ours                                                                      |
 * | malformed    | is ours by its set, but its value cannot be read                                 |
 * | endpoint     | leads to a running container; as `heir` where that replaced the entry's own      |
 * | starting     | may belong to a container that ECS has not fully reported yet                    |
 * | stopping     | leads to a container whose task is being stopped                                 |
 * | portless     | names a running container, which does not bind the entry's port                  |
 * | replaced     | names a container that is gone, whose host and port belong to another            |
 * | vacant       | leads to a known host, on which nothing of it runs                               |
 * | host-present | is the A entry of a known host                                                   |
 * | host-gone    | leads to a host that is no more; `witness` would answer if that were not true    |
 * | host-unknown | leads to a host that no cluster which was read has registered                    |
 * | unresolved   | leads to a name of the zone that tells no host                                   |
 * | service      | is the CNAME of an ECS service, which this worker made                           |
 *
 * Of what this worker writes for tasks; `match-address.ts` has the rule:
 *
 * | kind            | the entry …                                                                   |
 * |-----------------|-------------------------------------------------------------------------------|
 * | addressed       | is the address of a running task that has no port to check                    |
 * | readdressed     | names a running task that is not known to have its address                    |
 * | task-gone       | names a task that is not there, itself or by what its target is the name of    |
 * | cluster-unknown | the same, of a cluster that was not read                                      |
 * | address-taken   | is an address that a task of another name has                                 |
 * | address-free    | is an address that no task has                                                |
 * | address-outside | the same, of a network in which nothing is known                              |
 */
export type Match =
  | { readonly kind: 'foreign'; readonly reason: ForeignReason }
  | { readonly kind: 'malformed' | 'unresolved' }
  | ({
      readonly kind: 'endpoint';
      readonly heir: boolean;
      /** A container of the same service that is starting at the same place: the entry may be its. */
      readonly rival?: Container;
    } & Reachable)
  | { readonly kind: 'starting' | 'stopping' | 'portless' | 'addressed'; readonly container: Container }
  | {
      readonly kind: 'readdressed';
      readonly container: Container;
      readonly address: string;
      /** Whether the task is known to be at another address, and at no second one. */
      readonly isElsewhere: boolean;
      /** Whether another entry of its name leads to the task. */
      readonly isSuperseded?: true;
    }
  | { readonly kind: 'task-gone'; readonly task: TaskRef }
  | { readonly kind: 'cluster-unknown'; readonly cluster: string }
  | {
      readonly kind: 'address-taken';
      readonly by: 'other-name' | 'unknown-name';
      readonly container: Container;
      readonly address: string;
    }
  | { readonly kind: 'address-free' | 'address-outside'; readonly address: string }
  | ({
      readonly kind: 'replaced';
      readonly by: 'same-service' | 'other-service' | 'unknown-service';
      readonly clusters: readonly string[];
      readonly task?: TaskRef;
    } & Reachable)
  | {
      readonly kind: 'vacant' | 'host-present' | 'host-gone';
      readonly place: Place;
      /** The clusters of all places of that name; VPCs may reuse it. */
      readonly clusters: readonly string[];
      readonly witness?: Reachable;
      /** The task behind the entry's target, which is not there. */
      readonly task?: TaskRef;
    }
  | { readonly kind: 'service'; readonly fate: CnameFate; readonly clusters: readonly string[] }
  | {
      readonly kind: 'host-unknown';
      readonly hostName: string;
      /** The container that the set identifier names on that host. */
      readonly containerId: string | undefined;
    };

/** An endpoint with the address at which it is to be asked, where one is known. */
export interface Reachable {
  readonly endpoint: Endpoint;
  readonly address: string | undefined;
}

/** An entry beside what it leads to. */
export interface Matched {
  readonly entry: Entry;
  readonly match: Match;
}

/** Everything that matching looks at. `zoneName` is normalised; `recordSets` is the whole zone. */
export interface MatchInput {
  readonly zoneName: string;
  readonly manage: Manage;
  readonly recordSets: readonly RecordSet[];
  readonly entries: readonly Entry[];
  readonly inventory: Inventory;
  /** What becomes of the CNAMEs of this worker's; without it, all CNAMEs are foreign. */
  readonly fateOf?: ((recordSet: RecordSet) => CnameFate | undefined) | undefined;
}

/** Matches every entry with what it leads to, in the order of the entries. */
export function matchEntries(input: MatchInput): readonly Matched[] {
  const context: Context = {
    zoneName: input.zoneName,
    directory: buildDirectory(input.inventory),
    addresses: zoneAddresses(input.recordSets),
    tasks: lazyTaskDirectory(input.inventory),
    taskBehind: tasksBehind(input.recordSets),
    fateOf: input.fateOf ?? (() => undefined),
  };
  const foreign = foreignRule(input.manage, input.zoneName, (set) => context.fateOf(set) !== undefined);
  return inherit(input.entries.map((entry) => ({ entry, match: matchEntry(entry, foreign, context) })));
}

interface Context extends AddressContext {
  readonly addresses: ZoneAddresses;
  readonly taskBehind: TaskBehind;
  readonly fateOf: (recordSet: RecordSet) => CnameFate | undefined;
}

function matchEntry(entry: Entry, foreign: ForeignRule, context: Context): Match {
  const reason = foreign(entry);
  if (reason !== undefined) return { kind: 'foreign', reason };
  const fate = context.fateOf(entry.recordSet);
  if (fate !== undefined) {
    return { kind: 'service', fate, clusters: fate.kind === 'stale' ? [fate.cluster.name] : [] };
  }
  const owner = addressOwner(entry.recordSet);
  if (owner !== undefined) return matchAddress(entry, owner, context);
  if (entry.type === 'A') return matchHost(entry, context.directory);
  const claim = readClaim(entry, context.zoneName, context.addresses, context.taskBehind);
  if (claim === undefined) return { kind: 'malformed' };
  if (claim.task === undefined) return matchContainer(claim, context) ?? matchPosition(claim, context);
  return matchThroughTask(claim, claim.task, context);
}

/**
 * An entry whose target is the name of a task's address. As long as the task is there, it is what the entry
 * is about, whatever address the zone has for it.
 */
function matchThroughTask(claim: Claim, owner: TaskOwner, context: Context): Match {
  const ref = taskRefOf(owner, context);
  if (ref === undefined) return { kind: 'cluster-unknown', cluster: owner.cluster };
  const task = context.tasks().taskOf(ref);
  const own = task?.alive
    .flatMap((container) => context.directory.endpointsOf(container))
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

function matchHost(entry: Entry, directory: Directory): Match {
  // An A entry without an identifier is foreign.
  const hostName = normalizeName(String(entry.setIdentifier));
  const places = directory.placesAt(hostName);
  const place = firstPresent(places);
  if (place === undefined) return { kind: 'host-unknown', hostName, containerId: undefined };
  return { kind: isGone(place) ? 'host-gone' : 'host-present', place, clusters: clustersOf(places) };
}

/** By container id, where the identifier carries one that the inventory knows. */
function matchContainer(claim: Claim, context: Context): Match | undefined {
  if (claim.containerId === undefined) return undefined;
  const container = context.directory.containerById(claim.containerId);
  if (container === undefined) return undefined;
  const endpoint = best(
    context.directory.endpointsOf(container).filter(({ port }) => port === claim.port),
    claim,
  );
  if (endpoint !== undefined) return leadTo(endpoint, claim, context);
  const isPortless = context.directory.endpointsOf(container).length === 0;
  if (isPortless && container.phase === 'running') return { kind: 'portless', container };
  if (!claim.alone) return undefined;
  const taken = occupant(claim, context);
  if (taken !== undefined) return taken;
  return container.phase === 'running'
    ? { kind: 'portless', container }
    : { kind: settling(container), container };
}

/** By service name, host and port: whatever is at the place that the entry leads to. */
function matchPosition(claim: Claim, context: Context): Match {
  const owners = endpointsThere(claim, context).filter((endpoint) => couldBeOwn(endpoint, claim));
  const own = best(owners, claim);
  if (own !== undefined) return besideRival(leadTo(own, claim, context), owners);
  const places = placesThere(claim, context);
  const unreported = context.directory
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

function leadTo(endpoint: Endpoint, claim: Claim, context: Context): Match {
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
function holderOf({ endpoint, address }: Reachable, { directory }: Context): Endpoint | undefined {
  return address === undefined ? undefined : directory.endpointsAt(address, endpoint.port)[0];
}

function settling({ phase }: Container): 'starting' | 'stopping' {
  return phase === 'starting' ? 'starting' : 'stopping';
}

/** Another container that holds the entry's host and port now; one of the same service before others. */
function occupant(claim: Claim, context: Context): Match | undefined {
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

function endpointsThere(claim: Claim, { directory }: Context): readonly Endpoint[] {
  return claim.aliases.flatMap((alias) => directory.endpointsAt(alias, claim.port));
}

function placesThere(claim: Claim, { directory }: Context): readonly Place[] {
  return claim.aliases.flatMap((alias) => directory.placesAt(alias));
}

function addressOf(endpoint: Endpoint, claim: Claim, { zoneName, addresses }: Context): string | undefined {
  return endpoint.address ?? zoneAddressOf(claim.target, zoneName, addresses);
}

/** Names are reused: a host that is there counts for more than one of its name that is gone. */
function firstPresent(places: readonly Place[]): Place | undefined {
  return places.find((place) => !isGone(place)) ?? places[0];
}

function isGone({ state }: Place): boolean {
  return state === 'gone' || state === 'silent';
}

function clustersOf(places: readonly { readonly cluster: string }[]): readonly string[] {
  return [...new Set(places.map(({ cluster }) => cluster))].toSorted();
}

/**
 * An entry of a dead container whose place was taken by a new container of the same service is
 * superseded once that container has an entry of its own under the same name. Until then it is the
 * only way to reach the new container, and counts as its entry. The address of a running task that is known
 * to have another one is superseded once an entry of the name leads to the task there. An address is no SRV
 * entry: each type stands for itself.
 */
function inherit(matched: readonly Matched[]): readonly Matched[] {
  const reached = new Map<Endpoint, Set<string>>();
  const tasks = new Set<string>();
  for (const { entry, match } of matched) {
    if (isAddressType(entry.type)) {
      if (match.kind === 'addressed') tasks.add(taskPlace(entry, match.container));
      if (match.kind === 'endpoint') tasks.add(taskPlace(entry, match.endpoint.container));
    } else if (match.kind === 'endpoint') {
      const names = reached.get(match.endpoint) ?? new Set();
      reached.set(match.endpoint, names.add(entry.name));
    }
  }
  return matched.map(({ entry, match }) => {
    if (match.kind === 'readdressed' && match.isElsewhere && tasks.has(taskPlace(entry, match.container))) {
      return { entry, match: { ...match, isSuperseded: true } };
    }
    const isHeir = match.kind === 'replaced' && match.by === 'same-service';
    if (!isHeir || reached.get(match.endpoint)?.has(entry.name)) return { entry, match };
    const { endpoint, address } = match;
    return { entry, match: { kind: 'endpoint', heir: true, endpoint, address } };
  });
}

function taskPlace({ name, type }: Entry, { taskArn }: Container): string {
  return `${name} ${type} ${taskArn}`;
}
