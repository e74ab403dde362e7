import { RunError } from '../model/run-error.ts';
import type { WatchEvent } from './watch-event.ts';

/** Whether what the watch knows is good and recent, or one line that says why not. */
export type Readiness = { readonly ready: true } | { readonly ready: false; readonly reason: string };

/** Not ready until a run was good; the texts of errors stay in the log, because they may name accounts. */
export function keepReadiness() {
  let warning: string | undefined = 'no run has ended yet';
  let freshUntil = 0;
  return {
    observe: (event: WatchEvent): void => {
      if (event.kind === 'skipped') return;
      if (event.kind === 'reported') freshUntil = event.freshUntil;
      warning = warningOf(event);
    },
    /** `now` in epoch milliseconds. */
    read: (now: number): Readiness => {
      if (warning !== undefined) return { ready: false, reason: warning };
      if (now < freshUntil) return { ready: true };
      return { ready: false, reason: 'the last run is too long ago' };
    },
  };
}

function warningOf(event: Exclude<WatchEvent, { kind: 'skipped' }>): string | undefined {
  switch (event.kind) {
    case 'reported':
      return event.warning === undefined ? undefined : 'the last run failed in part; its report says why';
    case 'failed':
      return `the last run failed (${event.error instanceof RunError ? event.error.code : 'unexpected'}); the log says why`;
    case 'stopped':
      return 'the watch is over';
  }
}
