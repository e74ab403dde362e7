import { advance, historyKey, isFailedLongEnough, isRecovering } from '../../model/health-history.ts';
import type { UnhealthyReason } from '../../model/probe.ts';
import type { Evidence } from '../../model/verdict.ts';
import type { Reachable } from '../match/match-kinds.ts';
import type { JudgeInput, RuleFacts } from './judge-input.ts';
import { trustedFailureOf } from './probe-targets.ts';

const MS_PER_SECOND = 1000;

/** How an endpoint fails, by AWS where it is believed, or else by the probe; `undefined` where it does not. */
export function failureOf(
  { endpoint }: Pick<Reachable, 'endpoint'>,
  { outcome, input }: RuleFacts,
): UnhealthyReason | undefined {
  const trusted = trustedFailureOf(endpoint, input);
  if (trusted !== undefined) return trusted;
  return outcome?.kind === 'unhealthy' ? outcome.reason : undefined;
}

/** A condition on an endpoint that fails: that there is such evidence, to which the failure is added. */
export function whereFailing(evidenceOf: (reached: Reachable, input: JudgeInput) => Evidence | undefined) {
  return (reached: Reachable, facts: RuleFacts): Evidence | undefined => {
    const failure = failureOf(reached, facts);
    const evidence = failure && evidenceOf(reached, facts.input);
    return evidence && { failure, ...evidence };
  };
}

/**
 * The numbers of a grace period that is not over; `undefined` for one that is. A start that lies in the future is
 * the clocks' difference, and as young as can be.
 */
export function graceEvidence(
  { endpoint: { container } }: Reachable,
  { now, graceOf }: JudgeInput,
): Evidence | undefined {
  const graceMs = graceOf(container);
  if (container.startedAt === undefined || now - container.startedAt >= graceMs) return undefined;
  return {
    ageSeconds: Math.floor(Math.max(0, now - container.startedAt) / MS_PER_SECOND),
    graceSeconds: Math.round(graceMs / MS_PER_SECOND),
  };
}

/** In how many runs an endpoint that fails has failed, and in how many it has to; `undefined` once it has. */
export function spareEvidence(reached: Reachable, input: JudgeInput): Evidence | undefined {
  const record = recordAfter(reached, input, true);
  if (isFailedLongEnough(record, input.thresholds)) return undefined;
  return { failingRuns: record.failing, unhealthyThreshold: input.thresholds.unhealthyThreshold };
}

/** In how many runs an endpoint has passed again that was unhealthy; `undefined` once they are enough. */
export function recoveryEvidence(reached: Reachable, { outcome, input }: RuleFacts): Evidence | undefined {
  if (outcome === undefined) return undefined;
  const record = recordAfter(reached, input, false);
  if (!isRecovering(record, input.thresholds)) return undefined;
  return { passingRuns: record.passing, healthyThreshold: input.thresholds.healthyThreshold };
}

function recordAfter({ endpoint, address }: Reachable, { history }: JudgeInput, isFailing: boolean) {
  return advance(history, historyKey(endpoint, address), isFailing);
}
