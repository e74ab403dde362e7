import { createColors } from 'picocolors';
import { printable } from '../model/printable.ts';
import type { Fields } from './fit-fields.ts';
import { LOG_RECORDS, type LogMessage } from './log-records.ts';
import { RECORD_TEXTS } from './record-texts.ts';

export interface TextStyle {
  readonly color: boolean;
  /** The time of the day in place of the whole time. */
  readonly isShort: boolean;
  /** Where lines are wrapped, with what follows under what it belongs to; nowhere unless given. */
  readonly columns?: number | undefined;
}

/** What tells one run from another, and is read out. */
const SHORT_ID = 8;
/** A terminal narrower than this is not worth a margin. */
const LEAST_WIDTH = 30;

/** A record for people: time, level, run and what happened, in line with the records around it. */
export function textLine(record: Fields, { color, isShort, columns }: TextStyle): string {
  const colors = createColors(color);
  const paint = { WARN: colors.yellow, ERROR: colors.red, DEBUG: colors.dim }[textOf(record['level'])];
  const message = textOf(record['message']);
  const time = textOf(record['timestamp']);
  const shown = isShort ? time.slice(11, 19) : `${time.slice(0, 19)}Z`;
  const level = textOf(record['level']).padEnd(5);
  const runId = textOf(record['runId']).slice(0, SHORT_ID).padEnd(SHORT_ID);
  const margin = [shown, level, runId].join(' ').length + 1;
  const told = printable(`${message} ${describe(message, record)}`.trim());
  const [first = '', ...others] = wrap(told, (columns ?? Number.POSITIVE_INFINITY) - margin);
  const body = first.startsWith(message) ? colors.bold(message) + first.slice(message.length) : first;
  const head = [colors.dim(shown), paint?.(level) ?? level, colors.dim(printable(runId)), body].join(' ');
  return [head, ...others.map((line) => `${' '.repeat(margin)}${line}`)].join('\n').trimEnd();
}

function describe(message: string, record: Fields): string {
  return Object.hasOwn(LOG_RECORDS, message) ? RECORD_TEXTS[message as LogMessage](record) : '';
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** Lines of at most so many characters, but for a word that is longer. */
function wrap(text: string, width: number): readonly string[] {
  if (width < LEAST_WIDTH || text.length <= width) return [text];
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
