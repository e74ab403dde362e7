import { type ChangeGroup, takenSets } from '../model/change.ts';
import type { Clock } from '../model/clock.ts';
import { removalsOf } from '../model/removal.ts';
import type { Zone } from '../model/zone.ts';
import type { Journal } from './journal.ts';
import { encodeOutcome, encodeRemoval } from './journal-line.ts';

/** Where the lines of one run go. */
export interface JournalSink {
  /** Resolves once the lines would survive a crash of the process; throws when they cannot be written. */
  append(text: string, zone: Zone, runId: string | undefined): Promise<void>;
}

/** A journal of lines; `explain` makes the error of a run that could not write, `report` tells of what came too late. */
export function lineJournal(
  sink: JournalSink,
  clock: Pick<Clock, 'now'>,
  failed: { readonly explain: (error: unknown) => Error; readonly report: (error: unknown) => void },
): Journal {
  let written:
    | { readonly zone: Zone; readonly groups: readonly ChangeGroup[]; readonly runId: string | undefined }
    | undefined;
  const append = async (lines: readonly string[], zone: Zone, runId: string | undefined) => {
    if (lines.length > 0) await sink.append(`${lines.join('\n')}\n`, zone, runId);
  };
  return {
    async write(zone, groups, runId) {
      const removals = removalsOf(zone, groups, clock.now());
      const lines = removals.map((removal) => encodeRemoval(removal, runId));
      await append(lines, zone, runId).catch((error) => {
        throw failed.explain(error);
      });
      written = { zone, groups, runId };
    },
    async settle(outcomes) {
      if (written === undefined) return;
      const { zone, groups, runId } = written;
      const lines = groups.flatMap((group) => {
        const outcome = outcomes.get(group.key);
        if (outcome === undefined) return [];
        return takenSets(group).map(({ recordSet }) =>
          encodeOutcome(zone, recordSet, outcome, clock.now(), runId),
        );
      });
      await append(lines, zone, runId).catch(failed.report);
    },
  };
}
