import { systemClock } from '../aws/system-clock.ts';
import type { SettingsAlternative } from '../config/compare-settings.ts';
import type { DecidingSettings } from '../config/deciding-settings.ts';
import type { Settings } from '../config/settings.ts';
import { createJournal } from '../journal/create-journal.ts';
import type { Log } from '../log/log.ts';
import type { RunError } from '../model/run-error.ts';
import type { SettingInForce } from '../model/setting-in-force.ts';
import { plural } from '../report/sections.ts';
import { inTime, type TimedConduct } from '../run/in-time.ts';
import type { Progress } from '../run/run.ts';
import { createWorker, type Worker, type WorkerOptions } from '../worker.ts';
import { complain, inform, progressBar, type Terminal } from './terminal.ts';

/** The flags of all commands that are no settings, as they were written; a command has some of them. */
export interface Flags {
  readonly config?: string;
  readonly all?: boolean;
  readonly only?: string;
  readonly name?: string;
  readonly force?: boolean;
  readonly detailedExitcode?: boolean;
  readonly expectNoChanges?: boolean;
  readonly out?: string;
  readonly plan?: string;
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  readonly readOnly?: boolean;
  readonly account?: string;
  readonly agent?: boolean;
  readonly cron?: string;
  readonly listen?: string;
  readonly grace?: string;
  readonly sync?: boolean;
  readonly remove?: boolean;
  readonly serve?: boolean;
  readonly churn?: string;
  readonly predecessor?: string;
  readonly seed?: string;
  readonly clusters?: string;
  readonly instances?: string;
  readonly tasks?: string;
  readonly policy?: string;
  readonly port?: string;
  readonly dns?: string;
  readonly examples?: boolean;
  readonly withoutWorker?: boolean;
  readonly quotas?: string;
  readonly latencyMs?: string;
  readonly quiet?: boolean;
  readonly logFormat?: string;
  readonly logLevel?: string;
}

/** One call of a command; what it names is read once it is asked for. */
export interface Call {
  /** The argument of a command that has one. */
  readonly subject: string;
  readonly flags: Flags;
  /** The zone of this id counts where no source names one. */
  readonly settings: (zoneId?: string) => Settings;
  readonly alternative: () => SettingsAlternative;
  /** Those that decide about a plan, without secrets. */
  readonly deciding: () => DecidingSettings;
  /** All settings for people to see, once `settings` has found nothing wrong with them. */
  readonly settingsInForce: () => readonly SettingInForce[];
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
}

/**
 * A worker whose journal says where it is before anything is changed: to the log, if there is one. `clear` takes away what
 * stands where that is printed.
 */
export function openWorker(
  settings: Settings,
  terminal: Terminal,
  options: Omit<WorkerOptions, 'journal'> = {},
  log?: Log,
  clear = () => {},
): Worker {
  const { env, stderr } = terminal;
  const opened = (path: string, runId: string | undefined) => {
    clear();
    if (log !== undefined) log.about({ runId }).write('journal', { path });
    else inform(`what is removed is written to ${path}; ecs-dns restore puts it back`, terminal);
  };
  const journal = (report: (detail: string) => void) =>
    createJournal(settings.journal, { env, stderr, clock: systemClock, report, opened });
  return createWorker(settings, { ...options, journal });
}

/** How the work for a call is told, and broken off. */
interface Conduct extends Pick<TimedConduct, 'signal' | 'deadline' | 'onStep'> {
  readonly progress: (progress: Progress) => void;
}

/** What the command does around the work. */
interface Attendance extends Pick<TimedConduct, 'timedOut'> {
  /** Asks an operator, with the progress bar away, and the time of the command standing still. */
  readonly asking: <T>(ask: () => Promise<T>) => Promise<T>;
}

/** What a worker does for one call, in the time that the settings give it, under a progress bar. */
export async function withWorker<T>(
  settings: Settings,
  { terminal, signal: outer }: Call,
  work: (worker: Worker, conduct: Conduct, attendance: Attendance) => Promise<T>,
): Promise<T> {
  const bar = progressBar(terminal);
  const worker = openWorker(settings, terminal, {}, undefined, bar.stop);
  const bounds = { clock: systemClock, timeoutMs: settings.timeoutMs, signal: outer };
  const begin = (timed: TimedConduct) => {
    const { signal, onStep, untimed, timedOut } = timed;
    const conduct: Conduct = {
      progress: bar.show,
      signal,
      onStep,
      get deadline() {
        return timed.deadline;
      },
    };
    const asking: Attendance['asking'] = (ask) => {
      bar.stop();
      return untimed(ask);
    };
    return work(worker, conduct, { asking, timedOut });
  };
  return inTime(bounds, begin).finally(() => {
    bar.stop();
    worker.close();
  });
}

/** Tells of changes that a command had no time for; false where it had time for all. */
export function isCutShort(timedOut: RunError | undefined, unsent: number, terminal: Terminal): boolean {
  if (timedOut === undefined || unsent === 0) return false;
  complain(`${timedOut.message} (not sent: ${plural(unsent, 'change', 'changes')})`, terminal);
  return true;
}
