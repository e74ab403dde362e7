import { VERDICTS } from '../model/verdict.ts';
import type { ComparisonReport } from './comparison-schema.ts';
import { differences, ending, sentence, whatElse, whatIsLeft } from './comparison-words.ts';
import { code, type FoldedTable, fittingDocument } from './markdown.ts';
import {
  entriesTable,
  heldBackTable,
  noticesTable,
  RECORD,
  recordCells,
  unreadTable,
  withheldTable,
} from './markdown-tables.ts';
import { entryKeyOf } from './removed-entries.ts';
import { andCostOf, entriesText } from './sections.ts';

type Effects = ComparisonReport['gained'];

/**
 * A comparison as a comment on a pull request: the answer first, and each list folded below it. It fits into a comment,
 * and what comes from outside is code.
 *
 * @example
 * console.log(renderComparisonMarkdown(comparison));
 */
export function renderComparisonMarkdown(report: ComparisonReport): string {
  const { gained, lost, eitherWay, entering, leaving, heldBack, withheld, zone, startedAt } = report;
  const tables = [
    ...diffTables(gained, 'Only with the switch'),
    ...diffTables(lost, 'Only without the switch'),
    ...diffTables(eitherWay, 'With the switch or without'),
    entriesTable('Managed after the switch, and not yet', entering),
    entriesTable('Managed now, and not after the switch', leaving),
    ...leftTables(report),
    heldBackTable(heldBack, 'Held back after the switch'),
    withheldTable(withheld, 'Not registered after the switch'),
    unreadTable(report),
    noticesTable(report),
  ].filter(({ rows }) => rows.length > 0);
  const told = [whatIsLeft(report), whatElse(report)].filter((line) => line !== '').join(' ');
  const head = [`### ecs-dns compare: ${code(zone.name)}`, sentence(report, code), told];
  return fittingDocument({
    head: head.filter((line) => line !== '').join('\n\n'),
    tables,
    foot: `Zone ${code(zone.id)}, read at ${startedAt}.${andCostOf(report)} ${ending(report, code)}`,
  });
}

const KINDS = ['registered', 'rewritten', 'removed'] as const;

function diffTables(diffs: Effects, side: string): readonly FoldedTable[] {
  return KINDS.map((kind) => ({
    title: `${side}, ${kind}: ${entriesText(diffs[kind].length)}`,
    columns: [...RECORD, 'Reason', 'Difference'],
    rows: diffs[kind].map(({ from, to, reasons, ...record }) => [
      ...recordCells(record),
      code(reasons.join(', ')),
      from === undefined || to === undefined ? '' : code(differences(from, to)),
    ]),
  }));
}

/** Those that a guardrail stands for are listed with it. */
function leftTables({ left, heldBack }: ComparisonReport): readonly FoldedTable[] {
  const held = new Set(heldBack.map(entryKeyOf));
  const others = left.filter((entry) => entry.verdict === 'live' || !held.has(entryKeyOf(entry)));
  return VERDICTS.map((verdict) =>
    entriesTable(
      `Left as ${verdict}`,
      others.filter((entry) => entry.verdict === verdict),
    ),
  );
}
