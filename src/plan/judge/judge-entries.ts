import type { Entry } from '../../model/entry.ts';
import type { Container, Endpoint, UnknownHostLookup } from '../../model/inventory.ts';
import { isIpv6 } from '../../model/ip-address.ts';
import { NOT_PROBED, type ProbeOutcome, type ProbeTarget, probeKey } from '../../model/probe.ts';
import { isTaskContainerId } from '../../model/set-identifier.ts';
import type { Evidence, Judgement, JudgementOf } from '../../model/verdict.ts';
import type { CnameStatus } from '../match/cname-status.ts';
import type { Match, Matched } from '../match/match-kinds.ts';
import type { Assessment } from './assessment.ts';
import type { CheckOf } from './check-resolver.ts';
import type { Outside } from './host-coverage.ts';
import { type HealthAssessment, type HealthFacts, isTrustedUnhealthy, judgeHealth } from './judge-health.ts';

/** What judging knows beside the match. */
export interface JudgeInput extends HealthFacts {
  /** Outcomes by `probeKey`; a target that is missing was not probed before time ran out. */
  readonly outcomes: ReadonlyMap<string, ProbeOutcome>;
  readonly checkOf: CheckOf;
  readonly unknownHosts: UnknownHostLookup;
  /** Whether what runs on a host that is being drained is to leave the zone. */
  readonly drains: boolean;
  /** Whether a host that nobody has registered may belong to another region or VPC. */
  readonly outside: Outside;
}

/** An entry with its match and its verdict. */
export interface Judged {
  readonly match: Match;
  readonly judgement: Judgement;
}

/** An entry whose verdict asks for its removal. */
export interface Removable extends Judged {
  readonly judgement: JudgementOf<'stale' | 'unhealthy'>;
}

/** Gives every entry its verdict, in the order given; the two tables hold the whole rule. */
export function judgeEntries(matched: readonly Matched[], input: JudgeInput): readonly Judged[] {
  return matched.map(({ entry, match }) => {
    const outcome = outcomeOf(match, input);
    const { assessment, evidence } = assess(match, outcome, input);
    const all = { ...locationEvidence(match), ...probeEvidence(outcome), ...evidence };
    return { match, judgement: { ...sparing(entry, assessment), entry, evidence: all } };
  });
}

/**
 * A wildcard, a blank, a byte outside ASCII: Route 53 escapes them in names, and no agent names a
 * service so. Whoever wrote such an entry may keep it.
 */
function sparing({ recordSet }: Entry, assessment: Assessment): Assessment {
  const isRemovable = assessment.verdict === 'stale' || assessment.verdict === 'unhealthy';
  const isEscaped = recordSet.Name.includes('\\');
  return isRemovable && isEscaped ? { verdict: 'unverified', reason: 'escaped-name' } : assessment;
}

/**
 * | match         | what else is known                    | verdict    | reason                       |
 * |---------------|---------------------------------------|------------|------------------------------|
 * | foreign       |                                       | foreign    | why it is not ours           |
 * | malformed     |                                       | unverified | malformed-value              |
 * | unresolved    |                                       | unverified | target-unresolved            |
 * | endpoint      | to be checked, but without an address | unverified | address-unknown              |
 * |               | unhealthy, and another starts there   | unverified | task-starting                |
 * |               | healthy, but its host is drained      | unhealthy  | draining (under `sync`)      |
 * |               | else                                  |            | see `judgeHealth`            |
 * | starting      |                                       | unverified | task-starting                |
 * | stopping      |                                       | stale      | task-stopping                |
 * | portless      |                                       | unverified | port-not-bound               |
 * | replaced      | by the same service                   | stale      | superseded                   |
 * |               | by another                            | stale      | port-reassigned              |
 * |               | by one whose service cannot be known  | unverified | service-unknown              |
 * | vacant        |                                       | stale      | task-gone                    |
 * | host-present  |                                       | live       | host-present                 |
 * | host-gone     | its lastKnownEndpoint answers healthily         | live       | healthy                      |
 * |               | else                                  | stale      | instance-gone                |
 * | addressed     |                                       | live       | running                      |
 * | readdressed   | another entry leads to its task       | stale      | superseded                   |
 * |               | else                                  | unverified | address-differs              |
 * | task-gone     |                                       | stale      | task-gone                    |
 * | cluster-unknown |                                     | unverified | cluster-not-covered          |
 * | service       | it is there, behind a load balancer   | live       | service-balanced             |
 * |               | it, or its load balancer, is gone     | stale      | service-gone, balancer-gone  |
 * |               | nobody can tell                       | unverified | service-unread, …            |
 * | address-reassigned | by a task of another name             | stale      | port-reassigned              |
 * |               | by one whose name cannot be known     | unverified | service-unknown              |
 * | address-unassigned  |                                       | stale      | task-gone                    |
 * | address-out-of-scope |                                     | unverified | address-not-covered          |
 * | host-unknown  | it is of another region, or VPC       | unverified | host-not-covered             |
 * |               | EC2 has the instance                  | stale      | task-gone (held back)        |
 * |               | it was a task's own network interface | stale      | task-gone                    |
 * |               | EC2 does not have it                  | stale      | instance-gone                |
 */
function assess(match: Match, outcome: ProbeOutcome | undefined, input: JudgeInput): HealthAssessment {
  if (match.kind !== 'endpoint') return { assessment: assessLocation(match, outcome, input), evidence: {} };
  const needsAddress = match.address === undefined && needsProbe(match.endpoint, input);
  if (needsAddress) return { assessment: { verdict: 'unverified', reason: 'address-unknown' }, evidence: {} };
  const health = judgeHealth(match, outcome, input);
  if (input.drains && health.assessment.verdict === 'live' && match.endpoint.container.host?.isDraining) {
    return { ...health, assessment: { verdict: 'unhealthy', reason: 'draining' } };
  }
  const isCompeting = health.assessment.verdict === 'unhealthy' && match.competing !== undefined;
  return isCompeting ? { ...health, assessment: { verdict: 'unverified', reason: 'task-starting' } } : health;
}

function assessLocation(
  match: Exclude<Match, { kind: 'endpoint' }>,
  outcome: ProbeOutcome | undefined,
  input: JudgeInput,
): Assessment {
  switch (match.kind) {
    case 'foreign':
      return { verdict: 'foreign', reason: match.reason };
    case 'malformed':
      return { verdict: 'unverified', reason: 'malformed-value' };
    case 'unresolved':
      return { verdict: 'unverified', reason: 'target-unresolved' };
    case 'starting':
      return { verdict: 'unverified', reason: 'task-starting' };
    case 'stopping':
      return { verdict: 'stale', reason: 'task-stopping' };
    case 'port-not-exposed':
      return { verdict: 'unverified', reason: 'port-not-bound' };
    case 'replaced':
      return replaced(match.by);
    case 'no-task-on-host':
      return { verdict: 'stale', reason: 'task-gone' };
    case 'host-present':
      return { verdict: 'live', reason: 'host-present' };
    case 'host-gone':
      // EC2 and ECS may both be wrong; whoever answers is there.
      return outcome?.kind === 'healthy'
        ? { verdict: 'live', reason: 'healthy' }
        : { verdict: 'stale', reason: 'instance-gone' };
    case 'addressed':
      return { verdict: 'live', reason: 'running' };
    case 'readdressed':
      return match.isSuperseded === true
        ? { verdict: 'stale', reason: 'superseded' }
        : { verdict: 'unverified', reason: 'address-differs' };
    case 'task-gone':
    case 'address-unassigned':
      return { verdict: 'stale', reason: 'task-gone' };
    case 'cluster-unknown':
      return { verdict: 'unverified', reason: 'cluster-not-covered' };
    case 'address-reassigned':
      return match.by === 'other-name'
        ? { verdict: 'stale', reason: 'port-reassigned' }
        : { verdict: 'unverified', reason: 'service-unknown' };
    case 'address-out-of-scope':
      return { verdict: 'unverified', reason: 'address-not-covered' };
    case 'service':
      return assessService(match.status);
    case 'host-unknown':
      return input.outside(match.hostName) === undefined
        ? { verdict: 'stale', reason: isInstanceGone(match, input) ? 'instance-gone' : 'task-gone' }
        : { verdict: 'unverified', reason: 'host-not-covered' };
  }
}

function assessService(status: CnameStatus): Assessment {
  switch (status.kind) {
    case 'served':
      return { verdict: 'live', reason: 'service-balanced' };
    case 'stale':
      return { verdict: 'stale', reason: status.reason };
    case 'kept':
      return status.reason === 'cluster-not-read'
        ? { verdict: 'unverified', reason: 'cluster-not-covered' }
        : { verdict: 'unverified', reason: 'service-unread' };
  }
}

/** The host of a container without Docker was its task's own network interface, and went with the task. */
function isInstanceGone(
  { hostName, containerId }: Extract<Match, { kind: 'host-unknown' }>,
  { unknownHosts }: JudgeInput,
): boolean {
  const hadInstance = containerId === undefined || !isTaskContainerId(containerId);
  return hadInstance && !unknownHosts.existing.has(hostName);
}

function replaced(by: Extract<Match, { kind: 'replaced' }>['by']): Assessment {
  switch (by) {
    case 'same-service':
      return { verdict: 'stale', reason: 'superseded' };
    case 'other-service':
      return { verdict: 'stale', reason: 'port-reassigned' };
    case 'unknown-service':
      return { verdict: 'unverified', reason: 'service-unknown' };
  }
}

/** Where an entry's endpoint is to be probed; `undefined` for what needs no probe or cannot be probed. */
export function probeTargetOf(match: Match, input: ProbeRule): ProbeTarget | undefined {
  const reachable =
    match.kind === 'host-gone' ? match.lastKnownEndpoint : match.kind === 'endpoint' ? match : undefined;
  if (reachable?.address === undefined || !needsProbe(reachable.endpoint, input)) return undefined;
  const { endpoint, address } = reachable;
  return { address, port: endpoint.port, check: input.checkOf(endpoint) };
}

/** What decides whether and how an endpoint is probed. */
export type ProbeRule = Pick<JudgeInput, 'checkOf' | 'trustEcs'>;

function needsProbe(endpoint: Endpoint, input: ProbeRule): boolean {
  return !isTrustedUnhealthy(endpoint.container, input) && input.checkOf(endpoint).kind !== 'none';
}

function outcomeOf(match: Match, input: JudgeInput): ProbeOutcome | undefined {
  const target = probeTargetOf(match, input);
  if (target === undefined) return undefined;
  return input.outcomes.get(probeKey(target)) ?? NOT_PROBED;
}

function probeEvidence(outcome: ProbeOutcome | undefined): Evidence {
  if (outcome === undefined) return {};
  return {
    attempts: outcome.attempts,
    durationMs: outcome.durationMs,
    ...(outcome.status === undefined ? {} : { status: outcome.status }),
    ...(outcome.errorCode === undefined ? {} : { errorCode: outcome.errorCode }),
    ...(outcome.body === undefined ? {} : { body: outcome.body }),
  };
}

function locationEvidence(match: Match): Evidence {
  switch (match.kind) {
    case 'foreign':
    case 'malformed':
    case 'unresolved':
      return {};
    case 'endpoint':
      return {
        ...containerEvidence(match.endpoint.container),
        ...(match.address === undefined
          ? {}
          : { address: socketAddress(match.address, match.endpoint.port) }),
        ...(match.endpoint.container.ecsHealth === 'UNKNOWN'
          ? {}
          : { ecsHealth: match.endpoint.container.ecsHealth }),
        ...(match.isSuccessor
          ? { successor: match.endpoint.container.id ?? match.endpoint.container.name }
          : {}),
      };
    case 'starting':
    case 'stopping':
    case 'port-not-exposed':
    case 'addressed':
    case 'readdressed':
    case 'address-reassigned':
      return containerEvidence(match.container);
    case 'task-gone':
      return { cluster: match.task.cluster.name, task: match.task.taskId };
    case 'cluster-unknown':
      return { cluster: match.cluster };
    case 'address-unassigned':
    case 'address-out-of-scope':
      return { address: match.address };
    case 'service':
      return {
        service: match.status.own.label,
        cluster: match.status.own.cluster,
        ...(match.status.kind === 'kept' ? { detail: match.status.detail } : {}),
      };
    case 'replaced':
      return { ...containerEvidence(match.endpoint.container), service: match.endpoint.serviceName ?? '' };
    case 'no-task-on-host':
    case 'host-present':
    case 'host-gone':
      return {
        cluster: match.location.cluster,
        ...(match.location.instanceId === undefined ? {} : { instance: match.location.instanceId }),
      };
    case 'host-unknown':
      return { host: match.hostName };
  }
}

/** An address of IPv6 is put in brackets, as in a URL. */
function socketAddress(address: string, port: number): string {
  return isIpv6(address) ? `[${address}]:${port}` : `${address}:${port}`;
}

function containerEvidence(container: Container): Evidence {
  return {
    cluster: container.cluster,
    task: container.taskArn,
    container: container.name,
    ...(container.host === undefined ? {} : { instance: container.host.instanceId }),
  };
}
