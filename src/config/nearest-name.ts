import { distance } from 'fastest-levenshtein';

/** A name that exists, with its last word: people often leave the section out. */
export interface KnownName {
  readonly name: string;
  readonly lastWord: string;
}

/**
 * The known name that was most likely meant, if any is near: at most a third of its letters differ.
 * Case and separators do not count. `written` is compared with whole names, `lastWord` with last words.
 */
export function nearestName(
  written: string,
  lastWord: string,
  known: readonly KnownName[],
): string | undefined {
  let nearest: { readonly name: string; readonly edits: number } | undefined;
  for (const candidate of known) {
    const edits = Math.min(
      editsWithinReach(written, candidate.name),
      // Half an edit more, so that a match of the whole name goes first.
      editsWithinReach(lastWord, candidate.lastWord) + 0.5,
    );
    if (edits < (nearest?.edits ?? Number.POSITIVE_INFINITY)) nearest = { name: candidate.name, edits };
  }
  return nearest?.name;
}

function editsWithinReach(written: string, known: string): number {
  const target = fold(known);
  const edits = distance(fold(written), target);
  return edits <= Math.max(1, Math.floor(target.length / 3)) ? edits : Number.POSITIVE_INFINITY;
}

function fold(name: string): string {
  return name.toLowerCase().replace(/[._-]/g, '');
}
