import { createColors } from 'picocolors';
import {
  codeOf,
  endOf,
  endOfMissing,
  type Line,
  missingParts,
  type Parts,
  partsOf,
} from './explanation-parts.ts';
import type { ExplanationReport } from './explanation-schema.ts';
import { code, type FoldedTable, fittingDocument, markdownTable } from './markdown.ts';
import { noticesTable, RECORD, recordCells, unreadTable } from './markdown-tables.ts';
import { andCostOf } from './sections.ts';

/** More are counted, not shown: what becomes of these stands unfolded, and has to fit into a comment. */
const MOST_ITEMS = 20;

/**
 * An explanation as a comment, for an issue or the report of an incident: what becomes of each entry in a table, and all
 * that leads to it folded below. It fits into a comment, and what comes from outside is code.
 *
 * @example
 * console.log(renderExplanationMarkdown(explanation));
 */
export function renderExplanationMarkdown(report: ExplanationReport): string {
  const { selector, zone, entries, missing, startedAt } = report;
  const all: readonly Item[] = [
    ...entries.map((entry) => ({
      record: entry,
      identifier: entry.recordSet.SetIdentifier,
      verdict: codeOf(entry),
      end: endOf(entry),
      parts: partsOf(entry, createColors(false)),
    })),
    ...missing.map((record) => ({
      record,
      identifier: record.setIdentifier,
      verdict: 'not in the zone',
      end: endOfMissing(record),
      parts: missingParts(record),
    })),
  ];
  const items = all.slice(0, MOST_ITEMS);
  const isIdentified = items.some(({ identifier }) => identifier !== undefined);
  const rows = items.map(({ record, identifier = '', verdict, end }, i) => [
    `${i + 1}`,
    ...recordCells(record),
    ...(isIdentified ? [code(identifier)] : []),
    code(verdict),
    code(end),
  ]);
  const left = all.length - items.length;
  const more = left === 0 ? '' : `\n\n${left} more are not shown; name one, or narrow them down with --only.`;
  const columns = ['', ...RECORD, ...(isIdentified ? ['Set'] : []), 'Verdict', 'What becomes of it'];
  return fittingDocument({
    head: `### ecs-dns explain: ${code(selector)}\n\n${markdownTable(columns, rows)}${more}`,
    tables: [...items.map(itemTable), ...[unreadTable(report), noticesTable(report)].filter(hasRows)],
    foot: `Zone ${code(zone.name)} (${code(zone.id)}), read at ${startedAt}; nothing was changed.${andCostOf(report)}`,
  });
}

/** An entry, or a record that is not there. */
interface Item {
  readonly record: { readonly name: string; readonly type: string; readonly value: string };
  readonly identifier: string | undefined;
  readonly verdict: string;
  readonly end: string;
  readonly parts: Parts;
}

function itemTable({ verdict, parts }: Item, index: number): FoldedTable {
  return {
    title: `${index + 1}: ${verdict}`,
    columns: ['', 'What leads to it'],
    rows: parts.flatMap(([label, lines]) =>
      lines.map((line, i) => [i === 0 ? label : '', code(textOf(line))]),
    ),
  };
}

/** A guardrail stands in columns on a terminal. */
function textOf(line: Line): string {
  return typeof line === 'string' ? line : `${line.columns.trimEnd().replaceAll(/ +/g, ' ')}: ${line.text}`;
}

function hasRows({ rows }: FoldedTable): boolean {
  return rows.length > 0;
}
