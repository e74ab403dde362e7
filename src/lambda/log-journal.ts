import { type Journal, NO_JOURNAL } from '../journal/journal.ts';
import type { Log } from '../log/log.ts';
import type { JournalLocation } from '../model/journal-location.ts';
import { removalsOf } from '../model/removal.ts';
import { RunError } from '../model/run-error.ts';

/**
 * The journal of the function: a record for each removal, before it is sent. How it ended stands in the
 * records of the run. Throws a `RunError` for a place that the function does not have.
 */
export function logJournal(location: JournalLocation, log: Log): Journal {
  if (location.kind === 'none') return NO_JOURNAL;
  if (location.kind !== 'default') {
    const place = location.kind === 'directory' ? location.path : location.kind;
    throw new RunError(
      'journal',
      `ECS_DNS_JOURNAL: ${JSON.stringify(place)} is no place for a function, which writes to its log: leave it out, or set it to none`,
    );
  }
  return {
    ...NO_JOURNAL,
    write: async (zone, groups, runId) => {
      const about = log.about({ runId, zone: zone.id, zoneName: zone.name });
      // The log has the time.
      for (const { recordSet, replacedBy, reasons } of removalsOf(zone, groups, 0))
        about.write('removing', { recordSet, replacedBy, reasons });
    },
  };
}
