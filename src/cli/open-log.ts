import type { Settings } from '../config/settings.ts';
import { defaultDirectory } from '../journal/create-journal.ts';
import type { Log } from '../log/log.ts';
import { processLog } from '../log/process-log.ts';
import { type Manner, type Terminal, wantsColor } from './terminal.ts';

/** A log on stderr. */
export function openLog(settings: Settings['log'], terminal: Terminal): Log {
  return processLog(terminal.stderr, { ...settings, color: wantsColor(terminal.stderr, terminal) });
}

/** The log of a command that works on a zone, whose records say which. */
export function openZoneLog({ log, zone }: Pick<Settings, 'log' | 'zone'>, terminal: Terminal): Log {
  return openLog(log, terminal).about({ zone: zone.kind === 'id' ? zone.id : zone.name });
}

/** How a command of one go tells what it has to tell: as JSON in records, else in short lines. */
export function mannerOf(settings: Pick<Settings, 'log' | 'zone'>, terminal: Terminal): Manner {
  const { format, level } = settings.log;
  return {
    isTalkative: level === 'debug' || level === 'info',
    log: format === 'json' ? openZoneLog(settings, terminal) : undefined,
  };
}

/** Where what is removed is written down, as the setting has it. */
export function placeOfJournal({ journal }: Pick<Settings, 'journal'>, { env }: Terminal): string {
  switch (journal.kind) {
    case 'default':
      return defaultDirectory(env) ?? 'nowhere';
    case 'directory':
      return journal.path;
    case 'stderr':
    case 'none':
      return journal.kind;
  }
}
