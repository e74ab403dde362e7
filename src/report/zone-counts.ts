import { VERDICTS, type Verdict } from '../model/verdict.ts';
import { removedEntries } from './removed-entries.ts';
import type { Report } from './report-schema.ts';

type Change = Report['changes'][number];

/** How many entries a zone has, and how many of them by verdict. */
export interface ZoneCounts {
  readonly entries: number;
  readonly verdicts: Readonly<Record<Verdict, number>>;
  /** Whether the run has changed any of it. */
  readonly isChanged: boolean;
}

/**
 * The zone as a run has left it: as it was read, without what was removed since, by the run or before it by another
 * writer, and with what was written. A record is
 * written for what was found healthy, so it counts as live.
 */
export function zoneCounts(report: Report): ZoneCounts {
  const { summary } = report;
  const made = report.changes.filter(isMade);
  const added = made.reduce((sum, change) => sum + signedValues(change), 0);
  const removed = removedEntries(report).filter(({ deletion }) => isMade(deletion));
  const verdicts = Object.fromEntries(VERDICTS.map((verdict) => [verdict, summary[verdict]])) as Record<
    Verdict,
    number
  >;
  for (const { entry } of removed) verdicts[entry.verdict] -= 1;
  verdicts.live += added + removed.length;
  return { entries: summary.entries + added, verdicts, isChanged: made.length > 0 };
}

function isMade({ status }: Change): boolean {
  return status === 'applied' || status === 'already-done';
}

/** A set that is put in another's place is a DELETE and a CREATE: what stays of it adds up to nothing. */
function signedValues({ action, recordSet }: Change): number {
  const values = recordSet.ResourceRecords?.length ?? 0;
  return action === 'CREATE' ? values : -values;
}
