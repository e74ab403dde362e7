import type { JournalLocation } from '../model/journal-location.ts';

/** A path has a separator in it, so that a slip such as `off` or `stdout` makes no directory. */
export const JOURNAL_PATTERN = /^(?:none|stderr|[ -~\u00a0-\uffff]*[/\\][ -~\u00a0-\uffff]*)$/;

/** Reads `none`, `stderr` or the path of a directory; `undefined` for what cannot be a path. */
export function parseJournalLocation(text: string): JournalLocation | undefined {
  if (!JOURNAL_PATTERN.test(text)) return undefined;
  if (text === 'none' || text === 'stderr') return { kind: text };
  return { kind: 'directory', path: text };
}
