import type { Entry } from '../model/entry.ts';
import type { IncompleteScope } from '../model/inventory.ts';
import type { Judgement, Verdict } from '../model/verdict.ts';
import type { HeldBack } from '../plan/guard.ts';
import type { RunResult } from '../reconcile.ts';
import type { Report, RunMode } from './report-schema.ts';

/** What a report is made of, beside the run itself. */
export interface ReportOptions {
  readonly mode: RunMode;
  readonly awsCalls: Readonly<Record<string, number>>;
  /** Whether live entries are listed too. */
  readonly all: boolean;
}

/** The report of a run, in the order of the zone. */
export function buildReport(result: RunResult, options: ReportOptions): Report {
  const { zone, plan, inventory, strangers, startedAt, finishedAt } = result;
  const listed = plan.judgements.filter(({ verdict }) => options.all || verdict !== 'live');
  const changes = reportChanges(result);
  return {
    version: 1,
    mode: options.mode,
    zone: { id: zone.id, name: zone.name },
    startedAt: new Date(startedAt).toISOString(),
    durationMs: Math.max(0, Math.round(finishedAt - startedAt)),
    summary: summarize(result, changes),
    entries: listed.map(reportEntry),
    changes,
    heldBack: plan.heldBack.map(reportHeldBack),
    incomplete: [...inventory.incomplete, ...strangers.incomplete].map(reportScope),
    awsCalls: { ...options.awsCalls },
  };
}

function summarize({ plan }: RunResult, changes: Report['changes']): Report['summary'] {
  const withVerdict = (verdict: Verdict) => plan.judgements.filter((one) => one.verdict === verdict).length;
  const withStatus = (status: string) => changes.filter((change) => change.status === status).length;
  return {
    entries: plan.judgements.length,
    live: withVerdict('live'),
    stale: withVerdict('stale'),
    unhealthy: withVerdict('unhealthy'),
    unverified: withVerdict('unverified'),
    foreign: withVerdict('foreign'),
    removals: plan.removals,
    registrations: 0,
    heldBack: plan.heldBack.length,
    applied: withStatus('applied'),
    conflicts: withStatus('conflict'),
    failed: withStatus('failed'),
  };
}

function reportChanges({ plan, outcomes }: RunResult): Report['changes'] {
  return plan.groups.flatMap(({ key, changes, reasons }) => {
    const outcome = outcomes?.get(key) ?? { status: 'planned' };
    return changes.map(({ action, recordSet }) => ({
      action,
      recordSet: { ...recordSet, ResourceRecords: [...(recordSet.ResourceRecords ?? [])] },
      reasons: [...reasons],
      ...outcome,
    }));
  });
}

function reportEntry({ entry, verdict, reason, evidence }: Judgement): Report['entries'][number] {
  return { ...identify(entry), verdict, reason, evidence: { ...evidence } };
}

function reportHeldBack({ judgement, guardrail, detail }: HeldBack): Report['heldBack'][number] {
  const { entry, verdict, reason } = judgement;
  return { ...identify(entry), verdict, reason, guardrail, detail };
}

function reportScope({ scope, operation, error }: IncompleteScope): Report['incomplete'][number] {
  return { scope, operation, error };
}

function identify({ recordSet, type, setIdentifier, value }: Entry) {
  return { name: recordSet.Name, type, ...(setIdentifier === undefined ? {} : { setIdentifier }), value };
}
