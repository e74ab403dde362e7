import { asks } from '../../model/health-check.ts';
import type { Container, Endpoint } from '../../model/inventory.ts';
import { NOT_PROBED, type ProbeOutcome, type ProbeTarget, probeKey } from '../../model/probe.ts';
import type { Match, Matched } from '../match/match-kinds.ts';
import type { CheckOf } from './check-resolver.ts';

/** What decides whether and how an endpoint is probed. */
export interface ProbeRule {
  readonly checkOf: CheckOf;
  /** Whether ECS's own health check of an essential container is believed without a probe. */
  readonly trustEcs: boolean;
}

/** Where an entry's endpoint is to be probed; `undefined` for what needs no probe or cannot be probed. */
export function probeTargetOf(match: Match, rule: ProbeRule): ProbeTarget | undefined {
  const reachable =
    match.kind === 'host-gone' ? match.lastKnownEndpoint : match.kind === 'endpoint' ? match : undefined;
  if (reachable?.address === undefined || !needsProbe(reachable.endpoint, rule)) return undefined;
  const { endpoint, address } = reachable;
  return { address, port: endpoint.port, check: rule.checkOf(endpoint) };
}

/** Whether an endpoint is to be asked how it is. */
export function needsProbe(endpoint: Endpoint, rule: ProbeRule): boolean {
  return !isTrustedUnhealthy(endpoint, rule) && asks(rule.checkOf(endpoint));
}

/** Whether ECS finds an endpoint unhealthy, and its word alone decides, so that no probe is needed. */
export function isTrustedUnhealthy(endpoint: Endpoint, rule: ProbeRule): boolean {
  const { essential, ecsHealth } = endpoint.container;
  if (ecsHealth !== 'UNHEALTHY') return false;
  return (rule.trustEcs && essential) || isCheckedByEcs(endpoint, rule);
}

/** Whether it is ECS that checks an endpoint. */
export function isCheckedByEcs(endpoint: Endpoint, { checkOf }: Pick<ProbeRule, 'checkOf'>): boolean {
  return checkOf(endpoint).kind === 'ecs';
}

/** How the probe of an entry's endpoint ended; `undefined` for what needs no probe or cannot be probed. */
export function outcomeOf(
  match: Match,
  rule: ProbeRule,
  outcomes: ReadonlyMap<string, ProbeOutcome>,
): ProbeOutcome | undefined {
  const target = probeTargetOf(match, rule);
  return target && (outcomes.get(probeKey(target)) ?? NOT_PROBED);
}

/** The containers whose grace periods decide: those that fail their check, by the probe or by ECS. */
export function failingContainers(
  matched: readonly Matched[],
  rule: ProbeRule,
  outcomes: ReadonlyMap<string, ProbeOutcome>,
): readonly Container[] {
  const failing: Container[] = [];
  for (const { match } of matched) {
    if (match.kind !== 'endpoint') continue;
    const isUnhealthy = outcomeOf(match, rule, outcomes)?.kind === 'unhealthy';
    if (isUnhealthy || isTrustedUnhealthy(match.endpoint, rule)) failing.push(match.endpoint.container);
  }
  return failing;
}
