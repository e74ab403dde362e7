import { normalizeName, parentDomain } from '../../model/dns-name.ts';
import type { Entry } from '../../model/entry.ts';
import {
  type Container,
  type Host,
  type Inventory,
  isScope,
  type NetworkCoverage,
  type UnknownHost,
  type UnknownHostLookup,
} from '../../model/inventory.ts';
import { domainOfRegion, instanceInName, isEc2Name } from '../../model/private-dns-name.ts';
import { containerKey, parseSetIdentifier } from '../../model/set-identifier.ts';
import { parseSrvValue } from '../../model/srv-value.ts';
import type { Match, Matched, MatchKind, MatchOf } from '../match/match-kinds.ts';
import { isElsewhere } from './in-scope.ts';
import { unknownHostOf } from './unknown-hosts-of.ts';

/** Says why what an entry is about may lie outside of what the inventory covers; else `undefined`. */
export type Outside = (match: Match, entry: Entry) => string | undefined;

/**
 * A name or an address alone never identifies a host: another account that writes to the zone, too, may have one of the
 * same. So nothing goes for which only that speaks, where a network of the zone is out of sight.
 *
 * | an unknown host                                                 | outside |
 * |-----------------------------------------------------------------|---------|
 * | exists, in no VPC in which a registered host is                 | yes     |
 * | exists otherwise                                                | no      |
 * | is described as terminated, or was registered in an earlier run | only where another may have its name by now |
 * | is named in another region                                      | yes     |
 * | may be in a network of the zone that this role does not see     | yes     |
 * | has no address, or one in no VPC of the zone                    | yes     |
 * | has an address at which EC2 has a network interface             | yes     |
 * | otherwise                                                       | no      |
 *
 * | another may have the name, or the address, by now                                      |        |
 * |----------------------------------------------------------------------------------------|--------|
 * | it is that of an instance's id                                                         | no     |
 * | the networks of the zone could not be read, but may be in a later run                  | yes    |
 * | a VPC of the zone is another account's, and not the one in which a living host has it  | yes    |
 * | the same of a VPC in another region, unless EC2 gives names of that form in this one   | yes    |
 * | EC2 has a network interface at the address, and no host                                | yes    |
 * | the zone is public, or the role may not ask for its networks                           | no: nothing tells of another one, and the name was this account's |
 *
 * The same is asked of what is matched with a known host, or a known network, by its name or address alone (`BY_NAME`),
 * unless an earlier run, or this one, has seen in a cluster the container that its set identifier names. That it was
 * seen does not say that it has ended: where no host is known that could be asked, it tells nothing.
 */
export function outsideOf(inventory: Inventory, unknownHosts: UnknownHostLookup): Outside {
  const covered = new Set(inventory.hosts.flatMap(({ vpcId }) => vpcId ?? []));
  const isOwn = ownRule(inventory, unknownHosts.containers);
  return (match, entry) => {
    const host = unknownHostOf(match);
    if (host === undefined) {
      const known = byName(match);
      if (known === undefined || isOwn(entry)) return undefined;
      return namesake({ ...known, isOfRegion: isNamedInRegion(entry, inventory) }, inventory, unknownHosts);
    }
    const { hostName } = host;
    if (unknownHosts.existing.has(hostName)) return elsewhere(hostName, covered, unknownHosts);
    if (!isKnownGone(hostName, unknownHosts)) return outOfSight(host, inventory, unknownHosts);
    return isOwn(entry) ? undefined : takenOver(host, inventory, unknownHosts);
  };
}

/** Whether only the networks of the zone can tell that an entry is of this inventory; never of what is not judged. */
export function dependsOnCoverage(
  { match, entry }: Matched,
  inventory: Pick<Inventory, 'coverage'>,
  isOwn: (entry: Entry) => boolean,
): boolean {
  if (isScope(inventory) && isElsewhere(match)) return false;
  return byName(match) !== undefined && !isOwn(entry);
}

/**
 * Tells the entries whose set identifiers name a container that was of a cluster which was read, and has ended, by itself
 * or with its host. Of one that runs there nothing is known to be gone.
 */
export function ownRule(
  { containers }: Pick<Inventory, 'containers'>,
  seen: ReadonlySet<string> = new Set(),
): (entry: Entry) => boolean {
  let ended: ReadonlyMap<string, boolean> | undefined;
  return (entry) => {
    const key = containerNamedBy(entry);
    if (key === undefined) return false;
    ended ??= new Map(
      containers.flatMap((one) => (one.id === undefined ? [] : [[containerKey(one.id), hasEnded(one)]])),
    );
    return ended.get(key) ?? seen.has(key);
  };
}

function hasEnded({ phase, host }: Container): boolean {
  return phase === 'stopped' || host?.state === 'gone';
}

/** The `containerKey` of the container that an entry's set identifier names, if it names one. */
export function containerNamedBy({ setIdentifier }: Entry): string | undefined {
  const named = parseSetIdentifier(setIdentifier)?.containerId;
  return named === undefined ? undefined : containerKey(named);
}

/** The VPC in which a known host has the name, so that no other there can have it. */
interface KnownAt {
  readonly vpcId: string | undefined;
}

const ANYWHERE: KnownAt = { vpcId: undefined };

/** The kinds of match that rest on a name or an address alone. What would stay in any case is left out. */
const BY_NAME: { readonly [K in MatchKind]?: (match: MatchOf<K>) => KnownAt | undefined } = {
  'no-task-on-host': ({ location: { vpcId } }) => ({ vpcId }),
  replaced: ({ by, endpoint: { container } }) =>
    by === 'unknown-service' ? undefined : { vpcId: container.host?.vpcId },
  'host-gone': () => ANYWHERE,
  'address-unassigned': () => ANYWHERE,
  'address-reassigned': ({ by }) => (by === 'other-name' ? ANYWHERE : undefined),
};

/** What names a task of a known cluster is that one's. */
function byName(match: Match): KnownAt | undefined {
  if ('task' in match && match.task !== undefined) return undefined;
  return (BY_NAME[match.kind] as ((match: Match) => KnownAt | undefined) | undefined)?.(match);
}

/** Whether a name says that what has it is of this region. */
function isNamedInRegion({ type, value, setIdentifier }: Entry, { region }: Inventory): boolean {
  const target = type === 'SRV' ? parseSrvValue(value)?.target : setIdentifier;
  const names = [target, parseSetIdentifier(setIdentifier)?.host];
  return names.some((name) => name !== undefined && isOfRegion(normalizeName(name), region));
}

function isOfRegion(name: string, region: string): boolean {
  return isEc2Name(name) && parentDomain(name) === domainOfRegion(region);
}

/**
 * Why what a known host at most names an entry's container may be meant of another one: of a VPC of the zone that is
 * out of sight. Nothing is in doubt where the entry names a container that was of a cluster which was read.
 */
export function namesakeRule(
  inventory: Inventory,
  unknownHosts: UnknownHostLookup,
): (host: Host, entry: Entry) => string | undefined {
  const isOwn = ownRule(inventory, unknownHosts.containers);
  return ({ vpcId }, entry) =>
    isOwn(entry)
      ? undefined
      : namesake({ vpcId, isOfRegion: isNamedInRegion(entry, inventory) }, inventory, unknownHosts);
}

/** In which network that is out of sight another may have a name or an address. */
function namesake(
  { vpcId, isOfRegion: isHere }: KnownAt & { readonly isOfRegion: boolean },
  { region }: Inventory,
  { coverage }: UnknownHostLookup,
): string | undefined {
  if (coverage === undefined) return undefined;
  if (coverage.unread !== undefined) return `it may be out of sight: ${coverage.unread}`;
  const hidden = coverage.outOfSight.find((vpc) => vpc.id !== vpcId && (vpc.region === region || !isHere));
  return (
    hidden &&
    `the zone is answered in ${hidden.id} of ${hidden.of}, too, where another may have its name or address, and no run has seen its container`
  );
}

/** What was this account's, and is no more: whether its name or address may be another's by now. */
function takenOver(
  { hostName, address }: UnknownHost,
  inventory: Inventory,
  unknownHosts: UnknownHostLookup,
): string | undefined {
  if (instanceInName(hostName) !== undefined) return undefined;
  const known = { ...ANYWHERE, isOfRegion: isOfRegion(hostName, inventory.region) };
  return (
    namesake(known, inventory, unknownHosts) ??
    taken(hostName, address, unknownHosts.coverage?.interfaces ?? new Map())
  );
}

function taken(
  hostName: string,
  address: string | undefined,
  interfaces: NetworkCoverage['interfaces'],
): string | undefined {
  const [first] = interfaces.get(address ?? '') ?? [];
  return first && `EC2 has ${first} at ${address}, the address of ${hostName}`;
}

/** Of a host that EC2 has: why it is none of the inventory's. */
function elsewhere(
  hostName: string,
  covered: ReadonlySet<string>,
  { instances }: UnknownHostLookup,
): string | undefined {
  const vpcs = (instances.get(hostName) ?? []).map(({ vpcId }) => vpcId);
  const isApart = covered.size > 0 && vpcs.length > 0 && !vpcs.some((vpc) => isWithin(vpc, covered));
  return isApart ? `${hostName} is in ${vpcs[0]}, in which no cluster that was read has a host` : undefined;
}

/** The hosts about which the networks of the zone tell whether they are gone, or whether another has their name by now. */
export function hostsToCover(
  hosts: readonly UnknownHost[],
  { region }: Pick<Inventory, 'region'>,
  unknownHosts: UnknownHostLookup,
): readonly UnknownHost[] {
  return hosts.filter(
    ({ hostName, address }) =>
      address !== undefined &&
      !unknownHosts.existing.has(hostName) &&
      (isKnownGone(hostName, unknownHosts) || !isOfOtherRegion(hostName, region)),
  );
}

/**
 * Those of the hosts that an earlier run has seen registered, by their names. One that EC2 did not name is known by its
 * address: its name was made up elsewhere, and bears nothing of the account.
 */
export function seenHosts(
  hosts: readonly UnknownHost[],
  known: ReadonlyMap<string, unknown>,
): ReadonlySet<string> {
  const isSeen = ({ hostName, address }: UnknownHost) =>
    known.has(hostName) || (address !== undefined && !isEc2Name(hostName) && known.has(address));
  return new Set(hosts.filter(isSeen).map(({ hostName }) => hostName));
}

/** A VPC that EC2 did not name may be any. */
function isWithin(vpc: string | undefined, covered: ReadonlySet<string>): boolean {
  return vpc === undefined || covered.has(vpc);
}

function isKnownGone(hostName: string, { terminated, seen }: UnknownHostLookup): boolean {
  return terminated?.has(hostName) === true || seen?.has(hostName) === true;
}

function outOfSight(
  { hostName, address }: UnknownHost,
  { region }: Inventory,
  { coverage }: UnknownHostLookup,
): string | undefined {
  if (isOfOtherRegion(hostName, region)) return `${hostName} is not a private DNS name of ${region}`;
  if (address === undefined)
    return `${hostName} does not tell its address, nor does the zone: an A set of the host would`;
  if (coverage === undefined) return `Route 53 and EC2 were not asked in which network ${hostName} would be`;
  if (coverage.gap !== undefined) return `${hostName} may be out of sight: ${coverage.gap}`;
  if (!coverage.interfaces.has(address))
    return `${hostName} is at ${address}, which is in no VPC of the zone`;
  return taken(hostName, address, coverage.interfaces);
}

/** Whether a name is one of those that EC2 gives, in another region. */
function isOfOtherRegion(hostName: string, region: string): boolean {
  return isEc2Name(hostName) && parentDomain(hostName) !== domainOfRegion(region);
}
