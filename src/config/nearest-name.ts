import { distance } from 'fastest-levenshtein';

const NO_REACH = Number.POSITIVE_INFINITY;

/**
 * The known names that were most likely meant, all that are equally near; none where more than a third of the
 * letters differ. Case and separators do not count. Each known name has its last word with it, because the
 * section is often left out: `written` is compared with whole names, `lastWord` with last words. At least `slips`
 * letters may differ.
 */
export function nearestNames(
  written: string,
  known: ReadonlyMap<string, string>,
  { lastWord = written, slips = 1 }: { readonly lastWord?: string | undefined; readonly slips?: number } = {},
): readonly string[] {
  const candidates = [...known].map(([name, last]) => {
    // Half an edit more, so that a match of the whole name goes first.
    const edits = Math.min(
      editsWithinReach(written, name, slips),
      editsWithinReach(lastWord, last, slips) + 0.5,
    );
    return { name, edits };
  });
  const least = candidates.reduce((fewest, { edits }) => Math.min(fewest, edits), NO_REACH);
  return candidates.filter(({ edits }) => edits === least && edits < NO_REACH).map(({ name }) => name);
}

function editsWithinReach(written: string, known: string, slips: number): number {
  const target = fold(known);
  const edits = distance(fold(written), target);
  return edits <= Math.max(Math.min(slips, target.length - 2), Math.floor(target.length / 3))
    ? edits
    : NO_REACH;
}

function fold(name: string): string {
  return name.toLowerCase().replace(/[._-]/g, '');
}
