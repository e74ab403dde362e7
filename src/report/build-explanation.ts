import { normalizeName } from '../model/dns-name.ts';
import type { HealthCheck } from '../model/health-check.ts';
import { historyKey } from '../model/health-history.ts';
import { type Container, type Endpoint, type Host, serviceKeyOf } from '../model/inventory.ts';
import { NOT_PROBED, probeKey } from '../model/probe.ts';
import { type RecordSet, valuesOf } from '../model/record-set.ts';
import { withheldWords } from '../model/registration.ts';
import { REASON_WORDS } from '../model/verdict.ts';
import { findingsRule } from '../plan/confirm/findings.ts';
import { type Explanation, hostOf, MATCHED_BY_WORDS, matchedBy } from '../plan/explain.ts';
import { GUARDRAIL_WORDS } from '../plan/guard/guard.ts';
import { checkOrigins } from '../plan/judge/check-origins.ts';
import { graceRule } from '../plan/judge/grace-period.ts';
import { probeTargetOf } from '../plan/judge/probe-targets.ts';
import { specOf } from '../plan/judge/rules.ts';
import { tasksBehind } from '../plan/match/managed-addresses.ts';
import type { Match, Reachable } from '../plan/match/match-kinds.ts';
import { containerOf, reachableOf } from '../plan/match/match-kinds.ts';
import { parseSrvRecord } from '../plan/match/srv-record.ts';
import { zoneAddresses } from '../plan/match/zone-addresses.ts';
import type { Explained, MissingRecords, TimedAttempt } from '../run/run.ts';
import { reportedAttempt, reportedCheck } from './build-check.ts';
import { noticesOf } from './build-report.ts';
import { type DocumentOptions, headOf } from './document.ts';
import type { ExplainedEntry, ExplanationReport, MissingRecord } from './explanation-schema.ts';

/** The document of an explanation, its entries in the order of the zone. */
export function buildExplanation(explained: Explained, options: DocumentOptions): ExplanationReport {
  const { observation, selector, finishedAt, explanations, unconfirmed } = explained;
  const { zone, startedAt, inventory } = observation;
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

function entryBuilder(explained: Explained): (explanation: Explanation) => ExplainedEntry {
  const { observation, inventory, look } = explained;
  const zoneName = normalizeName(observation.zone.name);
  const addresses = zoneAddresses(observation.recordSets);
  const taskBehind = tasksBehind(observation.recordSets);
  const findingsOf = findingsRule(look, inventory);
  return ({ judged, results, outcome }) => {
    const { match, judgement } = judged;
    const { entry, verdict, reason, evidence } = judgement;
    const srvRecord =
      entry.type === 'SRV' ? parseSrvRecord(entry, zoneName, addresses, taskBehind) : undefined;
    const by = matchedBy(judged, srvRecord);
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
      host: describeHost(hostOf(match, inventory)),
      container: describeContainer(containerOf(match)),
      ...describeEndpoint(match, explained),
      guardrails: results.map((result) => ({ ...result, decides: result === decisive })),
      confirmationReads: findingsOf(judged).map(({ asked, seen }) => ({ asked, seen })),
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

function describeHost(host: Host | undefined): ExplainedEntry['host'] {
  return host && { ...host, cluster: host.cluster.name };
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

type EndpointParts = Pick<ExplainedEntry, 'endpoint' | 'check' | 'probe' | 'health'>;

function describeEndpoint(match: Match, explained: Explained): EndpointParts {
  const reached = reachableOf(match);
  if (reached === undefined) return {};
  const { endpoint, address } = reached;
  const { serviceName, port, containerPort, protocol } = endpoint;
  const parts = { endpoint: { service: serviceName, address, port, containerPort, protocol } };
  // Who holds the location of a container that is gone is not asked how it is.
  if (match.kind === 'replaced') return parts;
  const { facts } = explained.observation;
  return {
    ...parts,
    check: describeCheck(facts.rule.checkOf(endpoint), endpoint, explained),
    probe: describeProbe(match, explained),
    health: describeHealth(reached, explained),
  };
}

function describeCheck(
  check: HealthCheck,
  endpoint: Endpoint,
  { health }: Explained,
): ExplainedEntry['check'] {
  const origins = checkOrigins(endpoint, health.services).map(({ part, rule }) => ({
    part,
    from: rule === undefined ? 'SERVICE_… metadata of the container' : `health.services, match ${rule}`,
  }));
  return {
    ...reportedCheck(check),
    origins: [...notProbed(endpoint, health), ...origins],
  };
}

/** What turns a check off, whatever its parts say. */
function notProbed({ protocol }: Endpoint, { enabled }: Explained['health']) {
  if (!enabled) return [{ part: 'kind', from: 'health.enabled is false' }];
  return protocol === 'udp' ? [{ part: 'kind', from: 'nothing answers a probe over UDP' }] : [];
}

function describeProbe(match: Match, { observation, attempts }: Explained): ExplainedEntry['probe'] {
  const target = probeTargetOf(match, observation.facts.rule);
  if (target === undefined) return undefined;
  const outcome = observation.probeResults.outcomes.get(probeKey(target)) ?? NOT_PROBED;
  const { address, port } = target;
  const reason = outcome.kind === 'healthy' ? undefined : outcome.reason;
  const own = attempts.get(probeKey(target)) ?? [];
  return { address, port, kind: outcome.kind, reason, attempts: own.map(describeAttempt) };
}

function describeAttempt(attempt: TimedAttempt) {
  return { ...reportedAttempt(attempt), endedAt: new Date(attempt.endedAt).toISOString() };
}

function describeHealth(
  { endpoint, address }: Reachable,
  { observation }: Explained,
): ExplainedEntry['health'] {
  const { grace, gracePeriodMs, history, thresholds, now } = observation.facts;
  const { container } = endpoint;
  const record = history.get(historyKey(endpoint, address));
  const age = container.startedAt === undefined ? undefined : Math.max(0, now - container.startedAt);
  const graceMs = graceRule(gracePeriodMs, grace)(container);
  return {
    failingRuns: record?.failing ?? 0,
    passingRuns: record?.passing ?? 0,
    unhealthyThreshold: thresholds.unhealthyThreshold,
    healthyThreshold: thresholds.healthyThreshold,
    ageSeconds: age === undefined ? undefined : Math.floor(age / 1000),
    gracePeriodSeconds: Math.round(graceMs / 1000),
    gracePeriodFrom: graceOrigin(container, graceMs, observation.facts),
  };
}

function graceOrigin(
  container: Container,
  graceMs: number,
  { grace, gracePeriodMs }: Explained['observation']['facts'],
): string {
  if (graceMs === gracePeriodMs) return 'health.gracePeriod';
  const isRead = grace.periods.has(serviceKeyOf(container) ?? '');
  return isRead ? 'the ECS service' : 'that of the ECS service could not be read';
}
