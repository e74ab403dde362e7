import {
  type Container,
  type Endpoint,
  type Placement,
  placementOf,
  serviceKeyOf,
} from '../../model/inventory.ts';
import { canonicalAddress, isIpv6, networkOf } from '../../model/ip-address.ts';
import { type ProbeOutcome, probeKey, type UnhealthyReason } from '../../model/probe.ts';
import type { Match } from '../match/match-kinds.ts';
import type { Judged } from './judge-entries.ts';

/** Ways of failing that a broken route, a security group or a dead gateway at the worker also looks like. */
export const NETWORK_REASONS = ['timeout', 'unreachable', 'connection-refused'] as const;
export type NetworkReason = (typeof NETWORK_REASONS)[number];

/** Whether an endpoint fails in a way that its network may be to blame for. */
export function networkReason(failure: unknown): NetworkReason | undefined {
  return NETWORK_REASONS.find((reason) => reason === failure);
}

/** An endpoint of a running task that was asked and came to a conclusion. */
export interface AskedEndpoint {
  readonly address: string;
  /** Its ECS service; that of its name where ECS has started it for none. */
  readonly service: string;
  /** The parts of the network that it stands in, the widest first. */
  readonly parts: readonly string[];
  /** `undefined` where it passes, or fails in a way that the network has carried. */
  readonly failure: NetworkReason | undefined;
}

/**
 * The endpoints that tell of the network between them and the worker, each once however many entries lead to it.
 * Only what ECS has running in good order counts as failing: what a stale entry points at, what runs on a host whose
 * agent is away, and what ECS itself calls UNHEALTHY may well be down.
 */
export function askedEndpoints(
  judged: readonly Pick<Judged, 'match'>[],
  outcomeOf: (match: Match) => ProbeOutcome | undefined,
): readonly AskedEndpoint[] {
  const asked = new Map<string, AskedEndpoint>();
  for (const { match } of judged) {
    if (match.kind !== 'endpoint' || match.address === undefined) continue;
    const outcome = outcomeOf(match);
    if (outcome === undefined || outcome.kind === 'indeterminate') continue;
    const { endpoint, address } = match;
    const failure = networkReason(reasonOf(outcome));
    if (failure !== undefined && !isInGoodOrder(endpoint.container)) continue;
    const service = serviceOf(endpoint);
    const parts = networkParts(placementOf(endpoint.container), address);
    asked.set(probeKey({ address, port: endpoint.port }), { address, service, parts, failure });
  }
  return [...asked.values()];
}

function reasonOf(outcome: ProbeOutcome): UnhealthyReason | undefined {
  return outcome.kind === 'unhealthy' ? outcome.reason : undefined;
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
  const { availabilityZone, subnetId } = placement ?? {};
  const zone = availabilityZone === undefined ? [] : [`${ZONE} ${availabilityZone}`];
  return [...zone, subnetId === undefined ? `network ${prefixOf(address)}` : `subnet ${subnetId}`];
}

function prefixOf(address: string): string {
  const canonical = canonicalAddress(address) ?? address;
  return isIpv6(canonical) ? `${networkOf(canonical)}::/64` : `${networkOf(canonical)}.0/24`;
}
