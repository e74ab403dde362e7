import { durationText } from '../model/duration.ts';
import { printable } from '../model/printable.ts';
import { isWithheldReason } from '../model/registration.ts';
import type { Identity } from './removed-entries.ts';
import type { Report } from './report-schema.ts';
import type { RestoreReport } from './restore-report-schema.ts';
import { type Mark, type Page, RECORD_HEADS, type Section, section } from './text-document.ts';
import { wrap } from './wrap.ts';

/** `1 entry`, `2 entries`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

export function entriesText(count: number): string {
  return plural(count, 'entry', 'entries');
}

/** `orders.internal. (Z1)` */
export function zoneTitle({ zone }: Pick<Report, 'zone'>): string {
  return printable(`${zone.name} (${zone.id})`);
}

/** What a document has cost: `5 AWS calls in 812ms.` */
export function costOf({ awsCalls, durationMs }: Pick<Report, 'awsCalls' | 'durationMs'>): string {
  const calls = Object.values(awsCalls).reduce((sum, count) => sum + count, 0);
  return `${plural(calls, 'AWS call')} in ${durationText(durationMs)}.`;
}

/** The same after a sentence; nothing where AWS was not asked, as in what is shown before a question. */
export function andCostOf(document: Pick<Report, 'awsCalls' | 'durationMs'>): string {
  return Object.keys(document.awsCalls).length === 0 ? '' : ` ${costOf(document)}`;
}

/** The last columns of every row about a record. */
export function recordCells({ name, type, value }: Omit<Identity, 'setIdentifier'>) {
  return [name, type, value];
}

/** The columns of an entry: its verdict first, and last what helps people of the evidence. */
export function entryCells(entry: Report['entries'][number]): readonly string[] {
  return [`${entry.verdict}: ${entry.reason}`, ...recordCells(entry), describeEvidence(entry.evidence)];
}

export const ENTRY_HEADS = ['STATUS', ...RECORD_HEADS, 'EVIDENCE'] as const;

export function entriesSection(
  title: string,
  mark: Mark,
  entries: readonly Report['entries'][number][],
): Section {
  return section(`${title}: ${entriesText(entries.length)}.`, ENTRY_HEADS, mark, entries.map(entryCells));
}

/** `applied`, or `failed: AccessDenied` */
export function outcomeText({
  status,
  detail,
}: Pick<RestoreReport['sets'][number], 'status' | 'detail'>): string {
  return detail === undefined ? `${status}` : `${status}: ${detail}`;
}

/** What only a comparison tells: whether a run does the same without the switch. */
interface EitherWay {
  readonly eitherWay?: boolean;
}

export function heldBackSection(
  title: string,
  items: readonly (Report['heldBack'][number] & EitherWay)[],
): Section {
  const rows = items.map((item) => [
    `${item.verdict}: ${item.reason}`,
    ...recordCells(item),
    `${item.guardrail === item.reason ? '' : `${item.guardrail}: `}${item.detail}${asNow(item)}`,
  ]);
  return section(
    `${title}: ${entriesText(items.length)}.`,
    ['STATUS', ...RECORD_HEADS, 'GUARDRAIL'],
    '!',
    rows,
  );
}

/** What is not registered. A reason of its own says what is in the way; a verdict's is told by its evidence. */
export function withheldSection(
  title: string,
  items: readonly (Report['withheld'][number] & EitherWay)[],
): Section {
  const rows = items.map((item) => {
    const told = isWithheldReason(item.reason) ? '' : describeEvidence(item.evidence);
    return [item.reason, ...recordCells(item), `${told || item.detail}${asNow(item)}`];
  });
  return section(
    `${title}: ${entriesText(items.length)}.`,
    ['REASON', ...RECORD_HEADS, 'EVIDENCE'],
    '!',
    rows,
  );
}

function asNow({ eitherWay }: EitherWay): string {
  return eitherWay === true ? ' (as now)' : '';
}

type Remarks = Pick<Report, 'incomplete' | 'notices'>;

/** What could not be read, and what an operator should put right. */
export function remarkSections(
  { incomplete, notices }: Remarks,
  noticesTitle = 'To put right',
): readonly Section[] {
  const unread = incomplete.map(({ scope, operation, error }) => [scope, `${operation}: ${error}`]);
  const told = notices.map(({ subject, detail }) => [subject, detail]);
  return [
    section(`Could not be read: ${plural(unread.length, 'scope')}.`, [], '!', unread),
    section(`${noticesTitle}: ${plural(told.length, 'notice')}.`, [], '!', told),
  ];
}

/** The same for documents that are read from top to bottom. */
export function remarkLines({ incomplete, notices }: Remarks, { colors, width }: Page): readonly string[] {
  const margins = { first: `${colors.yellow('!')} `, rest: '  ' };
  return [
    ...incomplete.map(({ scope, operation, error }) => `${scope} could not be read: ${operation}: ${error}`),
    ...notices.map(({ subject, detail }) => `${subject}: ${detail}`),
  ].flatMap((line) => wrap(printable(line), width, margins));
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
  'targets',
];

export function describeEvidence(evidence: Report['entries'][number]['evidence']): string {
  return SHOWN.flatMap((key) => {
    const value = evidence[key];
    return value === undefined || value === '' ? [] : [`${key} ${String(value)}`];
  }).join(', ');
}
