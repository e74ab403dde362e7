import { AGENT_FORMS, agentFormOf } from '../model/agent-form.ts';
import type { Container } from '../model/inventory.ts';
import { probeKey } from '../model/probe.ts';
import { type RecordSet, valuesOf } from '../model/record-set.ts';
import { withheldWords } from '../model/registration.ts';
import { type Judgement, REASON_WORDS } from '../model/verdict.ts';
import {
  type CheckedEndpoint,
  type Explanation,
  MATCHED_BY_WORDS,
  type MissingRecords,
  type Reachable,
} from '../plan/explain.ts';
import { GUARDRAIL_WORDS, specOf } from '../plan/plan.ts';
import type { Explained } from '../run/run.ts';
import { reportedAttempt, reportedCheck } from './build-check.ts';
import { noticesOf, reportEntry } from './build-report.ts';
import { type DocumentOptions, headOf, told } from './document.ts';
import {
  containerShape,
  type ExplainedEntry,
  type ExplanationReport,
  endpointShape,
  type MissingRecord,
  srvRecordShape,
} from './explanation-schema.ts';

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
    entries: explanations.map((explanation) => explainedEntry(explanation, explained)),
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
      detail: 'what the record would lead to runs and is healthy',
      advice: 'nothing: the next run of `ecs-dns apply` registers the record',
    })),
    ...withheld.map(({ name, type, value, reason, detail }) => {
      const { meaning, advice } = withheldWords(reason);
      return { name, type, value, outcome: 'withheld' as const, reason, detail: detail ?? meaning, advice };
    }),
  ];
}

/** Whose a record looks to be that this worker does not manage. */
function formOf({ entry: { recordSet } }: Judgement): string {
  const form = agentFormOf(recordSet);
  return form === undefined
    ? ''
    : `looks as ${AGENT_FORMS[form].writer} writes it: ${AGENT_FORMS[form].form}`;
}

function explainedEntry(explanation: Explanation, explained: Explained): ExplainedEntry {
  const { judged, results, outcome, srvRecord, by, host, container, reached, checked, seen } = explanation;
  const { match, judgement } = judged;
  const { evidence, ...identity } = reportEntry(judgement);
  const decisive = results.find(({ answer }) => answer === 'holds');
  const found = MATCHED_BY_WORDS[by];
  const form = match.kind === 'foreign' ? formOf(judgement) : '';
  const meaning = [specOf(match).it, found === '' ? form : `found ${found}`].filter(Boolean).join('; ');
  return {
    ...identity,
    ...REASON_WORDS[judgement.reason],
    evidence,
    recordSet: copyOf(judgement.entry.recordSet),
    srvRecord: srvRecord && told(srvRecordShape, srvRecord),
    match: { kind: match.kind, by, meaning },
    host: host && { ...host, cluster: host.cluster.name },
    container: container && describeContainer(container),
    endpoint:
      reached &&
      told(endpointShape, {
        ...reached.endpoint,
        service: reached.endpoint.serviceName,
        address: reached.address,
      }),
    ...(reached && checked && describeChecked(reached, checked, explained)),
    guardrails: results.map((result) => ({ ...result, decides: result === decisive })),
    confirmation: seen.map(({ asked, seen: answer }) => ({ asked, seen: answer })),
    outcome: outcome.kind,
    heldBy: decisive && {
      guardrail: decisive.guardrail,
      detail: decisive.detail,
      liftedBy: GUARDRAIL_WORDS[decisive.guardrail].liftedBy,
    },
    changes:
      outcome.kind === 'removed'
        ? outcome.group.changes.map(({ action, recordSet }) => ({ action, recordSet: copyOf(recordSet) }))
        : [],
  };
}

function copyOf(recordSet: RecordSet): ExplainedEntry['recordSet'] {
  const { ResourceRecords } = recordSet;
  return { ...recordSet, ResourceRecords: ResourceRecords && [...ResourceRecords] };
}

function describeContainer(container: Container): ExplainedEntry['container'] {
  const { taskArn: task, cluster, startedAt } = container;
  const started = startedAt === undefined ? undefined : new Date(startedAt).toISOString();
  return told(containerShape, { ...container, task, cluster: cluster.name, startedAt: started });
}

const GRACE_ORIGINS = {
  settings: 'health.gracePeriod',
  'ecs-service': 'the ECS service',
  unread: 'that of the ECS service could not be read',
} as const satisfies Record<CheckedEndpoint['graceFrom'], string>;

function describeChecked(
  { endpoint: { protocol } }: Reachable,
  { check, origins, probe, failingRuns, passingRuns, ageMs, graceMs, graceFrom }: CheckedEndpoint,
  { health: { enabled, unhealthyThreshold, healthyThreshold }, attempts }: Explained,
): Pick<ExplainedEntry, 'check' | 'probe' | 'health'> {
  const off = enabled ? protocol === 'udp' && 'nothing answers a probe over UDP' : 'health.enabled is false';
  const parts = origins.map(({ part, rule }) => ({
    part,
    from: rule === undefined ? 'SERVICE_… metadata of the container' : `health.services, match ${rule}`,
  }));
  return {
    check: {
      ...reportedCheck(check),
      // What turns a check off counts whatever its parts say.
      origins: [...(off ? [{ part: 'kind', from: off }] : []), ...parts],
    },
    probe: probe && describeProbe(probe, attempts),
    health: {
      failingRuns,
      passingRuns,
      unhealthyThreshold,
      healthyThreshold,
      ageSeconds: ageMs === undefined ? undefined : Math.floor(ageMs / 1000),
      gracePeriodSeconds: Math.round(graceMs / 1000),
      gracePeriodFrom: GRACE_ORIGINS[graceFrom],
    },
  };
}

function describeProbe(
  { target, outcome }: NonNullable<CheckedEndpoint['probe']>,
  attempts: Explained['attempts'],
): ExplainedEntry['probe'] {
  const { address, port } = target;
  const reason = outcome.kind === 'healthy' ? undefined : outcome.reason;
  const own = (attempts.get(probeKey(target)) ?? []).map((attempt) => ({
    ...reportedAttempt(attempt),
    endedAt: new Date(attempt.endedAt).toISOString(),
  }));
  return { address, port, kind: outcome.kind, reason, attempts: own };
}
