import { RunError } from '../model/run-error.ts';
import type { WatchEvent } from './watch-event.ts';

/** Whether what the watch knows is good and recent, or one line that says why not. */
export type Readiness = { readonly ready: true } | { readonly ready: false; readonly reason: string };

/** Keeps what the last run was like; not ready until one was good. Texts of errors stay out: they may name accounts. */
export function keepReadiness() {
  let warning: string | undefined = 'no run has ended yet';
  let freshUntil = 0;
  return {
    observe: (event: WatchEvent) => {
      if (event.kind === 'skipped') return;
      warning = warningOf(event);
      if (event.kind === 'reported') freshUntil = event.freshUntil;
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
    case 'failed': {
      const code = event.error instanceof RunError ? event.error.code : 'unexpected';
      return `the last run failed (${code}); the log says why`;
    }
    case 'stopped':
      return 'the watch is over';
  }
}
