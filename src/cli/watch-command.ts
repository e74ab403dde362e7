import process from 'node:process';
import { systemClock } from '../aws/system-clock.ts';
import type { Settings } from '../config/settings.ts';
import type { Log } from '../log/log.ts';
import { formatDuration, MAX_DURATION_MS, parseDurationWithin } from '../model/duration.ts';
import { printable } from '../model/printable.ts';
import { RunError } from '../model/run-error.ts';
import type { RunEnd } from '../watch/conduct-run.ts';
import { type FollowEvent, followEvents } from '../watch/follow-events.ts';
import { headStart } from '../watch/head-start.ts';
import { keepLiveness } from '../watch/liveness.ts';
import { cronSchedule, everySchedule } from '../watch/schedule.ts';
import { runWatch } from '../watch/watch.ts';
import type { WatchEvent } from '../watch/watch-event.ts';
import type { RunRecord, Worker } from '../worker.ts';
import { type Call, openWorker } from './call.ts';
import { eventsTeller } from './events-teller.ts';
import { EXIT } from './exit-codes.ts';
import { openZoneLog, placeOfJournal } from './open-log.ts';
import { runTeller } from './run-teller.ts';
import { aboutOf, originOf, startStatus } from './serve-status.ts';
import type { Terminal } from './terminal.ts';

/** `ecs-dns watch`: applies on a schedule until the signal; resolves with 0 once the last run is over. */
export async function watchCommand(call: Call): Promise<number> {
  const { flags, settings: load, terminal, signal: stop } = call;
  const settings = load();
  const { cron, listen, grace = '' } = flags;
  const schedule = cron === undefined ? everySchedule(settings.everyMs) : cronSchedule(cron);
  const graceMs = readGrace(grace);
  const liveness = keepLiveness();
  const log = openZoneLog(settings, terminal);
  const print = reportPrinter(settings, terminal);
  const tell = runTeller(log, { uneventful: 'info', isTerse: false });
  const worker = openWorker(settings, terminal, {}, log);
  const first = schedule.first(systemClock.now());
  const origin = originOf(settings, worker, schedule.next(first, first) - first);
  const about = aboutOf(call, settings, 'watch', schedule.description);
  const { server, observers, observeEvents, scheduled } = await startStatus(listen, {
    stop,
    liveness,
    origin,
    about,
    worker,
  }).catch((error: unknown) => {
    worker.close();
    throw error;
  });
  const unbind = onStop(stop, graceMs, log);
  try {
    log.write('watching', {
      schedule: schedule.description,
      port: server?.port,
      events: settings.events,
      journal: placeOfJournal(settings, terminal),
    });
    // What has happened until then the first run finds; by cron there is none at the start.
    const firstRun = headStart(systemClock);
    if (cron !== undefined) firstRun.end();
    const tellEvent = eventsTeller(log, systemClock);
    const observeLook = (event: FollowEvent) => {
      observeEvents(event);
      tellEvent(event);
      if (event.kind !== 'looked') return;
      for (const run of event.record.runs) if (run.report.changes.length > 0) print(run);
    };
    const following = firstRun.isOver.then(() => follow(settings, worker, stop, observeLook));
    await runWatch({
      worker,
      schedule,
      clock: systemClock,
      stop,
      graceMs,
      timeoutMs: settings.timeoutMs,
      liveness,
      scheduled,
      observe: (event) => {
        const run = runOf(event);
        if (run !== undefined) print(run);
        for (const observe of [tell, ...observers]) observe(event);
        firstRun.end();
      },
    });
    firstRun.end();
    await following;
  } finally {
    unbind();
    worker.close();
    await server?.close();
  }
  return EXIT.done;
}

export function readGrace(text: string): number {
  const graceMs = parseDurationWithin(text, { minMs: 0, maxMs: MAX_DURATION_MS });
  if (graceMs !== undefined) return graceMs;
  const longest = formatDuration(MAX_DURATION_MS);
  throw new RunError(
    'usage',
    `--grace: ${JSON.stringify(text)} is not valid; write a duration such as 0s, 30s or 2m, at most ${longest}`,
  );
}

/** Acts on events next to the runs that look at everything, where a queue gets some. */
async function follow(
  settings: Settings,
  worker: Pick<Worker, 'runScopes' | 'eventQueue'>,
  stop: AbortSignal,
  observe: (event: FollowEvent) => void,
): Promise<void> {
  if (settings.events === undefined || stop.aborted) return;
  const queue = await worker.eventQueue();
  await followEvents({ worker, queue, clock: systemClock, stop, observe });
}

/** Says what the first signal does, and lets a second one end the process at once. */
export function onStop(stop: AbortSignal, graceMs: number, log: Log): () => void {
  const exit = () => process.exit(EXIT.error);
  const listen = () => {
    log.write('stopping', { graceMs });
    process.on('SIGINT', exit).on('SIGTERM', exit);
  };
  stop.addEventListener('abort', listen, { once: true });
  return () => {
    stop.removeEventListener('abort', listen);
    process.off('SIGINT', exit).off('SIGTERM', exit);
  };
}

/** With JSON as output, the report of each run, a line each; the log tells people what happens. */
export function reportPrinter({ output }: Settings, { stdout }: Terminal): (run: RunRecord) => void {
  if (output === 'text') return () => {};
  return ({ report }) => void stdout.write(`${printable(JSON.stringify(report))}\n`);
}

/** The run that came to a report, if one did. */
export function runOf(event: WatchEvent | RunEnd): RunRecord | undefined {
  return event.kind === 'reported' || event.kind === 'stopped' ? event.run : undefined;
}
