import { printable } from '../model/printable.ts';

/** A comment on GitHub holds so much; bytes are counted, which are never fewer than characters. */
export const MAX_COMMENT_BYTES = 65_536;

/** Longer cells are cut: a row has to fit. */
const MAX_CELL = 300;

/** A part of a document that is folded until it is asked for. */
export interface FoldedTable {
  /** The program's own words. */
  readonly title: string;
  readonly columns: readonly string[];
  /** Cells are Markdown by now. */
  readonly rows: readonly (readonly string[])[];
}

/**
 * Text from outside as code: GitHub makes neither markup nor links, mentions or references of it. What would end the
 * code, or the cell of a table, becomes a visible escape, as control characters do; nothing stays nothing.
 */
export function code(text: string): string {
  const safe = printable(text).replace(/[`|]/g, (mark) => `\\u00${mark.charCodeAt(0).toString(16)}`);
  const characters = Array.from(safe);
  const shown = characters.length > MAX_CELL ? `${characters.slice(0, MAX_CELL - 1).join('')}…` : safe;
  return shown.trim() === '' ? '' : `\`${shown}\``;
}

/**
 * Head, tables and foot as one document that fits into a comment: tables are filled in their order, cut after whole
 * rows, and say how many are missing.
 */
export function fittingDocument(
  {
    head,
    tables,
    foot,
  }: { readonly head: string; readonly tables: readonly FoldedTable[]; readonly foot: string },
  maxBytes = MAX_COMMENT_BYTES,
): string {
  const frames = tables.map((one) => framed(one, [''], one.rows.length));
  const fixed = [head, ...frames, foot].reduce((sum, part) => sum + bytesOf(part) + SEPARATOR.length, 0);
  let left = maxBytes - fixed;
  const parts = tables.map((one) => {
    const lines: string[] = [];
    for (const row of one.rows.map(rowLine)) {
      const size = bytesOf(row) + 1;
      if (left < size) break;
      left -= size;
      lines.push(row);
    }
    return framed(one, lines, one.rows.length - lines.length);
  });
  return `${[head, ...parts, foot].join(SEPARATOR)}\n`;
}

const SEPARATOR = '\n\n';

function framed({ title, columns }: FoldedTable, lines: readonly string[], missing: number): string {
  const table = lines.length === 0 ? [] : [tableHead(columns), ...lines, ''];
  const more = missing === 0 ? [] : [`${missing} more are not shown: a comment holds no more.`, ''];
  return ['<details>', `<summary>${title}</summary>`, '', ...table, ...more, '</details>'].join('\n');
}

/** A table of Markdown with its rows. */
export function markdownTable(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  return [tableHead(columns), ...rows.map(rowLine)].join('\n');
}

function tableHead(columns: readonly string[]): string {
  return `${rowLine(columns)}\n${rowLine(columns.map(() => '---'))}`;
}

function rowLine(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function bytesOf(text: string): number {
  return Buffer.byteLength(text);
}
