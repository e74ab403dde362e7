import { createColors } from 'picocolors';
import { printable } from './printable.ts';
import { entryKeyOf, type ReportedChange, type ReportedEntry, removedEntries } from './removed-entries.ts';
import type { Report } from './report-schema.ts';
import { plural, table } from './table.ts';

type Colors = ReturnType<typeof createColors>;

/** The report for people: a summary, then what goes, what is held back, and what could not be read. */
export function renderText(report: Report, { color }: { readonly color: boolean }): string {
  const colors = createColors(color);
  const sections = [
    summary(report, colors),
    changesSection(report, colors),
    heldBackSection(report, colors),
    unverifiedSection(report, colors),
    incompleteSection(report, colors),
    noticesSection(report, colors),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function summary({ zone, summary: counts, durationMs, awsCalls }: Report, { bold }: Colors): string {
  const calls = Object.values(awsCalls).reduce((sum, count) => sum + count, 0);
  const verdicts = (['live', 'stale', 'unhealthy', 'unverified', 'foreign'] as const)
    .map((verdict) => `${counts[verdict]} ${verdict}`)
    .join(', ');
  const name = bold(`${printable(zone.name)} (${zone.id})`);
  const cost = `${plural(calls, 'AWS call', 'AWS calls')} in ${(durationMs / 1000).toFixed(1)} s.`;
  return `${name}: ${plural(counts.entries, 'entry', 'entries')}: ${verdicts}.${calls === 0 ? '' : ` ${cost}`}`;
}

function changesSection(report: Report, { bold, red }: Colors): string {
  const { changes, summary: counts } = report;
  if (changes.length === 0) return 'Nothing to remove.';
  const planned = changes.every(({ status }) => status === 'planned');
  const head = planned
    ? `To remove: ${plural(counts.removals, 'entry', 'entries')}, in ${plural(changes.length, 'change', 'changes')}.`
    : `Removal of ${plural(counts.removals, 'entry', 'entries')}: ${plural(counts.applied, 'change', 'changes')} applied, ${counts.conflicts} in conflict, ${counts.failed} failed.`;
  const rows = removedEntries(report).map(({ entry, deletion }) => [
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

function incompleteSection({ incomplete }: Report, { bold, yellow }: Colors): string {
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

function describeEvidence(evidence: ReportedEntry['evidence']): string {
  return SHOWN.flatMap((key) => {
    const value = evidence[key];
    return value === undefined || value === '' ? [] : [`${key} ${printable(String(value))}`];
  }).join(', ');
}

function noticesSection({ notices }: Report, { bold, yellow }: Colors): string {
  if (notices.length === 0) return '';
  const rows = notices.map(({ subject, detail }) => [yellow('!'), printable(subject), printable(detail)]);
  return `${bold(`To put right: ${plural(notices.length, 'notice', 'notices')}.`)}\n${table(rows)}`;
}
