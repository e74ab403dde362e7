import { createColors } from 'picocolors';
import { printable } from '../model/printable.ts';
import { isWithheldReason } from '../model/registration.ts';
import { VERDICTS } from '../model/verdict.ts';
import { kindOf } from './change-kind.ts';
import { entryKeyOf, type ReportedChange, type ReportedEntry, removedEntries } from './removed-entries.ts';
import type { Report } from './report-schema.ts';
import { plural, table } from './table.ts';

type Colors = ReturnType<typeof createColors>;

/**
 * The report for people: a summary, then what goes, what is held back, and what could not be read.
 *
 * @example
 * const { report } = await worker.run(request);
 * console.log(renderText(report, { color: process.stdout.isTTY }));
 */
export function renderText(report: Report, { color }: { readonly color: boolean }): string {
  const colors = createColors(color);
  const sections = [
    summary(report, colors),
    registrationsSection(report, colors),
    rewritesSection(report, colors),
    changesSection(report, colors),
    heldBackSection(report, colors),
    withheldSection(report, colors),
    stopsSection(report, colors),
    waitingSection(report, colors),
    unverifiedSection(report, colors),
    incompleteSection(report, colors),
    noticesSection(report, colors),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function summary({ zone, summary: counts, durationMs, awsCalls }: Report, { bold }: Colors): string {
  const calls = Object.values(awsCalls).reduce((sum, count) => sum + count, 0);
  const verdicts = VERDICTS.filter((verdict) => verdict !== 'draining' || counts.draining > 0)
    .map((verdict) => `${counts[verdict]} ${verdict}`)
    .join(', ');
  const name = bold(`${printable(zone.name)} (${zone.id})`);
  const cost = `${plural(calls, 'AWS call', 'AWS calls')} in ${(durationMs / 1000).toFixed(1)} s.`;
  return `${name}: ${plural(counts.entries, 'entry', 'entries')}: ${verdicts}.${calls === 0 ? '' : ` ${cost}`}`;
}

function changesSection(report: Report, { bold, red }: Colors): string {
  const { summary: counts } = report;
  const removed = removedEntries(report);
  const changes = report.changes.filter((change) => kindOf(change) === 'removal');
  if (removed.length === 0 && changes.length === 0) return 'Nothing to remove.';
  const sent = changes.length > 0 ? changes : removed.map(({ deletion }) => deletion);
  const planned = isPlanned(sent);
  const head = planned
    ? `To remove: ${plural(counts.removals, 'entry', 'entries')}, in ${plural(sent.length, 'change', 'changes')}.`
    : `Removal of ${plural(counts.removals, 'entry', 'entries')}: ${describeOutcomes(sent)}.`;
  const rows = removed.map(({ entry, deletion }) => [
    red('-'),
    printable(entry.name),
    entry.type,
    printable(entry.value),
    `${entry.verdict}: ${entry.reason}`,
    describeEvidence(entry.evidence),
    ...(planned ? [] : [describeOutcome(deletion)]),
  ]);
  return `${bold(head)}\n${table(rows)}`;
}

function registrationsSection(report: Report, { bold, green }: Colors): string {
  const changes = report.changes.filter((change) => kindOf(change) === 'registration');
  if (changes.length === 0) return '';
  const head = isPlanned(changes)
    ? `To register: ${plural(changes.length, 'record', 'records')}.`
    : `Registration of ${plural(changes.length, 'record', 'records')}: ${describeOutcomes(changes)}.`;
  return `${bold(head)}\n${table(writtenRows(changes, green('+')))}`;
}

/** What stays what it leads to, in another form. */
function rewritesSection(report: Report, { bold, yellow }: Colors): string {
  const changes = report.changes.filter(
    (change) => kindOf(change) === 'rewrite' && change.action === 'CREATE',
  );
  if (changes.length === 0) return '';
  const head = isPlanned(changes)
    ? `To rewrite: ${plural(changes.length, 'record', 'records')}.`
    : `Rewriting of ${plural(changes.length, 'record', 'records')}: ${describeOutcomes(changes)}.`;
  return `${bold(head)}\n${table(writtenRows(changes, yellow('~')))}`;
}

function writtenRows(changes: readonly ReportedChange[], mark: string) {
  const planned = isPlanned(changes);
  return changes.map((change) => [
    mark,
    printable(change.recordSet.Name),
    change.recordSet.Type,
    describeValues(change.recordSet),
    change.reasons.join(', '),
    ...(planned ? [] : [describeOutcome(change)]),
  ]);
}

const MAX_SHOWN_VALUES = 3;

function describeValues({ ResourceRecords = [] }: ReportedChange['recordSet']): string {
  if (ResourceRecords.length > MAX_SHOWN_VALUES) return `${ResourceRecords.length} values`;
  return printable(ResourceRecords.map(({ Value }) => Value).join(', '));
}

function isPlanned(changes: readonly ReportedChange[]): boolean {
  return changes.every(({ status }) => status === 'planned');
}

function describeOutcomes(changes: readonly ReportedChange[]): string {
  const count = (status: string) => changes.filter((change) => change.status === status).length;
  return `${plural(count('applied'), 'change', 'changes')} applied, ${count('conflict')} in conflict, ${count('failed')} failed`;
}

function withheldSection({ withheld }: Report, { bold, yellow }: Colors): string {
  if (withheld.length === 0) return '';
  const rows = withheld.map((item) => [
    yellow('!'),
    printable(item.name),
    item.type,
    printable(item.value),
    item.reason,
    isWithheldReason(item.reason) ? printable(item.detail) : describeEvidence(item.evidence),
  ]);
  return `${bold(`Not registered: ${plural(withheld.length, 'record', 'records')}.`)}\n${table(rows)}`;
}

function stopsSection({ stopped }: Report, { bold, red }: Colors): string {
  const stops = stopped.filter(({ status }) => status !== 'waiting');
  if (stops.length === 0) return '';
  const planned = stops.every(({ status }) => status === 'planned');
  const head = `${planned ? 'To stop' : 'Stopping'}: ${plural(stops.length, 'task', 'tasks')}.`;
  const rows = stops.map((stop) => [red('x'), ...describeStop(stop), ...(planned ? [] : [stop.status])]);
  return `${bold(head)}\n${table(rows)}`;
}

function waitingSection({ stopped }: Report, { bold, yellow }: Colors): string {
  const waiting = stopped.filter(({ status }) => status === 'waiting');
  if (waiting.length === 0) return '';
  const rows = waiting.map((stop) => [yellow('!'), ...describeStop(stop)]);
  return `${bold(`Unhealthy and not stopped: ${plural(waiting.length, 'task', 'tasks')}.`)}\n${table(rows)}`;
}

function describeStop({ cluster, service, task, reason, detail }: Report['stopped'][number]) {
  const id = task.slice(task.lastIndexOf('/') + 1);
  return [printable(`${cluster}/${service}`), printable(id), reason, printable(detail)];
}

function describeOutcome(change: ReportedChange): string {
  return change.detail === undefined ? change.status : `${change.status}: ${printable(change.detail)}`;
}

function heldBackSection({ heldBack }: Report, { bold, yellow }: Colors): string {
  if (heldBack.length === 0) return '';
  const rows = heldBack.map((item) => [
    yellow('!'),
    printable(item.name),
    item.type,
    printable(item.value),
    `${item.verdict}: ${item.reason}`,
    `${item.guardrail}: ${printable(item.detail)}`,
  ]);
  return `${bold(`Held back: ${plural(heldBack.length, 'entry', 'entries')}.`)}\n${table(rows)}`;
}

/** Those that a guardrail stands for are listed with it. */
function unverifiedSection({ entries, heldBack }: Report, { bold }: Colors): string {
  const held = new Set(heldBack.map(entryKeyOf));
  const unverified = entries.filter(
    (entry) => entry.verdict === 'unverified' && !held.has(entryKeyOf(entry)),
  );
  if (unverified.length === 0) return '';
  const rows = unverified.map((entry) => [
    '?',
    printable(entry.name),
    entry.type,
    printable(entry.value),
    entry.reason,
    describeEvidence(entry.evidence),
  ]);
  return `${bold(`Left because it cannot be known: ${plural(unverified.length, 'entry', 'entries')}.`)}\n${table(rows)}`;
}

/** What could not be read; empty where all was. */
export function incompleteSection(
  { incomplete }: Pick<Report, 'incomplete'>,
  { bold, yellow }: Colors,
): string {
  if (incomplete.length === 0) return '';
  const rows = incomplete.map(({ scope, operation, error }) => [
    yellow('!'),
    printable(scope),
    operation,
    printable(error),
  ]);
  return `${bold(`Could not be read: ${plural(incomplete.length, 'scope', 'scopes')}.`)}\n${table(rows)}`;
}

/** Long ARNs say little to people; what helps is where it ran and what it answered. */
const SHOWN = [
  'instance',
  'host',
  'service',
  'address',
  'failure',
  'status',
  'errorCode',
  'attempts',
  'failingRuns',
  'passingRuns',
  'ecsHealth',
];

/** The part of the evidence that helps people. */
export function describeEvidence(evidence: ReportedEntry['evidence']): string {
  return SHOWN.flatMap((key) => {
    const value = evidence[key];
    return value === undefined || value === '' ? [] : [`${key} ${printable(String(value))}`];
  }).join(', ');
}

/** What somebody should put right; empty where there is nothing. */
export function noticesSection({ notices }: Pick<Report, 'notices'>, { bold, yellow }: Colors): string {
  if (notices.length === 0) return '';
  const rows = notices.map(({ subject, detail }) => [yellow('!'), printable(subject), printable(detail)]);
  return `${bold(`To put right: ${plural(notices.length, 'notice', 'notices')}.`)}\n${table(rows)}`;
}
