import { asks } from '../../model/health-check.ts';
import type { Container, Endpoint } from '../../model/inventory.ts';
import {
  NOT_PROBED,
  type ProbeOutcome,
  type ProbeTarget,
  probeKey,
  type UnhealthyReason,
} from '../../model/probe.ts';
import { type TargetState, targetHealthOf } from '../../model/target-health.ts';
import type { Match, Matched } from '../match/match-kinds.ts';
import type { CheckOf } from './check-resolver.ts';

/** What decides whether and how an endpoint is probed. */
export interface ProbeRule {
  readonly checkOf: CheckOf;
  /** Whether ECS's own health check of an essential container is believed without a probe. */
  readonly trustEcs: boolean;
  /** What ECS's own health check says of a container. */
  readonly ecsHealthOf: (container: Container) => Container['ecsHealth'];
  /** Whether the target groups of an ECS service are believed without a probe. */
  readonly trustsTargetsOf: (ecsService: string) => boolean;
  /** What target groups say of an endpoint; nothing where they were not asked. */
  readonly targetsOf: (endpoint: Endpoint) => readonly TargetState[];
}

/** The failures that AWS tells itself, and that need no probe where it is believed. */
export type TrustedFailure = Extract<UnhealthyReason, 'ecs-unhealthy' | 'target-unhealthy'>;

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
  return trustedFailureOf(endpoint, rule) === undefined && asks(rule.checkOf(endpoint));
}

/** How AWS finds an endpoint unhealthy where its word alone decides, so that no probe is needed: ECS's word comes first. */
export function trustedFailureOf(endpoint: Endpoint, rule: ProbeRule): TrustedFailure | undefined {
  if (isTrustedByEcs(endpoint, rule)) return 'ecs-unhealthy';
  const { ecsService } = endpoint.container;
  if (ecsService === undefined || !rule.trustsTargetsOf(ecsService)) return undefined;
  return targetHealthOf(rule.targetsOf(endpoint)) === 'unhealthy' ? 'target-unhealthy' : undefined;
}

function isTrustedByEcs(endpoint: Endpoint, rule: ProbeRule): boolean {
  if (rule.ecsHealthOf(endpoint.container) !== 'UNHEALTHY') return false;
  return (rule.trustEcs && endpoint.container.essential) || isCheckedByEcs(endpoint, rule);
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

/** The containers whose grace periods decide: those that fail their check, by the probe or by AWS's word. */
export function failingContainers(
  matched: readonly Matched[],
  rule: ProbeRule,
  outcomes: ReadonlyMap<string, ProbeOutcome>,
): readonly Container[] {
  const failing: Container[] = [];
  for (const { match } of matched) {
    if (match.kind !== 'endpoint') continue;
    const isUnhealthy = outcomeOf(match, rule, outcomes)?.kind === 'unhealthy';
    if (isUnhealthy || trustedFailureOf(match.endpoint, rule) !== undefined)
      failing.push(match.endpoint.container);
  }
  return failing;
}
