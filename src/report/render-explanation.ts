import { printable } from '../model/printable.ts';
import {
  codeOf,
  endOf,
  endOfMissing,
  type Line,
  missingParts,
  type Parts,
  paintOf,
  partsOf,
} from './explanation-parts.ts';
import type { ExplainedEntry, ExplanationReport, MissingRecord } from './explanation-schema.ts';
import { remarkLines } from './sections.ts';
import { type Page, type TextOptions, textOf } from './text-document.ts';
import { widthOf, withoutBlanks, wrap } from './wrap.ts';

/**
 * An explanation for people: each entry with what it is, what it leads to, and what would become of it.
 *
 * @example
 * console.log(renderExplanation(explanation, { color: process.stdout.isTTY }));
 */
export function renderExplanation(report: ExplanationReport, options: TextOptions): string {
  return textOf(options, (page) => [
    ...report.entries.map((entry) => entryLines(entry, page)),
    ...report.missing.map((record) => missingLines(record, page)),
    remarkLines(report, page),
  ]);
}

function entryLines(entry: ExplainedEntry, page: Page): readonly string[] {
  const code = paintOf(entry.verdict, page.colors)(codeOf(entry));
  return [
    ...headline(entry, page),
    ...wrap(`${code}, ${endOf(entry)}`, page.width, TWO_BLANKS),
    ...partLines(partsOf(entry, page.colors), page),
  ];
}

function missingLines(record: MissingRecord, page: Page): readonly string[] {
  return [
    ...headline(record, page),
    ...wrap(`not in the zone, and ${endOfMissing(record)}`, page.width, TWO_BLANKS),
    ...partLines(missingParts(record), page),
  ];
}

const LABEL_WIDTH = 13;

const TWO_BLANKS = { first: '  ', rest: '  ' };

function partLines(parts: Parts, page: Page): readonly string[] {
  return parts.flatMap(([label, lines]) => part(label, lines, page));
}

/** What goes on on the next line stands deeper than what begins there. */
function part(label: string, lines: readonly Line[], { colors, width }: Page): readonly string[] {
  return lines.flatMap((line, i) => {
    const { columns, text } = typeof line === 'string' ? { columns: '', text: line } : line;
    const first = `  ${colors.dim((i === 0 ? label : '').padEnd(LABEL_WIDTH))}${columns}`;
    const rest = ' '.repeat(LABEL_WIDTH + 4);
    const isApart = columns !== '' && width !== undefined && widthOf(`${first}${text}`) > width;
    return isApart
      ? [withoutBlanks(first), ...wrap(text, width, { first: rest, rest })]
      : wrap(text, width, { first, rest });
  });
}

function headline(
  { name, type, value }: ExplainedEntry | MissingRecord,
  { colors, width }: Page,
): readonly string[] {
  return wrap(printable(`${name} ${type} ${value}`), width, { first: '', rest: '    ' }).map(colors.bold);
}
