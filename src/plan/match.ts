import { firstLabel, isBelow, normalizeName, relativeName } from '../model/dns-name.ts';
import type { Entry } from '../model/entry.ts';
import type { Container, Endpoint, Inventory } from '../model/inventory.ts';
import type { Manage } from '../model/manage.ts';
import type { RecordSet } from '../model/record-set.ts';
import { parseSetIdentifier } from '../model/set-identifier.ts';
import { parseSrvValue } from '../model/srv-value.ts';
import type { ForeignReason } from '../model/verdict.ts';
import { buildDirectory, type Directory, type Place } from './directory.ts';
import { foreignRule } from './managed.ts';
import { aliasesOf, type ZoneAddresses, zoneAddresses, zoneAddressOf } from './zone-addresses.ts';

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
 * | host-gone    | leads to a host that EC2 no longer has                                           |
 * | host-unknown | leads to a host that no cluster which was read has registered                    |
 */
export type Match =
  | { readonly kind: 'foreign'; readonly reason: ForeignReason }
  | { readonly kind: 'malformed' }
  | {
      readonly kind: 'endpoint';
      readonly endpoint: Endpoint;
      readonly address: string | undefined;
      readonly heir: boolean;
    }
  | { readonly kind: 'starting' | 'stopping' | 'portless'; readonly container: Container }
  | {
      readonly kind: 'replaced';
      readonly endpoint: Endpoint;
      readonly by: 'same-service' | 'other-service' | 'unknown-service';
    }
  | { readonly kind: 'vacant' | 'host-present' | 'host-gone'; readonly place: Place }
  | { readonly kind: 'host-unknown'; readonly hostName: string; readonly containerId: string | undefined };

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
}

/** Matches every entry with what it leads to, in the order of the entries. */
export function matchEntries(input: MatchInput): readonly Matched[] {
  const context: Context = {
    zoneName: input.zoneName,
    directory: buildDirectory(input.inventory),
    addresses: zoneAddresses(input.recordSets),
  };
  const foreign = foreignRule(input.manage, input.zoneName);
  const first = input.entries.map((entry) => ({ entry, match: matchEntry(entry, foreign, context) }));
  return inherit(first, context);
}

interface Context {
  readonly zoneName: string;
  readonly directory: Directory;
  readonly addresses: ZoneAddresses;
}

/** What an SRV entry says of itself. */
interface Claim {
  readonly service: string;
  readonly port: number;
  readonly target: string;
  readonly aliases: readonly string[];
  /** The container the set identifier names, if it names one on the target's own host. */
  readonly containerId: string | undefined;
  readonly hostName: string;
  /** Whether the set has this value alone, so that its identifier can only mean this one. */
  readonly alone: boolean;
}

function matchEntry(
  entry: Entry,
  foreign: (entry: Entry) => ForeignReason | undefined,
  context: Context,
): Match {
  const reason = foreign(entry);
  if (reason !== undefined) return { kind: 'foreign', reason };
  if (entry.type === 'A') return matchHost(entry, context.directory);
  const claim = readClaim(entry, context);
  if (claim === undefined) return { kind: 'malformed' };
  return matchContainer(claim, context) ?? matchPosition(claim, context);
}

function matchHost(entry: Entry, directory: Directory): Match {
  const hostName = normalizeName(entry.setIdentifier ?? '');
  const [place] = directory.placesAt(hostName);
  if (place === undefined) return { kind: 'host-unknown', hostName, containerId: undefined };
  return { kind: place.state === 'gone' ? 'host-gone' : 'host-present', place };
}

function readClaim(entry: Entry, { zoneName, addresses }: Context): Claim | undefined {
  const srv = parseSrvValue(entry.value);
  if (srv === undefined) return undefined;
  const owner = parseSetIdentifier(entry.setIdentifier);
  const owned = owner !== undefined && firstLabel(owner.host) === firstLabel(srv.target);
  return {
    service: relativeName(entry.name, zoneName),
    port: srv.port,
    target: srv.target,
    aliases: aliasesOf(srv.target, zoneName, addresses),
    containerId: owned ? owner.containerId : undefined,
    hostName: hostNameOf(srv.target, owned ? owner.host : undefined, zoneName, addresses),
    alone: entry.recordSet.ResourceRecords?.length === 1,
  };
}

/** The name under which EC2 would know a target: its own, unless that is only a name of the zone. */
function hostNameOf(
  target: string,
  ownerHost: string | undefined,
  zoneName: string,
  addresses: ZoneAddresses,
): string {
  if (!isBelow(target, zoneName) && target.includes('.')) return target;
  return ownerHost ?? addresses.get(target)?.hostNames[0] ?? firstLabel(target);
}

/** By container id, where the identifier carries one that the inventory knows. */
function matchContainer(claim: Claim, context: Context): Match | undefined {
  if (claim.containerId === undefined) return undefined;
  const container = context.directory.containerById(claim.containerId);
  if (container === undefined) return undefined;
  const endpoint = ownEndpoint(context.directory.endpointsOf(container), claim);
  if (endpoint === undefined && !claim.alone) return undefined;
  if (container.phase === 'stopping') return { kind: 'stopping', container };
  if (container.phase === 'starting') return { kind: 'starting', container };
  if (container.host?.state === 'gone') return { kind: 'host-gone', place: container.host };
  if (endpoint !== undefined) return leadTo(endpoint, claim, context);
  return occupant(claim, context) ?? { kind: 'portless', container };
}

/** The claimed port of its container; TCP and UDP may share the number, and the service name tells them apart. */
function ownEndpoint(endpoints: readonly Endpoint[], claim: Claim): Endpoint | undefined {
  const bound = endpoints.filter(({ port }) => port === claim.port);
  return bound.find(({ serviceName }) => serviceName === claim.service) ?? bound[0];
}

/** By service name, host and port: whatever is at the place that the entry leads to. */
function matchPosition(claim: Claim, context: Context): Match {
  const there = endpointsThere(claim, context);
  const own = there.find((endpoint) => couldBeOwn(endpoint, claim));
  if (own?.container.phase === 'running') return leadTo(own, claim, context);
  if (own !== undefined) return { kind: settling(own.container), container: own.container };
  return occupant(claim, context) ?? matchPlace(claim, context);
}

function settling({ phase }: Container): 'starting' | 'stopping' {
  return phase === 'starting' ? 'starting' : 'stopping';
}

/** Another container that holds the entry's host and port now. */
function occupant(claim: Claim, context: Context): Match | undefined {
  const there = endpointsThere(claim, context).filter(({ container }) => container.phase === 'running');
  const sameService = there.find((endpoint) => endpoint.serviceName === claim.service);
  if (sameService !== undefined) return { kind: 'replaced', endpoint: sameService, by: 'same-service' };
  const [other] = there;
  if (other === undefined) return undefined;
  const nameless = other.serviceName === undefined && claim.containerId === undefined;
  const unknown = other.container.serviceNames === 'unknown' || nameless;
  return { kind: 'replaced', endpoint: other, by: unknown ? 'unknown-service' : 'other-service' };
}

function matchPlace(claim: Claim, { directory }: Context): Match {
  const [place] = claim.aliases.flatMap((alias) => directory.placesAt(alias));
  const starting = directory
    .startingFor(claim.service)
    .find((container) => isPlausible(container, claim, place));
  if (starting !== undefined) return { kind: 'starting', container: starting };
  if (place === undefined) {
    return {
      kind: 'host-unknown',
      hostName: claim.hostName,
      containerId: claim.containerId,
    };
  }
  return { kind: place.state === 'gone' ? 'host-gone' : 'vacant', place };
}

/** Whether a container that ECS has not fully reported can be the one that the entry was written for. */
function isPlausible({ id, host }: Container, claim: Claim, place: Place | undefined): boolean {
  const couldBeNamed = id === undefined || claim.containerId === undefined;
  return couldBeNamed && (host === undefined || host.instanceId === place?.instanceId);
}

/** Whether the endpoint can be the very one the entry was written for. */
function couldBeOwn({ serviceName, container }: Endpoint, claim: Claim): boolean {
  const sameContainer = claim.containerId === undefined || container.id === undefined;
  return sameContainer && serviceName === claim.service;
}

function endpointsThere(claim: Claim, { directory }: Context): readonly Endpoint[] {
  return claim.aliases.flatMap((alias) => directory.endpointsAt(alias, claim.port));
}

function leadTo(endpoint: Endpoint, claim: Claim, { zoneName, addresses }: Context): Match {
  const address = endpoint.address ?? zoneAddressOf(claim.target, zoneName, addresses);
  return { kind: 'endpoint', endpoint, address, heir: false };
}

/**
 * An entry of a dead container whose place was taken by a new container of the same service is
 * superseded once that container has an entry of its own under the same name. Until then it is the
 * only way to reach the new container, and counts as its entry.
 */
function inherit(matched: readonly Matched[], { zoneName, addresses }: Context): readonly Matched[] {
  const reached = new Map<Endpoint, Set<string>>();
  for (const { entry, match } of matched) {
    if (match.kind !== 'endpoint') continue;
    const names = reached.get(match.endpoint) ?? new Set();
    reached.set(match.endpoint, names.add(entry.name));
  }
  return matched.map(({ entry, match }) => {
    const replaced = match.kind === 'replaced' && match.by === 'same-service';
    if (!replaced || reached.get(match.endpoint)?.has(entry.name)) return { entry, match };
    const target = parseSrvValue(entry.value)?.target ?? '';
    const address = match.endpoint.address ?? zoneAddressOf(target, zoneName, addresses);
    return { entry, match: { kind: 'endpoint', endpoint: match.endpoint, address, heir: true } };
  });
}
