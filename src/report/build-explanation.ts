import type { Container, Endpoint } from '../model/inventory.ts';
import { probeKey } from '../model/probe.ts';
import { type RecordSet, valuesOf } from '../model/record-set.ts';
import { withheldWords } from '../model/registration.ts';
import { REASON_WORDS } from '../model/verdict.ts';
import {
  type CheckedEndpoint,
  type Explanation,
  MATCHED_BY_WORDS,
  type MissingRecords,
  type Reachable,
} from '../plan/explain.ts';
import { GUARDRAIL_WORDS, specOf } from '../plan/plan.ts';
import type { Explained, TimedAttempt } from '../run/run.ts';
import { reportedAttempt, reportedCheck } from './build-check.ts';
import { noticesOf } from './build-report.ts';
import { type DocumentOptions, headOf } from './document.ts';
import type { ExplainedEntry, ExplanationReport, MissingRecord } from './explanation-schema.ts';

/**
 * The document of an explanation, its entries in the order of the zone.
 *
 * @example
 * const document = buildExplanation(explained, { awsCalls: {}, awsThrottled: 0, warnings: [] });
 */
export function buildExplanation(explained: Explained, options: DocumentOptions): ExplanationReport {
  const { observation, selector, finishedAt, explanations, confirmation } = explained;
  const { zone, startedAt, inventory } = observation;
  const unconfirmed = [...confirmation.look.incomplete, ...(confirmation.services?.incomplete ?? [])];
  const readings = { ...observation, unconfirmed };
  const judgements = explanations.map(({ judged }) => judged.judgement);
  const notices = noticesOf(inventory, judgements);
  return {
    ...headOf({ mode: 'explain', startedAt, finishedAt, readings, notices }, options),
    zone: { id: zone.id, name: zone.name },
    selector,
    entries: explanations.map(entryBuilder(explained)),
    missing: missingRecords(explained.missing),
  };
}

function missingRecords({ registering, withheld }: MissingRecords): MissingRecord[] {
  return [
    ...registering.map((set) => ({
      name: set.Name,
      type: set.Type,
      setIdentifier: set.SetIdentifier,
      value: valuesOf(set).join(', '),
      outcome: 'registered' as const,
      reason: 'missing',
      detail: 'it runs, is healthy and has no record',
      advice: 'nothing: the next run of `ecs-dns apply` registers it',
    })),
    ...withheld.map(({ name, type, value, reason, detail }) => ({
      name,
      type,
      value,
      outcome: 'withheld' as const,
      reason,
      detail: detail ?? withheldWords(reason).meaning,
      advice: withheldWords(reason).advice,
    })),
  ];
}

function entryBuilder({ attempts, health }: Explained): (explanation: Explanation) => ExplainedEntry {
  return ({ judged, results, outcome, srvRecord, by, host, container, reached, checked, seen }) => {
    const { match, judgement } = judged;
    const { entry, verdict, reason, evidence } = judgement;
    const decisive = results.find(({ answer }) => answer === 'holds');
    const meaning = [specOf(match).it, MATCHED_BY_WORDS[by]].filter((words) => words !== '').join(', ');
    return {
      name: entry.recordSet.Name,
      type: entry.type,
      setIdentifier: entry.setIdentifier,
      value: entry.value,
      verdict,
      reason,
      ...REASON_WORDS[reason],
      evidence: { ...evidence },
      recordSet: copyOf(entry.recordSet),
      srvRecord: srvRecord && {
        service: srvRecord.service,
        port: srvRecord.port,
        target: srvRecord.target,
        containerId: srvRecord.containerId,
      },
      match: { kind: match.kind, by, meaning },
      host: host && { ...host, cluster: host.cluster.name },
      container: describeContainer(container),
      ...(reached && { endpoint: describeEndpoint(reached) }),
      ...(reached && checked && describeChecked(reached.endpoint, checked, health, attempts)),
      guardrails: results.map((result) => ({ ...result, decides: result === decisive })),
      confirmation: seen.map(({ asked, seen: told }) => ({ asked, seen: told })),
      outcome: outcome.kind,
      heldBy:
        outcome.kind === 'held-back'
          ? {
              guardrail: outcome.guardrail,
              detail: outcome.detail,
              liftedBy: GUARDRAIL_WORDS[outcome.guardrail].liftedBy,
            }
          : undefined,
      changes:
        outcome.kind === 'removed'
          ? outcome.group.changes.map(({ action, recordSet }) => ({ action, recordSet: copyOf(recordSet) }))
          : [],
    };
  };
}

function copyOf(recordSet: RecordSet): ExplainedEntry['recordSet'] {
  const { ResourceRecords } = recordSet;
  return { ...recordSet, ResourceRecords: ResourceRecords && [...ResourceRecords] };
}

function describeContainer(container: Container | undefined): ExplainedEntry['container'] {
  if (container === undefined) return undefined;
  const { name, id, taskArn, cluster, phase, startedAt, essential, ecsHealth, ecsService } = container;
  const started = startedAt === undefined ? undefined : new Date(startedAt).toISOString();
  return {
    name,
    id,
    task: taskArn,
    cluster: cluster.name,
    phase,
    startedAt: started,
    essential,
    ecsHealth,
    ecsService,
  };
}

function describeEndpoint({ endpoint, address }: Reachable): ExplainedEntry['endpoint'] {
  const { serviceName, port, containerPort, protocol } = endpoint;
  return { service: serviceName, address, port, containerPort, protocol };
}

function describeChecked(
  endpoint: Endpoint,
  checked: CheckedEndpoint,
  health: Explained['health'],
  attempts: Explained['attempts'],
): Pick<ExplainedEntry, 'check' | 'probe' | 'health'> {
  const { failingRuns, passingRuns, ageMs, graceMs, graceFrom } = checked;
  return {
    check: describeCheck(endpoint, checked, health),
    probe: describeProbe(checked.probe, attempts),
    health: {
      failingRuns,
      passingRuns,
      unhealthyThreshold: health.unhealthyThreshold,
      healthyThreshold: health.healthyThreshold,
      ageSeconds: ageMs === undefined ? undefined : Math.floor(ageMs / 1000),
      gracePeriodSeconds: Math.round(graceMs / 1000),
      gracePeriodFrom: GRACE_ORIGINS[graceFrom],
    },
  };
}

const GRACE_ORIGINS = {
  settings: 'health.gracePeriod',
  'ecs-service': 'the ECS service',
  unread: 'that of the ECS service could not be read',
} as const satisfies Record<CheckedEndpoint['graceFrom'], string>;

function describeCheck(
  endpoint: Endpoint,
  { check, origins }: CheckedEndpoint,
  health: Explained['health'],
): ExplainedEntry['check'] {
  const told = origins.map(({ part, rule }) => ({
    part,
    from: rule === undefined ? 'SERVICE_… metadata of the container' : `health.services, match ${rule}`,
  }));
  return {
    ...reportedCheck(check),
    origins: [...notProbed(endpoint, health), ...told],
  };
}

/** What turns a check off, whatever its parts say. */
function notProbed({ protocol }: Endpoint, { enabled }: Explained['health']) {
  if (!enabled) return [{ part: 'kind', from: 'health.enabled is false' }];
  return protocol === 'udp' ? [{ part: 'kind', from: 'nothing answers a probe over UDP' }] : [];
}

function describeProbe(
  probe: CheckedEndpoint['probe'],
  attempts: Explained['attempts'],
): ExplainedEntry['probe'] {
  if (probe === undefined) return undefined;
  const { target, outcome } = probe;
  const { address, port } = target;
  const reason = outcome.kind === 'healthy' ? undefined : outcome.reason;
  const own = attempts.get(probeKey(target)) ?? [];
  return { address, port, kind: outcome.kind, reason, attempts: own.map(describeAttempt) };
}

function describeAttempt(attempt: TimedAttempt) {
  return { ...reportedAttempt(attempt), endedAt: new Date(attempt.endedAt).toISOString() };
}
