import { AGENT_FORMS } from '../model/agent-form.ts';
import { printable } from '../model/printable.ts';
import { VERDICTS } from '../model/verdict.ts';
import type { ComparisonReport } from './comparison-schema.ts';
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
  const { entries, foreign, entering, leaving, lost, eitherWay } = report.summary;
  const managed = [
    ...(entering === 0 ? [] : [`${noneOr(entering)} would become managed`]),
    ...(leaving === 0 ? [] : [`${noneOr(leaving)} would no longer be managed`]),
  ];
  // Changes that are not the switch's doing, and those that it prevents.
  const others = [
    ...(eitherWay === 0 ? [] : [`A run changes ${entriesText(eitherWay)} in any case.`]),
    ...(lost === 0 ? [] : [`A run would no longer change ${entriesText(lost)} that it changes now.`]),
  ];
  const apart = foreign === 0 ? '' : `, ${foreign} of them not managed and left alone`;
  const lines = [
    colors.bold(sentence(report)),
    whatIsLeft(report),
    managed.length === 0 ? '' : `${listed(managed)}.`,
    others.join(' '),
    `${zoneTitle(report)}: ${entriesText(entries)}${apart}. ${costOf(report)}`,
  ];
  return lines.filter((line) => line !== '').join('\n');
}

function sentence({ settings, summary: counts }: ComparisonReport): string {
  const switches = settings.map(({ name, from, to }) => `${name} from ${written(from)} to ${written(to)}`);
  const parts = [
    `register ${noneOr(counts.registered)}`,
    `remove ${counts.removed === 0 ? 'none' : counts.removed}`,
    ...(counts.rewritten === 0 ? [] : [`rewrite ${counts.rewritten}`]),
    ...(counts.left === 0 ? [] : [`leave ${counts.left} as ${counts.left === 1 ? 'it is' : 'they are'}`]),
  ];
  return `Switching ${listed(switches)} would ${listed(parts)}.`;
}

/** What is left because it is in order, and what for other reasons. */
function whatIsLeft({ summary: { left, leftLive } }: ComparisonReport): string {
  if (left === leftLive) return '';
  const live = leftLive === 0 ? 'none is live' : `${leftLive} ${leftLive === 1 ? 'is' : 'are'} live`;
  return `Of what is left, ${live}; the rest is held back or unverified.`;
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

/** Field by field, in Route 53's own names. */
function differences(from: NonNullable<ReportedDiff['from']>, to: NonNullable<ReportedDiff['to']>): string {
  const fields = [...new Set([...Object.keys(from), ...Object.keys(to)])].filter(
    (field) => shown(from[field]) !== shown(to[field]),
  );
  return fields.map((field) => `${field} ${shown(from[field])} → ${shown(to[field])}`).join(', ');
}

function shown(value: unknown): string {
  if (value === undefined) return 'none';
  if (!Array.isArray(value)) return typeof value === 'string' ? value : JSON.stringify(value);
  const [first] = value;
  return value.length === 1 ? String(first.Value) : `${value.length} values`;
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

function ending({ settings }: ComparisonReport): string {
  const names = settings.map(({ name, to }) => `${name}: ${written(to)}`);
  return `Nothing was changed. To switch, set ${listed(names)} in the settings of the runs themselves.`;
}

function noneOr(count: number): string {
  return count === 0 ? 'no entries' : entriesText(count);
}

/** `a`, `a and b`, `a, b, and c`. */
function listed(parts: readonly string[]): string {
  if (parts.length < 3) return parts.join(' and ');
  return `${parts.slice(0, -1).join(', ')}, and ${parts.at(-1)}`;
}

/** A setting's value as a variable would be set to it. */
function written(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return value.map(written).join(',');
  return printable(typeof value === 'string' ? value : JSON.stringify(value));
}
