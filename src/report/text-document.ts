import { createColors } from 'picocolors';
import { printableLines } from '../model/printable.ts';
import type { Report } from './report-schema.ts';
import { type ShortNames, shortNames } from './short-names.ts';
import { type Row, table } from './table.ts';
import { wrap } from './wrap.ts';

export type Colors = ReturnType<typeof createColors>;

/** What a text is made for: a terminal of a width, in columns, or a file, in which each row is one line. */
export interface TextOptions {
  /** Not where it goes to a file. */
  readonly color: boolean;
  /** Nothing is wrapped without it. */
  readonly width?: number | undefined;
}

/** What stands before the rows of a section, as its legend explains. */
export type Mark = '-' | '!' | '?' | '+' | '~' | 'x' | '*';

/** A head with its rows; left out where it has none. */
export interface Section {
  readonly head: string;
  readonly heads: readonly string[];
  readonly rows: readonly SectionRow[];
}

interface SectionRow {
  readonly mark: Mark;
  readonly cells: readonly string[];
}

/** A part of a document: prose, which is wrapped; lines that are laid out already; or a section. */
export type Part = string | readonly string[] | Section;

export interface Page {
  readonly colors: Colors;
  readonly width: number | undefined;
}

/** A document for people: its parts one under the other, without the empty ones, and safe on a terminal. */
export function textOf({ color, width }: TextOptions, partsOf: (page: Page) => readonly Part[]): string {
  const page = { colors: createColors(color), width };
  return finished(
    partsOf(page).flatMap((part) => linesOf(part, page, NO_NAMES)),
    color,
  );
}

/**
 * The same about a zone, the title first. The names of what it has are written without its name; where anything is
 * listed, the title is followed by what is left off, and by what the marks mean.
 */
export function zoneTextOf(
  { color, width }: TextOptions,
  { zone }: Pick<Report, 'zone'>,
  legend: Readonly<Partial<Record<Mark, string>>>,
  partsOf: (page: Page) => readonly [title: string, ...parts: readonly Part[]],
): string {
  const page = { colors: createColors(color), width };
  const [title, ...parts] = partsOf(page);
  const sections = parts.filter(isSection);
  const rows = sections.flatMap((one) => one.rows);
  const names = shortNames(
    zone.name,
    rows.flatMap(({ cells }) => cells),
  );
  const notes = notesOf(sections, names, { ...LEGEND, ...legend });
  const all = [[title, notes].filter((line) => line !== '').join('\n'), ...parts];
  return finished(
    all.flatMap((part) => linesOf(part, page, names)),
    color,
  );
}

const NO_NAMES: Pick<ShortNames, 'name' | 'text'> = { name: (name) => name, text: (text) => text };

function isSection(part: Part): part is Section {
  return typeof part === 'object' && 'rows' in part;
}

/** What a mark says, unless a document has a word of its own for it. */
const LEGEND: Readonly<Record<Mark, string>> = {
  '+': 'is added',
  '~': 'is rewritten',
  '-': 'goes',
  x: 'a task that is stopped',
  '!': 'needs a look',
  '?': 'stays as it is',
  '*': 'is in order',
};

function notesOf(
  sections: readonly Section[],
  { domain }: ShortNames,
  legend: Readonly<Record<Mark, string>>,
): string {
  const listed = new Set(sections.flatMap(({ rows }) => rows.map(({ mark }) => mark)));
  const marks = Object.entries(legend).filter(([mark]) => listed.has(mark as Mark));
  const hasNames = sections.some(({ heads, rows }) => rows.length > 0 && heads.includes(NAME));
  const left = [
    ...(hasNames ? ['Names are relative to the zone.'] : []),
    ...(domain === undefined ? [] : [`Hosts without a domain are in ${domain}.`]),
  ];
  const explained = marks.map(([mark, words]) => `${mark} ${words}`);
  return [left.join(' '), explained.length === 0 ? '' : `Marks: ${explained.join(', ')}.`]
    .filter((line) => line !== '')
    .join('\n');
}

/** Each part, and a blank line after it. */
function linesOf(part: Part, page: Page, names: Pick<ShortNames, 'name' | 'text'>): readonly string[] {
  if (typeof part === 'string') return part === '' ? [] : [...proseLines(part, page), ''];
  if (!isSection(part)) return part.length === 0 ? [] : [...part, ''];
  return part.rows.length === 0 ? [] : [...sectionLines(part, page, names), ''];
}

/** Prose goes on under its beginning. */
export function proseLines(text: string, { width }: Page): readonly string[] {
  return text.split('\n').flatMap((line) => wrap(line, width));
}

function sectionLines(
  { head, heads, rows }: Section,
  { colors, width }: Page,
  names: Pick<ShortNames, 'name' | 'text'>,
): readonly string[] {
  const shortRows = rows.map(
    ({ mark, cells }): Row => ({
      mark: paintMark(mark, colors),
      cells: cells.map((cell, i) => (heads[i] === NAME ? names.name(cell) : names.text(cell))),
    }),
  );
  return [...wrap(head, width).map(colors.bold), ...table(shortRows, { width, heads, paint: colors.dim })];
}

function paintMark(mark: Mark, { red, green, yellow }: Colors): string {
  const paint = { '-': red, x: red, '+': green, '~': yellow, '!': yellow, '?': String, '*': String }[mark];
  return paint(mark);
}

function finished(lines: readonly string[], color: boolean): string {
  const text = lines.join('\n');
  return color ? text.split(COLOR_CODE).map(printableBetween).join('') : printableLines(text);
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: a colour begins with one
const COLOR_CODE = /(\u001b\[\d{1,2}m)/;

/** A split keeps what it is split by in every second place. */
function printableBetween(text: string, index: number): string {
  return index % 2 === 0 ? printableLines(text) : text;
}

/** A section whose rows all have the same mark. */
export function section(
  head: string,
  heads: readonly string[],
  mark: Mark,
  rows: readonly (readonly string[])[],
): Section {
  return { head, heads, rows: rows.map((cells) => ({ mark, cells })) };
}

/** The column of names, which are written without their zone. */
export const NAME = 'NAME';
/** The columns of what every row about a record has. */
export const RECORD_HEADS = [NAME, 'TYPE', 'VALUE'] as const;
