import { printable } from '../model/printable.ts';
import {
  changeLine,
  checkLines,
  claimLines,
  containerLines,
  healthLines,
  hostLines,
  matchLines,
  probeLines,
  recordLines,
  targetLines,
} from './explanation-lines.ts';
import type { ExplainedEntry, ExplanationReport, MissingRecord } from './explanation-schema.ts';
import { remarkLines } from './sections.ts';
import { type Colors, type Page, type TextOptions, textOf } from './text-document.ts';
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
  const { colors } = page;
  const { verdict, reason, outcome, heldBy, srvRecord, host, container, check, probe, health } = entry;
  const code = paint(verdict, colors)(`${verdict}: ${reason}`);
  const end = { removed: 'goes', left: 'stays', 'held-back': `held back by ${heldBy?.guardrail}` }[outcome];
  const parts: readonly (readonly [string, readonly Line[] | undefined])[] = [
    ['Record', recordLines(entry).map(printable)],
    ['Claims', srvRecord && claimLines(srvRecord).map(printable)],
    ['Match', matchLines(entry).map(printable)],
    ['Host', host && hostLines(host).map(printable)],
    ['Container', container && containerLines(container).map(printable)],
    ['Target group', targetLines(entry).map(printable)],
    ['Check', check && checkLines(check).map(printable)],
    ['Probe', probe && probeLines(probe).map(printable)],
    ['Health', health && healthLines(health)],
    ['Verdict', verdictLines(entry, code)],
    ['Confirmation', entry.confirmation.map(({ asked, seen }) => printable(`${asked}: ${seen}`))],
    ['Guardrails', guardrailLines(entry, colors)],
    ['A run would', outcomeLines(entry, colors)],
  ];
  return [
    ...headline(entry, page),
    ...wrap(`${code}, ${end}`, page.width, TWO_BLANKS),
    ...parts.flatMap(([label, lines = []]) => part(label, lines, page)),
  ];
}

function missingLines(record: MissingRecord, page: Page): readonly string[] {
  const { setIdentifier, outcome, reason, detail, advice } = record;
  const end = outcome === 'registered' ? 'is to be registered' : `is not registered: ${reason}`;
  const identifier = setIdentifier === undefined ? [] : [`set identifier ${printable(setIdentifier)}`];
  return [
    ...headline(record, page),
    ...wrap(`not in the zone, and ${end}`, page.width, TWO_BLANKS),
    ...part('Record', identifier, page),
    ...part('Because', [printable(detail)], page),
    ...part('To do', [printable(advice)], page),
  ];
}

const LABEL_WIDTH = 13;

const TWO_BLANKS = { first: '  ', rest: '  ' };

/** A text, or one after columns of its own, which keep their blanks; it stands below them where it does not fit next to them. */
type Line = string | { readonly columns: string; readonly text: string };

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

function verdictLines({ meaning, advice }: ExplainedEntry, code: string): readonly string[] {
  return [`${code}: ${plain(meaning)}`, ...(/^nothing\b/.test(advice) ? [] : [`to do: ${plain(advice)}`])];
}

function paint(verdict: ExplainedEntry['verdict'], { green, red, yellow, dim }: Colors) {
  const ours = {
    live: green,
    stale: red,
    unhealthy: red,
    draining: red,
    unverified: yellow,
    protected: yellow,
  };
  return { ...ours, foreign: dim }[verdict];
}

/** The words are Markdown's; a terminal has no use for its backticks. */
function plain(words: string): string {
  return words.replaceAll('`', '');
}

function guardrailLines({ guardrails }: ExplainedEntry, { green, yellow, dim }: Colors): readonly Line[] {
  const decided = guardrails.findIndex(({ decides }) => decides);
  const width = Math.max(0, ...guardrails.map(({ guardrail }) => guardrail.length)) + 2;
  return guardrails.map(({ guardrail, answer, detail }, i) => {
    const isMoot = decided >= 0 && i > decided;
    const words = isMoot ? `would ${answer === 'holds' ? 'hold' : 'pass'}` : answer;
    const color = isMoot ? dim : answer === 'holds' ? yellow : green;
    return { columns: `${guardrail.padEnd(width)}${color(words.padEnd(12))}`, text: printable(detail) };
  });
}

function outcomeLines({ outcome, heldBy, changes }: ExplainedEntry, colors: Colors): readonly string[] {
  if (outcome === 'left') return [colors.green('leave the entry')];
  if (heldBy !== undefined) {
    const { guardrail, liftedBy } = heldBy;
    return [colors.yellow(`leave the entry: held back by ${guardrail}`), `lifted by: ${plain(liftedBy)}`];
  }
  return [colors.red('remove the entry:'), ...changes.map((change) => printable(changeLine(change)))];
}
