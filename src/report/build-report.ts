import type { ChangeOutcome } from '../model/change.ts';
import type { Entry } from '../model/entry.ts';
import type { Notice } from '../model/inventory.ts';
import { recordSetKey } from '../model/record-set.ts';
import { type Withheld, withheldWords } from '../model/registration.ts';
import {
  isRemovableVerdict,
  type Judgement,
  type JudgementOf,
  type RemovableVerdict,
  type Verdict,
} from '../model/verdict.ts';
import type { HeldBack } from '../plan/plan.ts';
import type { RunResult } from '../run/run.ts';
import { kindIn } from './change-kind.ts';
import { type DocumentOptions, headOf } from './document.ts';
import type { Report, RunMode } from './report-schema.ts';

/** What a report is made of, apart from the run itself. */
export interface ReportOptions extends DocumentOptions {
  readonly mode: RunMode;
  /** Whether live entries are listed too. */
  readonly all: boolean;
}

/**
 * The report of a run, in the order of the zone.
 *
 * @example
 * const counts = { awsCalls: {}, awsThrottled: 0 };
 * const result = await reconcile(ports, options);
 * const report = buildReport(result, { mode: 'apply', all: false, ...counts, warnings: [] });
 */
export function buildReport(result: RunResult, options: ReportOptions): Report {
  const { zone, plan } = result;
  const listed = plan.judgements.filter(({ verdict }) => options.all || verdict !== 'live');
  const changes = reportChanges(result);
  const heldBack = [...plan.heldBack, ...heldByDeadline(result)];
  return {
    ...headOf(
      {
        ...result,
        mode: options.mode,
        readings: result,
        notices: noticesOf(result.inventory, plan.judgements),
      },
      options,
    ),
    zone: { id: zone.id, name: zone.name },
    summary: summarize(result, changes, heldBack),
    entries: listed.map(reportEntry),
    changes,
    heldBack: heldBack.map(reportHeldBack),
    withheld: plan.withheld.map(reportWithheld),
    stopped: result.stops.map((stop) => ({ ...stop })),
    ...probesOf(result),
  };
}

function summarize(
  { plan }: RunResult,
  changes: Report['changes'],
  heldBack: readonly HeldBack[],
): Report['summary'] {
  const withVerdict = (verdict: Verdict) => plan.judgements.filter((one) => one.verdict === verdict).length;
  const withStatus = (status: string) => changes.filter((change) => change.status === status).length;
  return {
    entries: plan.judgements.length,
    live: withVerdict('live'),
    stale: withVerdict('stale'),
    unhealthy: withVerdict('unhealthy'),
    draining: withVerdict('draining'),
    unverified: withVerdict('unverified'),
    foreign: withVerdict('foreign'),
    removals: plan.removals,
    registrations: plan.registered,
    heldBack: heldBack.length,
    withheld: plan.withheld.length,
    applied: withStatus('applied'),
    conflicts: withStatus('conflict'),
    failed: withStatus('failed'),
  };
}

function reportChanges({ plan, outcomes }: RunResult): Report['changes'] {
  return plan.groups.flatMap((group) => {
    const kindOf = kindIn(group);
    return group.changes.map((change) => ({
      action: change.action,
      recordSet: { ...change.recordSet, ResourceRecords: [...(change.recordSet.ResourceRecords ?? [])] },
      kind: kindOf(change),
      reasons: [...group.reasons],
      ...reportOutcome(outcomes?.get(group.key)),
    }));
  });
}

/** Distinct endpoints probed, by outcome, and what casts doubt on all of them. */
export function probesOf({
  probeResults: { outcomes },
  plan: { networkSelfTest },
}: Pick<RunResult, 'plan' | 'probeResults'>): Pick<Report, 'probes' | 'networkSelfTest'> {
  const probes = { healthy: 0, unhealthy: 0, indeterminate: 0 };
  for (const { kind } of outcomes.values()) probes[kind] += 1;
  return { ...(networkSelfTest === undefined ? {} : { networkSelfTest: { ...networkSelfTest } }), probes };
}

/** What an operator should put right although the run can do without. */
export function noticesOf(
  { notices }: RunResult['inventory'],
  judgements: readonly Judgement[],
): readonly Notice[] {
  return [...notices, ...judgements.flatMap((judgement) => ecsDisagreement(judgement) ?? [])];
}

/** ECS's own health check and ours look at one container and see different things. */
function ecsDisagreement({ entry, verdict, reason, evidence }: Judgement): Notice | undefined {
  const { ecsHealth, attempts } = evidence;
  const wasProbed = typeof attempts === 'number' && attempts > 0;
  if (ecsHealth === undefined || !wasProbed) return undefined;
  const isPassing = reason === 'healthy' || reason === 'recovering';
  const isFailing = verdict === 'unhealthy' || reason === 'grace-period' || reason === 'below-threshold';
  if (!isPassing && !isFailing) return undefined;
  if (isPassing === (ecsHealth === 'HEALTHY')) return undefined;
  const seen = isPassing
    ? 'the probe finds it healthy'
    : `the probe ends with ${evidence['failure'] ?? reason}`;
  return {
    subject: `${entry.recordSet.Name} ${entry.value}`,
    detail: `ECS calls the container ${ecsHealth}, but ${seen}`,
  };
}

/** A change that was never sent is still only planned. */
export function reportOutcome(
  outcome: ChangeOutcome | undefined,
): Pick<Report['changes'][number], 'status' | 'detail'> {
  if (outcome === undefined) return { status: 'planned' };
  return outcome.status === 'unsent' ? { ...outcome, status: 'planned' } : outcome;
}

/** What was to go, but was not sent before time ran out. */
function heldByDeadline({ plan, outcomes }: RunResult): readonly HeldBack[] {
  const unsent = new Set(
    plan.groups.filter(({ key }) => outcomes?.get(key)?.status === 'unsent').map(({ key }) => key),
  );
  if (unsent.size === 0) return [];
  const held = new Set(plan.heldBack.map(({ judgement }) => judgement));
  return plan.judgements
    .filter(isRemovable)
    .filter((one) => !held.has(one) && unsent.has(recordSetKey(one.entry.recordSet)))
    .map((judgement) => ({
      judgement,
      guardrail: 'deadline',
      detail: 'time ran out before it could be removed',
    }));
}

function isRemovable(judgement: Judgement): judgement is JudgementOf<RemovableVerdict> {
  return isRemovableVerdict(judgement.verdict);
}

/** An entry as reports list it. */
export function reportEntry({ entry, verdict, reason, evidence }: Judgement): Report['entries'][number] {
  return { ...identify(entry), verdict, reason, evidence: { ...evidence } };
}

/** What is held back as reports list it. */
export function reportHeldBack({ judgement, guardrail, detail }: HeldBack): Report['heldBack'][number] {
  const { entry, verdict, reason } = judgement;
  return { ...identify(entry), verdict, reason, guardrail, detail };
}

/** What is not registered as reports list it. */
export function reportWithheld({
  name,
  type,
  value,
  reason,
  detail,
  evidence,
}: Withheld): Report['withheld'][number] {
  return {
    name,
    type,
    value,
    reason,
    detail: detail ?? withheldWords(reason).meaning,
    evidence: { ...evidence },
  };
}

function identify({ recordSet, type, setIdentifier, value }: Entry) {
  return { name: recordSet.Name, type, ...(setIdentifier === undefined ? {} : { setIdentifier }), value };
}
