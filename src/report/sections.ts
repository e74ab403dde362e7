import Table from 'cli-table3';
import { createColors } from 'picocolors';
import { printable, printableLines } from '../model/printable.ts';
import { isWithheldReason } from '../model/registration.ts';
import type { Identity } from './removed-entries.ts';
import type { Report } from './report-schema.ts';
import type { RestoreReport } from './restore-report-schema.ts';

export type Colors = ReturnType<typeof createColors>;
type Rows = readonly (readonly string[])[];
/** What stands before the rows of a table: the same for all of them, or one for each. */
type Mark = string | readonly string[];

/** Whether a text may have colours: not where it goes to a file. */
export interface TextOptions {
  readonly color: boolean;
}

/** A document for people: its sections one under the other, without the empty ones, and safe on a terminal. */
export function textOf({ color }: TextOptions, sectionsOf: (colors: Colors) => readonly string[]): string {
  const sections = sectionsOf(createColors(color)).filter((text) => text !== '');
  const text = `${sections.join('\n\n')}\n`;
  return color ? text.split(COLOR_CODE).map(printableBetween).join('') : printableLines(text);
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: a colour begins with one
const COLOR_CODE = /(\u001b\[\d{1,2}m)/;

/** A split keeps what it is split by in every second place. */
function printableBetween(text: string, index: number): string {
  return index % 2 === 0 ? printableLines(text) : text;
}

/** `1 entry`, `2 entries`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

export function entriesText(count: number): string {
  return plural(count, 'entry', 'entries');
}

const NO_LINES = Object.fromEntries(
  ['top', 'bottom', 'mid', 'left', 'right']
    .flatMap((side) => [side, `${side}-mid`, `${side}-left`, `${side}-right`, `mid-mid`])
    .map((line) => [line, '']),
);

/** Rows with their columns in line, indented by two blanks. Cells are text from outside; only a mark has colours. */
export function table(rows: Rows, mark?: Mark): string {
  const lines = new Table({
    chars: { ...NO_LINES, middle: '  ' },
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
  });
  const marksOf = (i: number) =>
    mark === undefined ? [] : [typeof mark === 'string' ? mark : (mark[i] ?? '')];
  lines.push(...rows.map((row, i) => [...marksOf(i), ...row.map(printable)]));
  return lines
    .toString()
    .split('\n')
    .map((line) => `  ${line.trimEnd()}`)
    .join('\n');
}

/** A head with its rows, each behind the mark if there is one; empty where there are no rows. */
export function section(head: string, rows: Rows, { bold }: Colors, mark?: Mark): string {
  return rows.length === 0 ? '' : `${bold(head)}\n${table(rows, mark)}`;
}

/** `orders.internal. (Z1)` */
export function zoneTitle({ zone }: Pick<Report, 'zone'>): string {
  return printable(`${zone.name} (${zone.id})`);
}

/** What a document has cost: `5 AWS calls in 0.8 s.` */
export function costOf({ awsCalls, durationMs }: Pick<Report, 'awsCalls' | 'durationMs'>): string {
  const calls = Object.values(awsCalls).reduce((sum, count) => sum + count, 0);
  return `${plural(calls, 'AWS call')} in ${(durationMs / 1000).toFixed(1)} s.`;
}

/** The same after a sentence; nothing where AWS was not asked, as in what is shown before a question. */
export function andCostOf(document: Pick<Report, 'awsCalls' | 'durationMs'>): string {
  return Object.keys(document.awsCalls).length === 0 ? '' : ` ${costOf(document)}`;
}

/** The first columns of every row about a record. */
export function recordCells({ name, type, value }: Omit<Identity, 'setIdentifier'>) {
  return [name, type, value];
}

/** The columns of an entry with its verdict and what helps people of the evidence. */
export function entryCells(entry: Report['entries'][number]): readonly string[] {
  return [...recordCells(entry), `${entry.verdict}: ${entry.reason}`, describeEvidence(entry.evidence)];
}

/** `applied`, or `failed: AccessDenied` */
export function outcomeCell({ status, detail }: Pick<RestoreReport['sets'][number], 'status' | 'detail'>) {
  return detail === undefined ? `${status}` : `${status}: ${detail}`;
}

/** What a comparison tells besides: whether a run does it without the switch, too. */
interface EitherWay {
  readonly eitherWay?: boolean;
}

export function heldBackSection(
  head: string,
  items: readonly (Report['heldBack'][number] & EitherWay)[],
  colors: Colors,
): string {
  const rows = items.map((item) => [
    ...recordCells(item),
    `${item.verdict}: ${item.reason}`,
    `${item.guardrail}: ${item.detail}${asNow(item)}`,
  ]);
  return section(head, rows, colors, colors.yellow('!'));
}

/** What is not registered. A reason of its own says what is in the way; a verdict's is told by its evidence. */
export function withheldSection(
  head: string,
  items: readonly (Report['withheld'][number] & EitherWay)[],
  colors: Colors,
): string {
  const rows = items.map((item) => {
    const told = isWithheldReason(item.reason) ? '' : describeEvidence(item.evidence);
    return [...recordCells(item), item.reason, `${told || item.detail}${asNow(item)}`];
  });
  return section(head, rows, colors, colors.yellow('!'));
}

function asNow({ eitherWay }: EitherWay): string {
  return eitherWay === true ? ' (as now)' : '';
}

type Remarks = Pick<Report, 'incomplete' | 'notices'>;

/** What could not be read, and what an operator should put right. */
export function remarkSections(
  { incomplete, notices }: Remarks,
  colors: Colors,
  noticesHead = 'To put right',
): readonly string[] {
  const unread = incomplete.map(({ scope, operation, error }) => [scope, operation, error]);
  const told = notices.map(({ subject, detail }) => [subject, detail]);
  const mark = colors.yellow('!');
  return [
    section(`Could not be read: ${plural(unread.length, 'scope')}.`, unread, colors, mark),
    section(`${noticesHead}: ${plural(told.length, 'notice')}.`, told, colors, mark),
  ];
}

/** The same for documents that are read from top to bottom: a line each. */
export function remarkLines({ incomplete, notices }: Remarks, { yellow }: Colors): readonly string[] {
  return [
    ...incomplete.map(({ scope, operation, error }) => `${scope} could not be read: ${operation}: ${error}`),
    ...notices.map(({ subject, detail }) => `${subject}: ${detail}`),
  ].map((line) => `${yellow('!')} ${printable(line)}`);
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
