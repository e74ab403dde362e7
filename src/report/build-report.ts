import {
  addedSets,
  type Change,
  type ChangeGroup,
  type ChangeOutcome,
  deletedSets,
  type UnsentCode,
} from '../model/change.ts';
import type { Entry } from '../model/entry.ts';
import type { Container, Notice } from '../model/inventory.ts';
import { type RecordSet, recordSetKey } from '../model/record-set.ts';
import { REGISTRATION_REASONS, type Withheld, withheldWords } from '../model/registration.ts';
import {
  isRemovableVerdict,
  type Judgement,
  type JudgementOf,
  type RemovableVerdict,
  VERDICTS,
} from '../model/verdict.ts';
import type { HeldBack } from '../plan/plan.ts';
import type { RunResult } from '../run/run.ts';
import { disagreement } from './disagreement.ts';
import { CHANGE_STATUSES, countEach, type DocumentOptions, headOf, PROBE_KINDS } from './document.ts';
import type { ChangeKind, Report, RunMode } from './report-schema.ts';

/** What a report is made of, apart from the run itself. */
export interface ReportOptions extends DocumentOptions {
  readonly mode: RunMode;
  /** Whether live entries are listed too. */
  readonly all: boolean;
  /** Whether what runs is registered, so that what is only starting is counted. */
  readonly isSync?: boolean;
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
  const { zone, plan, inventory } = result;
  const { mode, all, isSync = false } = options;
  const notices = [...noticesOf(inventory, plan.judgements), ...plan.notices, ...(result.left ?? [])];
  const listed = plan.judgements.filter(({ verdict }) => all || verdict !== 'live');
  const changes = reportChanges(result);
  const heldBack = [...plan.heldBack, ...heldByTime(result)];
  return {
    ...headOf({ ...result, mode, readings: result, notices }, options),
    runId: result.runId,
    zone: { id: zone.id, name: zone.name },
    summary: summarize(result, changes, heldBack),
    entries: listed.map(reportEntry),
    changes,
    heldBack: heldBack.map(reportHeldBack),
    withheld: plan.withheld.map(reportWithheld),
    stopped: [...result.stops],
    ...(isSync && { starting: inventory.containers.filter(isStarting).length }),
    ...probesOf(result),
  };
}

/** Whether it is to have a record once it runs. */
function isStarting({ phase, addressName, serviceNames }: Container): boolean {
  return phase === 'starting' && (addressName !== undefined || serviceNames.length > 0);
}

function summarize(
  { plan }: RunResult,
  changes: Report['changes'],
  heldBack: readonly HeldBack[],
): Report['summary'] {
  const counts = countEach(CHANGE_STATUSES, changes, 'status');
  return {
    entries: plan.judgements.length,
    ...countEach(VERDICTS, plan.judgements, 'verdict'),
    removals: plan.removals,
    registrations: plan.registered,
    heldBack: heldBack.length,
    withheld: plan.withheld.length,
    applied: counts.applied,
    alreadyDone: counts['already-done'],
    conflicts: counts.conflict,
    failed: counts.failed,
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

/** Tells of the changes of a group what they are part of, by its reasons and its sets. */
export function kindIn(group: Pick<ChangeGroup, 'changes' | 'reasons'>): (change: Change) => ChangeKind {
  const known = REGISTRATION_REASONS.filter((reason) => group.reasons.includes(reason));
  const added = new Set(addedSets(group).map(({ recordSet }) => recordSet));
  const deleted = new Set(deletedSets(group).map(recordSetKey));
  return ({ action, recordSet }) => {
    if (known.some((reason) => reason !== 'missing' && reason !== 'put-back')) return 'rewrite';
    const isNew = added.has(recordSet) || !deleted.has(recordSetKey(recordSet));
    return known.length > 0 && action === 'CREATE' && isNew ? 'registration' : 'removal';
  };
}

/** Distinct endpoints probed, by outcome, and what casts doubt on all of them. */
export function probesOf(
  run: Pick<RunResult, 'plan' | 'probeResults'>,
): Pick<Report, 'probes' | 'networkSelfTest'> {
  const [networkSelfTest] = run.plan.networkSelfTests;
  const probes = countEach(PROBE_KINDS, run.probeResults.outcomes.values(), 'kind');
  return { ...(networkSelfTest && { networkSelfTest }), probes };
}

/** What an operator should put right although the run can do without. */
export function noticesOf(
  { notices }: RunResult['inventory'],
  judgements: readonly Judgement[],
): readonly Notice[] {
  return [...notices, ...judgements.flatMap((one) => disagreement(one) ?? malformedAnswer(one) ?? [])];
}

/** An answer that this checker cannot read: others may, and it is the server that has to be put right. */
function malformedAnswer({ entry, reason, evidence }: Judgement): Notice | undefined {
  if (reason !== 'malformed-answer') return undefined;
  return {
    subject: `${entry.recordSet.Name} ${entry.value}`,
    detail: `its answer begins as HTTP and then breaks its rules: ${evidence['errorCode']}`,
  };
}

/** A change that was never sent is still only planned. */
export function reportOutcome(
  outcome: ChangeOutcome | undefined,
): Pick<Report['changes'][number], 'status' | 'detail' | 'code'> {
  if (outcome === undefined) return { status: 'planned' };
  if (outcome.status === 'applied') return { status: 'applied' };
  return outcome.status === 'unsent' ? { ...outcome, status: 'planned' } : outcome;
}

/** What was to go, but was not sent before it was too late. */
function heldByTime({ plan, outcomes }: RunResult): readonly HeldBack[] {
  const unsent = new Map(
    plan.groups.flatMap((group) => {
      const outcome = outcomes?.get(group.key);
      if (outcome?.status !== 'unsent') return [];
      return deletedSets(group).map((set) => [recordSetKey(set), outcome] as const);
    }),
  );
  const held = new Set(plan.heldBack.map(({ judgement }) => judgement));
  return plan.judgements.filter(isRemovable).flatMap((judgement) => {
    const outcome = unsent.get(recordSetKey(judgement.entry.recordSet));
    if (outcome === undefined || held.has(judgement)) return [];
    return [{ judgement, guardrail: outcome.code, detail: UNSENT_DETAILS[outcome.code] ?? outcome.detail }];
  });
}

const UNSENT_DETAILS: Readonly<Partial<Record<UnsentCode, string>>> = {
  deadline: 'time ran out before it could be removed',
};

function isRemovable(judgement: Judgement): judgement is JudgementOf<RemovableVerdict> {
  return isRemovableVerdict(judgement.verdict);
}

export function reportEntry({ entry, verdict, reason, evidence }: Judgement): Report['entries'][number] {
  return { ...identify(entry), verdict, reason, evidence };
}

export function reportHeldBack({ judgement, guardrail, detail }: HeldBack): Report['heldBack'][number] {
  const { entry, verdict, reason } = judgement;
  return { ...identify(entry), verdict, reason, guardrail, detail };
}

export function reportWithheld(withheld: Withheld): Report['withheld'][number] {
  return { ...withheld, detail: withheld.detail ?? withheldWords(withheld.reason).meaning };
}

/** Which value of which set an entry is, in the words of documents. */
export function identify({ recordSet, value }: Pick<Entry, 'recordSet' | 'value'>) {
  const { Name: name, Type: type, SetIdentifier: setIdentifier } = recordSet;
  return { name, type, ...(setIdentifier === undefined ? {} : { setIdentifier }), value };
}

/** A set as documents on what became of sets list it: its values last. */
export function valuesLast({ ResourceRecords, ...rest }: RecordSet) {
  return { ...rest, ResourceRecords: ResourceRecords && [...ResourceRecords] };
}
