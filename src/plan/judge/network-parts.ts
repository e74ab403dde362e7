import {
  type Container,
  type Endpoint,
  type Placement,
  placementOf,
  serviceKeyOf,
} from '../../model/inventory.ts';
import { canonicalAddress, isIpv6, networkOf } from '../../model/ip-address.ts';
import { isStillToAsk, type ProbeOutcome, probeKey } from '../../model/probe.ts';
import type { Match } from '../match/match-kinds.ts';
import type { Judged } from './judge-entries.ts';

/** Ways of failing that a broken route, a security group or a dead gateway at the worker also looks like. */
export const NETWORK_REASONS = ['timeout', 'unreachable', 'connection-refused'] as const;
export type NetworkReason = (typeof NETWORK_REASONS)[number];

/** Whether an endpoint fails in a way that its network may be to blame for. */
export function networkReason(failure: unknown): NetworkReason | undefined {
  return NETWORK_REASONS.find((reason) => reason === failure);
}

/** An endpoint of a running task that tells of the network between it and the worker, or may. */
export interface TellingEndpoint {
  /** Where it is asked; the ARN of its host's registration where EC2 tells no address. */
  readonly address: string;
  /** Its ECS service; that of its name where ECS has started it for none. */
  readonly service: string;
  /** The parts of the network that it stands in, the widest first. */
  readonly parts: readonly string[];
  /** `carried` where it passes, or fails in a way that the network has carried. */
  readonly answer: NetworkReason | 'carried' | 'unheard';
}

/** What was observed of endpoints. */
export interface Asked {
  /** Everything that was judged: entries, and what has none. */
  readonly judged: readonly Pick<Judged, 'match'>[];
  readonly outcomeOf: (match: Match) => ProbeOutcome | undefined;
  /** What would be asked if its address were known. */
  readonly unaddressed: readonly Endpoint[];
}

/**
 * The endpoints that tell of the network between them and the worker, each once however many entries lead to it.
 * Unless it passes, only what ECS has running in good order counts: what a stale entry points at, what runs on a host
 * whose agent is away, and what ECS itself calls UNHEALTHY may well be down.
 */
export function tellingEndpoints({ judged, outcomeOf, unaddressed }: Asked): readonly TellingEndpoint[] {
  const telling = new Map<string, TellingEndpoint>();
  const hosts = new Set<string | undefined>();
  for (const { match } of judged) {
    if (match.kind !== 'endpoint' || match.address === undefined) continue;
    const { endpoint, address } = match;
    const answer = answerIn(outcomeOf(match));
    if (answer === undefined || (answer !== 'carried' && !isInGoodOrder(endpoint.container))) continue;
    hosts.add(endpoint.container.host?.containerInstance);
    const [service, parts] = [serviceOf(endpoint), networkParts(placementOf(endpoint.container), address)];
    telling.set(probeKey({ address, port: endpoint.port }), { address, service, parts, answer });
  }
  for (const endpoint of unaddressed) {
    const { container, port } = endpoint;
    const address = container.host?.containerInstance;
    if (address === undefined || hosts.has(address)) continue;
    if (container.phase !== 'running' || !isInGoodOrder(container)) continue;
    const [service, parts] = [serviceOf(endpoint), namedParts(placementOf(container))];
    // EC2 never tells where a machine of ECS Anywhere is.
    if (parts.length === 0) continue;
    telling.set(probeKey({ address, port }), { address, service, parts, answer: 'unheard' });
  }
  return [...telling.values()];
}

/** What an outcome tells of the network; `undefined` where it tells nothing. */
function answerIn(outcome: ProbeOutcome | undefined): TellingEndpoint['answer'] | undefined {
  if (outcome === undefined) return undefined;
  if (outcome.kind === 'indeterminate') return isStillToAsk(outcome) ? 'unheard' : undefined;
  return (outcome.kind === 'unhealthy' ? networkReason(outcome.reason) : undefined) ?? 'carried';
}

/** Whether ECS has reached its agent, and says nothing against it. */
function isInGoodOrder({ host, ecsHealth }: Container): boolean {
  return (host === undefined || host.isAgentConnected) && ecsHealth !== 'UNHEALTHY';
}

function serviceOf({ container, serviceName }: Endpoint): string {
  return serviceKeyOf(container) ?? `${container.cluster.arn} ${serviceName ?? container.name}`;
}

/** How the part of a network begins that is an availability zone. */
export const ZONE = 'availability zone';

/**
 * The availability zone and the subnet of an address, in words. Where its subnet is unknown the neighbours of the
 * address stand for it: of IPv4 the first 24 bits, of IPv6 the 64 of a subnet.
 */
export function networkParts(placement: Placement | undefined, address: string): readonly string[] {
  const named = namedParts(placement);
  return placement?.subnetId === undefined ? [...named, `network ${prefixOf(address)}`] : named;
}

/** Those that AWS names, the widest first. */
function namedParts({ availabilityZone, subnetId }: Partial<Placement> = {}): readonly string[] {
  const zone = availabilityZone === undefined ? [] : [`${ZONE} ${availabilityZone}`];
  return subnetId === undefined ? zone : [...zone, `subnet ${subnetId}`];
}

function prefixOf(address: string): string {
  const canonical = canonicalAddress(address) ?? address;
  return isIpv6(canonical) ? `${networkOf(canonical)}::/64` : `${networkOf(canonical)}.0/24`;
}
