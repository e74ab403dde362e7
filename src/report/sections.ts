import { createColors } from 'picocolors';
import { printable } from '../model/printable.ts';
import { isWithheldReason } from '../model/registration.ts';
import type { Report } from './report-schema.ts';
import { plural, table } from './table.ts';

export type Colors = ReturnType<typeof createColors>;
export type Rows = readonly (readonly string[])[];

/** Whether a text may have colours: not where it goes to a file. */
export interface TextOptions {
  readonly color: boolean;
}

/** A document for people: its sections one under the other, without the empty ones. */
export function textOf({ color }: TextOptions, sectionsOf: (colors: Colors) => readonly string[]): string {
  const sections = sectionsOf(createColors(color)).filter((text) => text !== '');
  return `${sections.join('\n\n')}\n`;
}

/** A head with its rows; empty where there are none. */
export function section(head: string, rows: Rows, { bold }: Colors): string {
  return rows.length === 0 ? '' : `${bold(head)}\n${table(rows)}`;
}

/** `orders.internal. (Z1)` */
export function zoneTitle({ zone }: Pick<Report, 'zone'>): string {
  return `${printable(zone.name)} (${zone.id})`;
}

/** What a document has cost: `5 AWS calls in 0.8 s.` */
export function costOf({ awsCalls, durationMs }: Pick<Report, 'awsCalls' | 'durationMs'>): string {
  const calls = Object.values(awsCalls).reduce((sum, count) => sum + count, 0);
  return `${plural(calls, 'AWS call', 'AWS calls')} in ${(durationMs / 1000).toFixed(1)} s.`;
}

/** The same after a sentence; nothing where AWS was not asked, as in what is shown before a question. */
export function andCostOf(document: Pick<Report, 'awsCalls' | 'durationMs'>): string {
  return Object.keys(document.awsCalls).length === 0 ? '' : ` ${costOf(document)}`;
}

type Named = Pick<Report['entries'][number], 'name' | 'type' | 'value'>;

/** The first columns of every row about a record. */
export function recordCells({ name, type, value }: Named): readonly string[] {
  return [printable(name), printable(type), printable(value)];
}

/** `applied`, or `failed: AccessDenied` */
export function outcomeCell({
  status,
  detail,
}: {
  readonly status?: string | undefined;
  readonly detail?: string | undefined;
}): string {
  return detail === undefined ? `${status}` : `${status}: ${printable(detail)}`;
}

/** What guardrails hold back; `when` adds to a row what else there is to say. */
export function heldBackSection<T extends Report['heldBack'][number]>(
  head: string,
  items: readonly T[],
  colors: Colors,
  when: (item: T) => string = () => '',
): string {
  const rows = items.map((item) => [
    colors.yellow('!'),
    ...recordCells(item),
    `${item.verdict}: ${item.reason}`,
    `${item.guardrail}: ${printable(item.detail)}${when(item)}`,
  ]);
  return section(head, rows, colors);
}

/** What is not registered; `when` adds to a row what else there is to say. */
export function withheldSection<T extends Report['withheld'][number]>(
  head: string,
  items: readonly T[],
  colors: Colors,
  when: (item: T) => string = () => '',
): string {
  const rows = items.map((item) => [
    colors.yellow('!'),
    ...recordCells(item),
    item.reason,
    `${whyWithheld(item)}${when(item)}`,
  ]);
  return section(head, rows, colors);
}

/** A reason for not registering says itself what is in the way; a verdict's reason is told by its evidence. */
function whyWithheld({ reason, detail, evidence }: Report['withheld'][number]): string {
  return (isWithheldReason(reason) ? '' : describeEvidence(evidence)) || printable(detail);
}

/** What could not be read; empty where all was. */
export function incompleteSection({ incomplete }: Pick<Report, 'incomplete'>, colors: Colors): string {
  const rows = incomplete.map(({ scope, operation, error }) => [
    colors.yellow('!'),
    printable(scope),
    operation,
    printable(error),
  ]);
  return section(`Could not be read: ${plural(rows.length, 'scope', 'scopes')}.`, rows, colors);
}

/** What an operator should put right; empty where there is nothing. */
export function noticesSection(
  { notices }: Pick<Report, 'notices'>,
  colors: Colors,
  head = 'To put right',
): string {
  const rows = notices.map(({ subject, detail }) => [
    colors.yellow('!'),
    printable(subject),
    printable(detail),
  ]);
  return section(`${head}: ${plural(rows.length, 'notice', 'notices')}.`, rows, colors);
}

/** Both for documents that are read from top to bottom: a line each. */
export function remarkLines(
  { incomplete, notices }: Pick<Report, 'incomplete' | 'notices'>,
  { yellow }: Colors,
): readonly string[] {
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
];

/** The part of the evidence that helps people. */
export function describeEvidence(evidence: Report['entries'][number]['evidence']): string {
  return SHOWN.flatMap((key) => {
    const value = evidence[key];
    return value === undefined || value === '' ? [] : [`${key} ${printable(String(value))}`];
  }).join(', ');
}
