import type { ChangeOutcome } from '../model/change.ts';
import type { ProbeOutcome } from '../model/probe.ts';
import type { SpanOutcome } from '../spans.ts';
import { type RunResult, runFailure } from './run.ts';

/** What the span of a run tells of it. */
export function outcomeOfRun(result: RunResult): SpanOutcome {
  const { runId, zone, plan } = result;
  return {
    attributes: {
      'ecs_dns.run_id': runId,
      'ecs_dns.zone_id': zone.id,
      'ecs_dns.entries': plan.judgements.length,
      'ecs_dns.removals': plan.removals,
      'ecs_dns.registrations': plan.registered,
      'ecs_dns.held_back': plan.heldBack.length,
    },
    failure: runFailure(result)?.detail,
  };
}

/** What the span of changes tells of them: how many change groups were sent, and how they ended. */
export function outcomeOfChanges(outcomes: ReadonlyMap<string, ChangeOutcome>): SpanOutcome {
  const statuses = [...outcomes.values()].map(({ status }) => status);
  const countOf = (status: ChangeOutcome['status']) => statuses.filter((one) => one === status).length;
  const failed = countOf('failed');
  return {
    attributes: {
      'ecs_dns.changes.sent': statuses.length,
      'ecs_dns.changes.applied': countOf('applied'),
      'ecs_dns.changes.already_done': countOf('already-done'),
      'ecs_dns.changes.conflict': countOf('conflict'),
      'ecs_dns.changes.failed': failed,
    },
    failure: failed === 0 ? undefined : `changes that failed: ${failed} of ${statuses.length}`,
  };
}

/** What the span of probing tells: how many endpoints were asked, and how many were found healthy or not. */
export function outcomeOfProbes(outcomes: ReadonlyMap<string, ProbeOutcome>): SpanOutcome {
  const kinds = [...outcomes.values()].map(({ kind }) => kind);
  const countOf = (kind: ProbeOutcome['kind']) => kinds.filter((one) => one === kind).length;
  return {
    attributes: {
      'ecs_dns.probes.asked': kinds.length,
      'ecs_dns.probes.healthy': countOf('healthy'),
      'ecs_dns.probes.unhealthy': countOf('unhealthy'),
    },
  };
}
