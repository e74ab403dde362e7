import { SettingsError } from '../config/settings-error.ts';
import type { Log } from '../log/log.ts';
import { createNews } from '../log/log-news.ts';
import { oneLine } from '../model/one-line.ts';
import { RunError } from '../model/run-error.ts';
import { runFailure } from '../run/run.ts';
import type { WatchEvent } from '../watch/watch-event.ts';
import type { RunRecord } from '../worker.ts';

export interface TellerOptions {
  /** At which level a run is told that brings no news. */
  readonly uneventful: 'debug' | 'info';
  /** Whether the same failure again and again is told once: an outage is one line, however often is tried what it keeps from being done. */
  readonly isTerse: boolean;
}

/** Tells the log what happens in a watch, run by run. */
export function runTeller(log: Log, { uneventful, isTerse }: TellerOptions): (event: WatchEvent) => void {
  const tellNews = createNews(log);
  let lastFailure = '';
  const tellFailure = (code: string, detail: string) => {
    const isAgain = isTerse && detail === lastFailure;
    lastFailure = detail;
    log.write('run failed', { code, detail }, isAgain ? 'debug' : 'error');
  };
  const tellRun = (run: RunRecord, allowedMs: number | undefined, isPartial: boolean) =>
    tellNews(run, { allowedMs, isPartial, uneventful });
  return (event) => {
    switch (event.kind) {
      case 'reported': {
        tellRun(event.run, event.allowedMs, event.isPartial ?? false);
        const failure = runFailure(event.run.result);
        if (failure === undefined) lastFailure = '';
        else tellFailure(failure.code, failure.detail);
        break;
      }
      case 'failed':
        tellFailure(codeOf(event.error), detailOf(event.error));
        break;
      case 'stopped':
        if (event.run !== undefined) tellRun(event.run, undefined, true);
        log.write('run stopped', {});
        break;
      case 'skipped':
        log.write('runs skipped', { count: event.ticks });
    }
  };
}

function codeOf(error: unknown): string {
  return error instanceof RunError || error instanceof SettingsError ? error.code : 'unexpected';
}

/** What is said of an error: its message where it was foreseen. */
export function detailOf(error: unknown): string {
  return error instanceof RunError ? error.message : `unexpected error: ${oneLine(error)}`;
}
