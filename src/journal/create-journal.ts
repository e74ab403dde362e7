import { isAbsolute, join } from 'node:path';
import type { Writable } from 'node:stream';
import type { Clock } from '../model/clock.ts';
import type { JournalLocation } from '../model/journal-location.ts';
import { oneLine } from '../model/one-line.ts';
import { RunError } from '../model/run-error.ts';
import { fileSink } from './file-sink.ts';
import { type Journal, NO_JOURNAL } from './journal.ts';
import { type JournalSink, lineJournal } from './line-journal.ts';

export interface JournalContext {
  /** Names the default directory: `XDG_STATE_HOME`, or `HOME`. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stderr: Writable;
  readonly clock: Pick<Clock, 'now'>;
  /** Told in one line what could not be written once the changes were sent. */
  readonly report: (detail: string) => void;
  /** Told the path of the file that this run writes, once its first lines are on the disk. */
  readonly opened?: ((path: string, runId: string | undefined) => void) | undefined;
}

/**
 * The journal of one run, at the place that the settings name.
 *
 * @example
 * const context = { env: process.env, stderr: process.stderr, clock: systemClock, report: console.error };
 * const journal = createJournal({ kind: 'stderr' }, context);
 */
export function createJournal(location: JournalLocation, context: JournalContext): Journal {
  const { env, stderr, clock, opened = () => {} } = context;
  if (location.kind === 'none') return NO_JOURNAL;
  if (location.kind === 'stderr') return journalIn(streamSink(stderr), 'stderr', context);
  const path = location.kind === 'default' ? defaultDirectory(env) : location.path;
  return path === undefined ? HOMELESS : journalIn(fileSink(path, clock, opened), path, context);
}

/** Source: XDG Base Directory Specification; a path there that is not absolute does not count. */
export function defaultDirectory({ XDG_STATE_HOME, HOME }: JournalContext['env']): string | undefined {
  const states = [XDG_STATE_HOME, HOME && join(HOME, '.local', 'state')];
  const state = states.find((path) => path !== undefined && isAbsolute(path));
  return state && join(state, 'ecs-dns', 'journal');
}

const REMEDY =
  'set --journal, ECS_DNS_JOURNAL or journal in a config file to a directory that can be written, to stderr, or to none';

function journalIn(sink: JournalSink, place: string, { clock, report }: JournalContext): Journal {
  return lineJournal(sink, clock, {
    explain: (error) =>
      new RunError(
        'journal',
        `journal: ${place} cannot be written (${oneLine(error)}), and nothing is removed without it: ${REMEDY}`,
        error,
      ),
    report: (error) =>
      report(`journal: how the changes ended could not be added to ${place}: ${oneLine(error)}`),
  });
}

/** Fails only once there is something to write: a run that changes nothing needs no place. */
const HOMELESS: Journal = {
  ...NO_JOURNAL,
  write: async (_zone, groups) => {
    if (groups.length === 0) return;
    throw new RunError(
      'journal',
      `journal: there is no place for it, because neither XDG_STATE_HOME nor HOME is the path of a directory, and nothing is removed without it: ${REMEDY}`,
    );
  },
};

/** Writing to stderr is synchronous where it is a file, a terminal or a pipe: what was written has left the process. */
function streamSink(stream: Writable): JournalSink {
  return {
    append: (text) =>
      new Promise((resolve, reject) => {
        stream.write(text, (error) => (error ? reject(error) : resolve()));
      }),
  };
}
