import type { Log } from '../log/log.ts';
import { alreadyDoneIn, contextOf, logChanges, logStop } from '../log/run-records.ts';
import type { Clock } from '../model/clock.ts';
import type { FollowEvent } from '../watch/follow-events.ts';
import { detailOf } from './run-teller.ts';

/** So long an error that comes again and again is told once. */
const SAME_ERROR_MS = 300_000;

/** Tells the log what came of events: a look that changed something is one record, and one for each change. */
export function eventsTeller(log: Log, clock: Pick<Clock, 'now'>): (event: FollowEvent) => void {
  let told = { detail: '', at: Number.NEGATIVE_INFINITY };
  return (event) => {
    if (event.kind === 'failed') {
      const [detail, at] = [detailOf(event.error), clock.now()];
      const isAgain = detail === told.detail && at < told.at + SAME_ERROR_MS;
      if (!isAgain) told = { detail, at };
      log.write('events failed', { detail }, isAgain ? 'debug' : 'error');
      return;
    }
    const { record, failure, durationMs, messages, ignored, scopes } = event;
    const { runs, waiting, calls } = record;
    const changed = runs.filter(({ report }) => report.changes.length + report.stopped.length > 0);
    const [first] = changed;
    const fields = {
      events: messages,
      ignored,
      scopes: scopes.length,
      runs: runs.length,
      alreadyDone: alreadyDoneIn(runs),
      durationMs,
      ...calls,
    };
    const about = first === undefined ? log : log.about({ ...contextOf(first), runId: undefined });
    about.write('events', { ...fields, waiting: waiting.length }, first === undefined ? 'debug' : 'info');
    for (const run of changed) {
      const its = log.about(contextOf(run));
      logChanges(its, run.result);
      for (const stop of run.report.stopped) logStop(its, stop);
    }
    if (failure !== undefined) log.write('events failed', { detail: failure.detail });
  };
}
