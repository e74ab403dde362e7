import { stripVTControlCharacters } from 'node:util';
import stringWidth from 'string-width';

/** How many columns a text takes on a terminal: wide characters take two, colour codes none. */
export function widthOf(text: string): number {
  return stringWidth(text);
}

/** What stands before the first line, and before the lines after it. */
export interface Margins {
  readonly first: string;
  readonly rest: string;
}

const NO_MARGINS: Margins = { first: '', rest: '' };

/** Blanks at which a text may be broken: between a number and its per cent sign it is not. */
const BREAKS = /(?<!\d) | (?!%)/;

/**
 * A text in lines of at most `width` columns, broken between words. A word that is longer than a line has one to
 * itself. Without a width, and where all of it fits, it stays on its one line.
 */
export function wrap(text: string, width: number | undefined, margins = NO_MARGINS): readonly string[] {
  const { first, rest } = margins;
  const whole = `${first}${text}`;
  if (width === undefined || widthOf(whole) <= width) return [withoutBlanks(whole)];
  const lines: string[] = [];
  let line = first;
  let isEmpty = stripVTControlCharacters(first).trim() === '';
  // A margin ends with its own blanks, be it within a colour.
  let gap = '';
  for (const word of text.split(BREAKS).filter((one) => one !== '')) {
    const longer = `${line}${gap}${word}`;
    gap = ' ';
    if (isEmpty || widthOf(longer) <= width) line = longer;
    else {
      lines.push(withoutBlanks(line));
      line = `${rest}${word}`;
    }
    isEmpty = false;
  }
  return [...lines, withoutBlanks(line)];
}

/** Without the blanks at its end, and with every other white space: that may be part of a name. */
export function withoutBlanks(line: string): string {
  return line.replace(/ +$/, '');
}
