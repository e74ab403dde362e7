import {
  advance,
  type HealthRecord,
  historyKey,
  isFailedLongEnough,
  isRecovering,
} from '../../model/health-history.ts';
import type { Endpoint } from '../../model/inventory.ts';
import type { UnhealthyReason } from '../../model/probe.ts';
import type { Evidence } from '../../model/verdict.ts';
import type { Reachable } from '../match/match-kinds.ts';
import type { JudgeInput, RuleFacts } from './judge-input.ts';
import { isTrustedUnhealthy } from './probe-targets.ts';

const MS_PER_SECOND = 1000;

/** How an endpoint fails, by ECS where it is believed, or else by the probe; `undefined` where it does not. */
export function failureOf(
  { endpoint }: Pick<Reachable, 'endpoint'>,
  { outcome, input }: RuleFacts,
): UnhealthyReason | undefined {
  if (isTrustedUnhealthy(endpoint.container, input)) return 'ecs-unhealthy';
  return outcome?.kind === 'unhealthy' ? outcome.reason : undefined;
}

/**
 * The numbers of a grace period that is not over; `undefined` for one that is. A start that lies in the future is
 * the clocks' difference, and as young as can be.
 */
export function graceEvidence({ container }: Endpoint, { now, graceOf }: JudgeInput): Evidence | undefined {
  const graceMs = graceOf(container);
  if (container.startedAt === undefined || now - container.startedAt >= graceMs) return undefined;
  return {
    ageSeconds: Math.floor(Math.max(0, now - container.startedAt) / MS_PER_SECOND),
    graceSeconds: Math.round(graceMs / MS_PER_SECOND),
  };
}

/** Whether an endpoint that fails has not failed in enough runs in a row. */
export function failsTooSeldom(reached: Reachable, input: JudgeInput): boolean {
  return !isFailedLongEnough(recordAfter(reached, input, true), input.thresholds);
}

/** In how many runs it has failed, and in how many it has to. */
export function spareEvidence(reached: Reachable, input: JudgeInput): Evidence {
  const { unhealthyThreshold } = input.thresholds;
  return { failingRuns: recordAfter(reached, input, true).failing, unhealthyThreshold };
}

/** In how many runs an endpoint has passed again that was unhealthy; `undefined` once they are enough. */
export function recoveryEvidence(reached: Reachable, input: JudgeInput): Evidence | undefined {
  const record = recordAfter(reached, input, false);
  const { healthyThreshold } = input.thresholds;
  return isRecovering(record, input.thresholds)
    ? { passingRuns: record.passing, healthyThreshold }
    : undefined;
}

function recordAfter(
  { endpoint, address }: Reachable,
  { history }: JudgeInput,
  isFailing: boolean,
): HealthRecord {
  return advance(history, historyKey(endpoint, address), isFailing);
}
