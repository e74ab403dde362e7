import type { HealthThresholds } from '../../model/health-history.ts';
import {
  advance,
  type HealthHistory,
  historyKey,
  isFailedLongEnough,
  isRecovering,
} from '../../model/health-history.ts';
import type { Container, Endpoint } from '../../model/inventory.ts';
import type { ProbeOutcome, UnhealthyReason } from '../../model/probe.ts';
import type { Evidence } from '../../model/verdict.ts';
import type { Assessment } from './assessment.ts';

/** What judging the health of an endpoint knows beside its probe. Times in milliseconds. */
export interface HealthFacts {
  readonly now: number;
  /** How long after its start a container is left alone. */
  readonly graceOf: (container: Container) => number;
  /** Whether ECS's own health check of an essential container is believed without a probe. */
  readonly trustEcs: boolean;
  readonly history: HealthHistory;
  readonly thresholds: HealthThresholds;
}

const MS_PER_SECOND = 1000;

/** What is to be made of an endpoint that was checked, with the evidence that is not the probe's own. */
export interface HealthAssessment {
  readonly assessment: Assessment;
  readonly evidence: Evidence;
}

/** An endpoint, and the address at which it was asked. */
export interface Asked {
  readonly endpoint: Endpoint;
  readonly address: string | undefined;
}

/**
 * | outcome of the check                   | and                                      | verdict                     |
 * |----------------------------------------|------------------------------------------|-----------------------------|
 * | ECS: UNHEALTHY, essential, `trustEcs`  | as below                                 | as unhealthy, ecs-unhealthy |
 * | none                                   |                                          | live: running               |
 * | healthy                                | was unhealthy, has not passed often yet  | unverified: recovering      |
 * |                                        | else                                     | live: healthy               |
 * | indeterminate                          |                                          | unverified: its reason      |
 * | unhealthy                              | the container is in its grace period     | unverified: grace-period    |
 * |                                        | too few runs in a row have failed        | unverified: below-threshold |
 * |                                        | else                                     | unhealthy: its reason       |
 */
export function judgeHealth(
  asked: Asked,
  outcome: ProbeOutcome | undefined,
  facts: HealthFacts,
): HealthAssessment {
  if (isTrustedUnhealthy(asked.endpoint.container, facts)) return failing(asked, 'ecs-unhealthy', facts);
  switch (outcome?.kind) {
    case undefined:
      return { assessment: { verdict: 'live', reason: 'running' }, evidence: {} };
    case 'healthy':
      return passing(asked, facts);
    case 'unhealthy':
      return failing(asked, outcome.reason, facts);
    case 'indeterminate':
      return { assessment: { verdict: 'unverified', reason: outcome.reason }, evidence: {} };
  }
}

/** Whether ECS's word alone decides, so that no probe is needed. */
export function isTrustedUnhealthy(
  { essential, ecsHealth }: Container,
  { trustEcs }: Pick<HealthFacts, 'trustEcs'>,
): boolean {
  return trustEcs && essential && ecsHealth === 'UNHEALTHY';
}

function passing({ endpoint, address }: Asked, { history, thresholds }: HealthFacts): HealthAssessment {
  const record = advance(history, historyKey(endpoint, address), false);
  if (!isRecovering(record, thresholds)) {
    return { assessment: { verdict: 'live', reason: 'healthy' }, evidence: {} };
  }
  return {
    assessment: { verdict: 'unverified', reason: 'recovering' },
    evidence: { passingRuns: record.passing, healthyThreshold: thresholds.healthyThreshold },
  };
}

function failing(
  { endpoint, address }: Asked,
  reason: UnhealthyReason,
  facts: HealthFacts,
): HealthAssessment {
  const grace = graceEvidence(endpoint.container, facts);
  if (grace !== undefined) {
    return {
      assessment: { verdict: 'unverified', reason: 'grace-period' },
      evidence: { failure: reason, ...grace },
    };
  }
  const record = advance(facts.history, historyKey(endpoint, address), true);
  if (isFailedLongEnough(record, facts.thresholds)) {
    return { assessment: { verdict: 'unhealthy', reason }, evidence: {} };
  }
  const { unhealthyThreshold } = facts.thresholds;
  return {
    assessment: { verdict: 'unverified', reason: 'below-threshold' },
    evidence: { failure: reason, failingRuns: record.failing, unhealthyThreshold },
  };
}

/** A start that lies in the future is the clocks' difference, and as young as can be. */
function graceEvidence(container: Container, { now, graceOf }: HealthFacts): Evidence | undefined {
  const graceMs = graceOf(container);
  if (container.startedAt === undefined || now - container.startedAt >= graceMs) return undefined;
  const ageMs = Math.max(0, now - container.startedAt);
  return {
    ageSeconds: Math.floor(ageMs / MS_PER_SECOND),
    graceSeconds: Math.round(graceMs / MS_PER_SECOND),
  };
}
