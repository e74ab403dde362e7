import { AGENT_FORMS } from '../model/agent-form.ts';
import { VERDICTS } from '../model/verdict.ts';
import type { ComparisonReport } from './comparison-schema.ts';
import { differences, ending, sentence, whatElse, whatIsLeft } from './comparison-words.ts';
import { entryKeyOf } from './removed-entries.ts';
import {
  costOf,
  entriesSection,
  entriesText,
  heldBackSection,
  plural,
  recordCells,
  remarkSections,
  withheldSection,
  zoneTitle,
} from './sections.ts';
import {
  type Mark,
  type Page,
  RECORD_HEADS,
  type Section,
  section,
  type TextOptions,
  zoneTextOf,
} from './text-document.ts';

type Effects = ComparisonReport['gained'];
type ReportedDiff = Effects['registered'][number];

/**
 * What a switch of settings would change, for people: the answer first, then what it is made of.
 *
 * @example
 * console.log(renderComparison(comparison, { color: process.stdout.isTTY }));
 */
export function renderComparison(report: ComparisonReport, options: TextOptions): string {
  const { heldBack, withheld } = report;
  return zoneTextOf(options, report, LEGEND, (page) => [
    answer(report, page),
    ...diffSections(report.gained, 'Only with the switch'),
    ...diffSections(report.lost, 'Only without the switch'),
    eitherWaySection(report),
    entriesSection('Managed after the switch, and not yet', '*', report.entering),
    entriesSection('Managed now, and not after the switch', '*', report.leaving),
    ...leftSections(report),
    formsSection(report),
    heldBackSection('Held back after the switch', heldBack),
    withheldSection('Not registered after the switch', withheld),
    ...remarkSections(report),
    ending(report),
  ]);
}

const LEGEND = { '*': 'is listed only' } as const satisfies Partial<Record<Mark, string>>;

/** The answer in its first line; whatever else has to be known, a line each. */
function answer(report: ComparisonReport, { colors }: Page): string {
  const { entries, foreign } = report.summary;
  const apart = foreign === 0 ? '' : `, ${foreign} of them not managed and left alone`;
  const lines = [
    colors.bold(sentence(report)),
    whatIsLeft(report),
    whatElse(report),
    `${zoneTitle(report)}: ${entriesText(entries)}${apart}. ${costOf(report)}`,
  ];
  return lines.filter((line) => line !== '').join('\n');
}

const KINDS = [
  { kind: 'registered', mark: '+' },
  { kind: 'rewritten', mark: '~' },
  { kind: 'removed', mark: '-' },
] as const;

const DIFF_HEADS = ['REASON', ...RECORD_HEADS, 'DIFFERENCE'] as const;

function diffSections(diffs: Effects, side: string): readonly Section[] {
  return KINDS.map(({ kind, mark }) => {
    const head = `${side}, ${kind}: ${entriesText(diffs[kind].length)}.`;
    return section(head, headsFor(diffs[kind]), mark, diffs[kind].map(diffCells));
  });
}

function headsFor(diffs: readonly ReportedDiff[]): readonly string[] {
  return diffs.some(({ from, to }) => from !== undefined && to !== undefined)
    ? DIFF_HEADS
    : DIFF_HEADS.slice(0, -1);
}

function diffCells(item: ReportedDiff): readonly string[] {
  const { from, to, reasons } = item;
  const cells = [reasons.join(', '), ...recordCells(item)];
  return from === undefined || to === undefined ? cells : [...cells, differences(from, to)];
}

function eitherWaySection({ eitherWay, summary }: ComparisonReport): Section {
  const rows = KINDS.flatMap(({ kind, mark }) =>
    eitherWay[kind].map((diff) => ({ mark, cells: diffCells(diff) })),
  );
  const heads = headsFor(KINDS.flatMap(({ kind }) => eitherWay[kind]));
  return { head: `With the switch or without: ${entriesText(summary.eitherWay)}.`, heads, rows };
}

/** Those that a guardrail stands for are listed with it. */
function leftSections({ left, heldBack }: ComparisonReport): readonly Section[] {
  const held = new Set(heldBack.map(entryKeyOf));
  const live = left.filter(({ verdict }) => verdict === 'live');
  const others = left.filter((entry) => entry.verdict !== 'live' && !held.has(entryKeyOf(entry)));
  return [
    entriesSection('Left as they are', '*', live),
    ...VERDICTS.map((verdict) =>
      entriesSection(
        `Left as ${verdict}`,
        '?',
        others.filter((entry) => entry.verdict === verdict),
      ),
    ),
  ];
}

const FORM_HEADS = ['WRITER', 'HOW MANY', 'FORM', 'WHAT BECOMES OF IT'] as const;

/** What becomes of a form is said of it wherever it is listed. */
function formsSection({ agentForms }: ComparisonReport): Section {
  const rows = agentForms.map(({ form, writer, recordSets }) => {
    const { form: words, outcome } = AGENT_FORMS[form];
    return [writer, plural(recordSets, 'record set'), words, outcome];
  });
  return section('Not managed, and in the form of an older tool:', FORM_HEADS, '*', rows);
}
