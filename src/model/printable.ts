/**
 * Text from outside, safe to show on a terminal: control and format characters, line ends of every kind and
 * halves of characters, which could move the cursor, turn the reading direction or hide what is removed, become
 * visible escapes. They are JSON's, so that JSON means the same afterwards.
 */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, escapeUnits);
}

/** The same for a text of several lines, each of which stays one. */
export function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n');
}

function escapeUnits(character: string): string {
  return Array.from({ length: character.length }, (_, i) => {
    return `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`;
  }).join('');
}
