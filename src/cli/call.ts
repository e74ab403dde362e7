import { systemClock } from '../aws/system-clock.ts';
import type { SettingsAlternative } from '../config/compare-settings.ts';
import type { Settings } from '../config/settings.ts';
import { createJournal } from '../journal/create-journal.ts';
import type { Progress } from '../run/run.ts';
import { createWorker, type Worker } from '../worker.ts';
import { inform, progressBar, type Terminal } from './terminal.ts';

/** The flags of all commands that are no settings, as they were written; a command has some of them. */
export interface Flags {
  readonly config?: string;
  readonly all?: boolean;
  readonly force?: boolean;
  readonly detailedExitcode?: boolean;
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  readonly readOnly?: boolean;
  readonly account?: string;
  readonly cron?: string;
  readonly listen?: string;
  readonly grace?: string;
}

/** One call of a command; what it names is read once it is asked for. */
export interface Call {
  /** The argument of a command that has one. */
  readonly subject: string;
  readonly flags: Flags;
  /** The zone of this id counts where no source names one. */
  readonly settings: (zoneId?: string) => Settings;
  readonly alternative: () => SettingsAlternative;
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
}

/** A worker whose journal says on stderr where it is before anything is changed. */
export function openWorker(settings: Settings, terminal: Terminal): Worker {
  const { env, stderr } = terminal;
  const opened = (path: string) =>
    inform(`what is removed is written to ${path}; ecs-dns restore puts it back`, terminal);
  const journal = (report: (detail: string) => void) =>
    createJournal(settings.journal, { env, stderr, clock: systemClock, report, opened });
  return createWorker(settings, { journal });
}

/** How the work for a call is told, and broken off. */
interface Conduct {
  /** Takes the progress bar away, for a question. */
  readonly stop: () => void;
  readonly progress: (progress: Progress) => void;
  readonly signal: AbortSignal;
}

/** What a worker does for one call, under a progress bar. */
export async function withWorker<T>(
  settings: Settings,
  { terminal, signal }: Call,
  work: (worker: Worker, conduct: Conduct) => Promise<T>,
): Promise<T> {
  const bar = progressBar(terminal);
  const worker = openWorker(settings, terminal);
  return work(worker, { stop: bar.stop, progress: bar.show, signal }).finally(() => {
    bar.stop();
    worker.close();
  });
}
