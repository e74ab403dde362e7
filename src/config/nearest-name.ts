import { distance } from 'fastest-levenshtein';

const NO_REACH = Number.POSITIVE_INFINITY;

/** A name that exists, with its last word: the section is often left out. */
export interface KnownName {
  readonly name: string;
  readonly lastWord: string;
}

/**
 * The known names that were most likely meant, all that are equally near; none where more than a third of the
 * letters differ. Case and separators do not count. `written` is compared with whole names, `lastWord` with last
 * words.
 */
export function nearestNames(
  written: string,
  lastWord: string,
  known: readonly KnownName[],
): readonly string[] {
  const candidates = known.map((candidate) => {
    const edits = Math.min(
      editsWithinReach(written, candidate.name),
      // Half an edit more, so that a match of the whole name goes first.
      editsWithinReach(lastWord, candidate.lastWord) + 0.5,
    );
    return { name: candidate.name, edits };
  });
  const least = candidates.reduce((edits, candidate) => Math.min(edits, candidate.edits), NO_REACH);
  return candidates.filter(({ edits }) => edits === least && edits < NO_REACH).map(({ name }) => name);
}

function editsWithinReach(written: string, known: string): number {
  const target = fold(known);
  const edits = distance(fold(written), target);
  return edits <= Math.max(1, Math.floor(target.length / 3)) ? edits : NO_REACH;
}

function fold(name: string): string {
  return name.toLowerCase().replace(/[._-]/g, '');
}
