import { isWithheldReason, withheldWords } from '../../model/registration.ts';
import { REASON_WORDS, type Reason, type ReasonWords } from '../../model/verdict.ts';
import type { Report } from '../report-schema.ts';
import { plural } from '../sections.ts';
import { type Content, html, type Markup, prose } from './html.ts';

/** A name with what is known of it. */
export type Fact = readonly [name: string, value: Content];

/** One record on a line, with what is behind it once it is unfolded. */
export interface RecordRow {
  readonly badges: readonly Markup[];
  readonly name: string;
  readonly type: string;
  readonly value: string;
  /** Why, in words. */
  readonly why: Content;
  /** The same as a code. */
  readonly code: string;
  readonly facts: readonly Fact[];
}

/** How rows are shown. */
export interface RowOptions {
  /** Of the zone: what all names end with is told in a quieter voice. */
  readonly zoneName: string;
  /** So many rows a list has at the most; all of them unless given. */
  readonly maxRows?: number | undefined;
}

/** Records one under the other; of those that are too many it is told where they are. */
export function recordRows(rows: readonly RecordRow[], { zoneName, maxRows }: RowOptions): Markup {
  const shown = rows.slice(0, maxRows);
  const left = rows.length - shown.length;
  const more = html`<p class="more">and ${left} more, see <a href="/report.json">/report.json</a></p>`;
  return html`<ul class="rows">${shown.map((row) => recordRow(row, zoneName))}</ul>${left > 0 ? more : undefined}`;
}

function recordRow({ badges, name, type, value, why, code, facts }: RecordRow, zoneName: string): Markup {
  return html`
<li><details class="row"><summary><span class="badges">${badges}</span><span class="record"><span class="name mono">${nameText(name, zoneName)}</span> <span class="quiet">${type}</span><span class="value mono">${value}</span></span><span class="why">${why}<span class="code mono">${code}</span></span></summary>${factList(facts)}</details></li>`;
}

function nameText(name: string, zoneName: string): Content {
  if (!name.endsWith(`.${zoneName}`)) return name;
  const own = name.slice(0, name.length - zoneName.length - 1);
  return html`${own}<wbr><span class="zone">.${zoneName}</span>`;
}

export function factList(facts: readonly Fact[]): Markup {
  return html`<dl class="facts">${facts.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`;
}

/** A word with the colour of a verdict, or of one that it is like. */
export function badge(word: string, tone: string = word): Markup {
  return html`<span class="badge ${tone}">${word}</span>`;
}

const STATUS_TONES: Readonly<Record<string, string>> = {
  applied: 'live',
  'already-done': 'live',
  stopped: 'live',
  conflict: 'unverified',
  waiting: 'unverified',
  failed: 'unhealthy',
};

/** How a change has ended; nothing for what is only planned. */
export function statusBadges(status: string): readonly Markup[] {
  return status === 'planned' ? [] : [badge(status, STATUS_TONES[status] ?? 'foreign')];
}

type Entry = Report['entries'][number];

/** An entry with its evidence; `facts` come before it. */
export function entryRow(
  entry: Entry,
  facts: readonly Fact[] = [],
  badges: readonly Markup[] = [],
): RecordRow {
  const { meaning, advice } = reasonWords(entry.reason);
  return {
    ...entry,
    badges: [badge(entry.verdict), ...badges],
    why: prose(meaning),
    code: [entry.reason, ...seenOf(entry)].join(', '),
    facts: [
      ...facts,
      ...evidenceFacts(entry.evidence),
      ...identifierFacts(entry),
      ['What to do', prose(advice)],
    ],
  };
}

/** What the last attempt of a probe has got, or what has ended it. */
function seenOf({ verdict, evidence }: Entry): readonly (string | number)[] {
  if (verdict === 'live' || verdict === 'draining') return [];
  const seen = evidence['status'] ?? evidence['errorCode'];
  return seen === undefined ? [] : [seen];
}

/** The words of a reason for a verdict, or for not registering; of one that only a later version knows, none. */
export function reasonWords(reason: string): ReasonWords {
  const isKnown = isWithheldReason(reason) || Object.hasOwn(REASON_WORDS, reason);
  return isKnown ? withheldWords(reason as Reason) : { meaning: reason, advice: 'nothing' };
}

export function evidenceFacts(evidence: Entry['evidence']): readonly Fact[] {
  return Object.entries(evidence).map(([name, value]) => [name, mono(value)] as const);
}

export function identifierFacts({ setIdentifier }: Pick<Entry, 'setIdentifier'>): readonly Fact[] {
  return setIdentifier === undefined ? [] : [['Set identifier', mono(setIdentifier)]];
}

/** Of a set all that its row does not say, in Route 53's own names. */
export function recordSetFacts(set: Report['changes'][number]['recordSet']): readonly Fact[] {
  const { Name: _name, Type: _type, ResourceRecords = [], ...fields } = set;
  const values: Fact = ['Values', ResourceRecords.map(({ Value }) => html`<div class="mono">${Value}</div>`)];
  const others = Object.entries(fields).map(([name, value]) => [name, mono(fieldText(value))] as const);
  return ResourceRecords.length > 1 ? [values, ...others] : others;
}

/** What the row of a set shows of its values. */
export function valuesText({ ResourceRecords = [] }: Report['changes'][number]['recordSet']): string {
  const [first] = ResourceRecords;
  return ResourceRecords.length === 1 ? (first?.Value ?? '') : plural(ResourceRecords.length, 'value');
}

/** Any value of a document on one line. */
export function fieldText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function mono(value: string | number): Markup {
  return html`<span class="mono">${value}</span>`;
}
