import type { JournalLocation } from '../model/journal-location.ts';

/** Any path on one line; a directory that bears the name of one of the two words is `./none`. */
export const JOURNAL_PATTERN = /^[ -~\u00a0-\uffff]+$/;

/** Reads `none`, `stderr` or the path of a directory; `undefined` for what cannot be a path. */
export function parseJournalLocation(text: string): JournalLocation | undefined {
  if (!JOURNAL_PATTERN.test(text) || text.trim() === '') return undefined;
  if (text === 'none' || text === 'stderr') return { kind: text };
  return { kind: 'directory', path: text };
}
