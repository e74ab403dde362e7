import type { Readiness } from './readiness.ts';

/** Whether a restart of the process would help. All times are epoch milliseconds. */
export interface Liveness {
  /** Begins a run that may take so long; what it returns ends it. */
  readonly begin: (startedAt: number, timeoutMs: number) => () => void;
  readonly read: (now: number) => Readiness;
}

/** Beyond its time a run needs up to 39 seconds to stop; after that nothing ends it but the end of the process. */
const SLACK_MS = 60_000;

/** Alive unless a run is stuck: one that was told to stop, and has neither ended nor done so. */
export function keepLiveness(): Liveness {
  const runs = new Set<{ readonly startedAt: number; readonly stuckFrom: number }>();
  return {
    begin: (startedAt, timeoutMs) => {
      const run = { startedAt, stuckFrom: startedAt + timeoutMs + SLACK_MS };
      runs.add(run);
      return () => void runs.delete(run);
    },
    read: (now) => {
      const stuck = [...runs].find(({ stuckFrom }) => now >= stuckFrom);
      if (stuck === undefined) return { ready: true };
      const since = new Date(stuck.startedAt).toISOString();
      return { ready: false, reason: `the run that began at ${since} is stuck` };
    },
  };
}
