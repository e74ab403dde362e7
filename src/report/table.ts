import { printable } from '../model/printable.ts';
import { widthOf, withoutBlanks, wrap } from './wrap.ts';

/** A row of a table: text from outside, and a mark before it that is ours and may have colours. */
export interface Row {
  readonly mark?: string;
  readonly cells: readonly string[];
}

interface TableOptions {
  /** Of the page; without one every row is one line. */
  readonly width?: number | undefined;
  readonly heads?: readonly string[];
  /** How the heads look. */
  readonly paint?: (text: string) => string;
  /** Blanks before every row: two, unless told otherwise. */
  readonly indent?: number;
}

const GAP = '  ';

/**
 * Rows with their columns in line. Where they are wider than the page, the columns that fit stay in line, and what is
 * left of a row goes on under it, indented: no cell is broken that fits a line of its own, and no word ever.
 */
export function table(rows: readonly Row[], options: TableOptions): readonly string[] {
  const { width, heads = [], paint = (text) => text, indent = 2 } = options;
  const blanks = ' '.repeat(indent);
  const printed = rows.map(({ mark, cells }) => ({ mark, cells: cells.map(printable) }));
  const markWidth = Math.max(0, ...printed.map(({ mark = '' }) => widthOf(mark)));
  const start = indent + (markWidth === 0 ? 0 : markWidth + 1);
  const columns = columnsOf(
    printed.map(({ cells }) => cells),
    heads,
    start,
    width,
  );
  const place = { columns, start, width };
  const headLine = withoutBlanks(padded(heads.slice(0, columns.length), columns));
  return [
    ...(headLine === '' ? [] : [`${' '.repeat(start)}${paint(headLine)}`]),
    ...printed.flatMap(({ mark = '', cells }) => {
      const first = `${blanks}${mark}`.padEnd(start + mark.length - widthOf(mark));
      return rowLines(cells, first, place);
    }),
  ];
}

interface Place {
  /** The widths of the columns that are in line. */
  readonly columns: readonly number[];
  readonly start: number;
  readonly width: number | undefined;
}

/**
 * The widths of as many columns, from the first, as fit. A cell of more than half a page makes no column wider, and
 * the last one is as wide as what is left of the page, if that is enough for most of its cells.
 */
function columnsOf(
  rows: readonly (readonly string[])[],
  heads: readonly string[],
  start: number,
  width: number | undefined,
): readonly number[] {
  const page = width ?? Number.POSITIVE_INFINITY;
  const count = Math.max(0, ...rows.map((cells) => cells.length));
  const columns: number[] = [];
  let end = start - GAP.length;
  for (let i = 0; i < count; i++) {
    const most = i < count - 1 ? Math.floor(page / 2) : page - end - GAP.length;
    const widths = rows.map((cells) => widthOf(cells[i] ?? ''));
    const usual = widths.filter((one) => one <= most);
    const column = Math.max(widthOf(heads[i] ?? ''), ...usual);
    end += GAP.length + column;
    if (end > page || 2 * usual.length < widths.length) break;
    columns.push(column);
  }
  return columns;
}

/** The cells that are in line, then those that are not: the first that is too wide for its column, and all after it. */
function rowLines(
  cells: readonly string[],
  first: string,
  { columns, start, width }: Place,
): readonly string[] {
  const last = cells.findLastIndex((cell) => cell !== '');
  let end = start;
  let inLine = 0;
  for (const [i, column] of columns.entries()) {
    const own = widthOf(cells[i] ?? '');
    const isFitting = own <= column || (i === last && (width === undefined || end + own <= width));
    if (!isFitting) break;
    end += column + GAP.length;
    inLine += 1;
  }
  const line = `${first}${padded(cells.slice(0, inLine), columns)}`;
  const others = cells.slice(inLine, last + 1).filter((cell) => cell !== '');
  if (inLine > 0 || others.length === 0) {
    return [withoutBlanks(line), ...continued(others, ' '.repeat(start + 2), width)];
  }
  return wrap(others.join(GAP), width, { first, rest: ' '.repeat(start + 2) });
}

function padded(cells: readonly string[], columns: readonly number[]): string {
  return cells
    .map((cell, i) => `${cell}${' '.repeat(Math.max(0, (columns[i] ?? 0) - widthOf(cell)))}`)
    .join(GAP);
}

/** What is left of a row: as many cells on a line as fit it. */
function continued(cells: readonly string[], margin: string, width: number | undefined): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const cell of cells) {
    const longer = line === '' ? cell : `${line}${GAP}${cell}`;
    if (line !== '' && width !== undefined && widthOf(margin) + widthOf(longer) > width) {
      lines.push(line);
      line = cell;
    } else line = longer;
  }
  const whole = line === '' ? lines : [...lines, line];
  return whole.flatMap((one) => wrap(one, width, { first: margin, rest: margin }));
}
