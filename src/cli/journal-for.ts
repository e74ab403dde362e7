import { systemClock } from '../aws/system-clock.ts';
import type { Settings } from '../config/settings.ts';
import { createJournal } from '../journal/create-journal.ts';
import type { Journal } from '../journal/journal.ts';
import { inform, type Terminal } from './terminal.ts';

/** Makes the journal of each run of a command, which says on stderr where it is before anything is changed. */
export function journalFor(
  { journal }: Settings,
  terminal: Terminal,
): (report: (detail: string) => void) => Journal {
  const { env, stderr } = terminal;
  const opened = (path: string) =>
    inform(`what is removed is written to ${path}; ecs-dns restore puts it back`, terminal);
  return (report) => createJournal(journal, { env, stderr, clock: systemClock, report, opened });
}
