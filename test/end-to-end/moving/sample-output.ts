/** Stands in a sample for lines that it leaves out, and at the end of a line for the rest of it. */
const GAP = '…';

/** What no two runs have in common: times, durations, the ids of runs, and how many calls and messages it took. */
const OF_ITS_RUN: readonly (readonly [RegExp, string])[] = [
  [/ +/g, ' '],
  [/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, 'TIME'],
  [/^(TIME [A-Z]+) [0-9a-f]{8} /, '$1 RUN '],
  [/\b\d+ AWS calls? in [\d.]+m?s\b/g, 'CALLS'],
  [/\b\d+ messages?\b/g, 'MESSAGES'],
];

function comparable(line: string): string {
  return OF_ITS_RUN.reduce((text, [pattern, word]) => text.replace(pattern, word), line.trim());
}

/**
 * The first line of a sample that the output does not have in its place; `undefined` where it has all. Lines of a sample
 * stand right below one another in the output, unless there is a line `…` between them; one that ends with `…` is the
 * beginning of a line.
 */
export function missingLine(sample: readonly string[], output: string): string | undefined {
  const lines = output
    .split('\n')
    .map(comparable)
    .filter((line) => line !== '');
  const parts = sample.join('\n').split(new RegExp(`^ *${GAP}$`, 'm'));
  let from = 0;
  for (const part of parts.map((text) => text.split('\n').filter((line) => line.trim() !== ''))) {
    const wanted = part.map(comparable);
    const best = placeOf(wanted, lines, from);
    if (best.matching < wanted.length) return part[best.matching];
    from = best.start + wanted.length;
  }
  return undefined;
}

/** Where the most lines of a part stand one below the other, the first of such places. */
function placeOf(wanted: readonly string[], lines: readonly string[], from: number) {
  let best = { start: from, matching: 0 };
  for (let start = from; start <= lines.length; start++) {
    const end = wanted.findIndex((line, i) => !isSame(line, lines[start + i]));
    const matching = end === -1 ? wanted.length : end;
    if (matching > best.matching) best = { start, matching };
  }
  return best;
}

function isSame(wanted: string, line: string | undefined): boolean {
  return wanted.endsWith(GAP) ? (line?.startsWith(wanted.slice(0, -1)) ?? false) : line === wanted;
}
