import process from 'node:process';
import { systemClock } from '../aws/system-clock.ts';
import type { Settings } from '../config/settings.ts';
import { formatDuration, MAX_DURATION_MS, parseDurationWithin } from '../model/duration.ts';
import { printable } from '../model/printable.ts';
import { RunError } from '../model/run-error.ts';
import { renderText } from '../report/render-text.ts';
import { type FollowEvent, followEvents } from '../watch/follow-events.ts';
import { headStart } from '../watch/head-start.ts';
import { keepLiveness } from '../watch/liveness.ts';
import { cronSchedule, everySchedule, type Schedule } from '../watch/schedule.ts';
import type { StatusServer } from '../watch/status-server.ts';
import { runWatch } from '../watch/watch.ts';
import type { WatchEvent } from '../watch/watch-event.ts';
import type { RunRecord, Worker } from '../worker.ts';
import { type Call, openWorker } from './call.ts';
import { EXIT } from './exit-codes.ts';
import { aboutOf, originOf, startStatus, zoneWord } from './serve-status.ts';
import { complain, inform, messagesOf, type Terminal, textOptions } from './terminal.ts';

/** `ecs-dns watch`: applies on a schedule until the signal; resolves with 0 once the last run is over. */
export async function watchCommand(call: Call): Promise<number> {
  const { flags, settings: load, terminal, signal: stop } = call;
  const settings = load();
  const { cron, listen, grace = '' } = flags;
  const schedule = cron === undefined ? everySchedule(settings.everyMs) : cronSchedule(cron);
  const graceMs = readGrace(grace);
  const liveness = keepLiveness();
  const print = printer(settings, terminal);
  const worker = openWorker(settings, terminal);
  const first = schedule.first(systemClock.now());
  const origin = originOf(settings, worker, schedule.next(first, first) - first);
  const about = aboutOf(call, settings, 'watch', schedule.description);
  const { server, observers, observeEvents, scheduled } = await startStatus(listen, {
    stop,
    liveness,
    origin,
    about,
  }).catch((error: unknown) => {
    worker.close();
    throw error;
  });
  const unbind = onStop(stop, graceMs, terminal);
  try {
    introduce(settings, schedule, server, terminal);
    // What has happened until then the first run finds; by cron there is none at the start.
    const firstRun = headStart(systemClock);
    if (cron !== undefined) firstRun.end();
    const following = firstRun.isOver.then(() => follow(settings, worker, stop, terminal, observeEvents));
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
        for (const observe of [print, ...observers]) observe(event);
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

type Observer = (event: WatchEvent) => void;

export function readGrace(text: string): number {
  const graceMs = parseDurationWithin(text, { minMs: 0, maxMs: MAX_DURATION_MS });
  if (graceMs !== undefined) return graceMs;
  const longest = formatDuration(MAX_DURATION_MS);
  throw new RunError(
    'usage',
    `--grace: ${JSON.stringify(text)} is not valid; write a duration such as 0s, 30s or 2m, at most ${longest}`,
  );
}

function introduce(
  { zone }: Settings,
  { description }: Schedule,
  server: StatusServer | undefined,
  terminal: Terminal,
): void {
  const place = server === undefined ? '' : `; status, metrics, healthz and readyz at port ${server.port}`;
  inform(`watching ${zoneWord(zone)} ${description}${place}`, terminal);
}

/** Acts on events next to the runs that look at everything, where a queue gets some. */
async function follow(
  settings: Settings,
  worker: Pick<Worker, 'runScopes' | 'eventQueue'>,
  stop: AbortSignal,
  terminal: Terminal,
  keep: (event: FollowEvent) => void,
): Promise<void> {
  if (settings.events === undefined || stop.aborted) return;
  inform(`acting on events from ${settings.events}`, terminal);
  const queue = await worker.eventQueue();
  const print = eventPrinter(settings, terminal);
  const observe = (event: FollowEvent) => {
    keep(event);
    print(event);
  };
  await followEvents({ worker, queue, clock: systemClock, stop, observe });
}

/** So long an error that comes again and again is told once. */
const SAME_ERROR_MS = 300_000;

function eventPrinter(settings: Settings, terminal: Terminal): (event: FollowEvent) => void {
  let told = { text: '', at: Number.NEGATIVE_INFINITY };
  return (event) => {
    if (event.kind === 'failed') {
      const messages = messagesOf(event.error).map((message) => `events: ${message}`);
      const [text, at] = [messages.join('\n'), systemClock.now()];
      if (text === told.text && at < told.at + SAME_ERROR_MS) return;
      told = { text, at };
      complain(messages, terminal);
      return;
    }
    const { record, failure, durationMs } = event;
    const changed = record.runs.filter(({ report }) => report.changes.length > 0);
    if (settings.output === 'json') for (const run of changed) printReport(run, settings, terminal);
    else if (changed.length > 0) terminal.stdout.write(`${describeLook(changed, event, durationMs)}\n`);
    if (failure !== undefined) complain(`events: ${failure.detail}`, terminal);
  };
}

/** One line for people: what was registered and removed, and how long that took. */
function describeLook(
  changed: readonly RunRecord[],
  { messages, record: { waiting, calls } }: Extract<FollowEvent, { kind: 'looked' }>,
  durationMs: number,
): string {
  const changes = changed.flatMap(({ report }) => report.changes);
  const applied = changes.filter(({ status }) => status === 'applied');
  const removed = applied.filter(({ kind }) => kind === 'removal').length;
  const names = [...new Set(changes.map(({ recordSet }) => recordSet.Name))].join(', ');
  const sent = Object.values(calls.awsCalls).reduce((sum, count) => sum + count, 0);
  const counts = [
    [applied.length - removed, 'written'],
    [removed, 'removed'],
    [changes.filter(({ status }) => status === 'conflict').length, 'in conflict'],
    [changes.filter(({ status }) => status === 'failed').length, 'failed'],
    [waiting.length, 'still starting'],
  ] as const;
  const told = counts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  const from = counted(messages, 'event');
  return printable(
    `${new Date().toISOString()} ${from}: ${told.join(', ') || 'nothing changed'}: ${names} (${durationMs} ms, ${sent} AWS calls)`,
  );
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** Says what the first signal does, and lets a second one end the process at once. */
export function onStop(stop: AbortSignal, graceMs: number, terminal: Terminal): () => void {
  const exit = () => process.exit(EXIT.error);
  const listen = () => {
    const grace = formatDuration(graceMs);
    inform(`stopping; a run under way has ${grace}, a second signal ends it at once`, terminal);
    process.on('SIGINT', exit).on('SIGTERM', exit);
  };
  stop.addEventListener('abort', listen, { once: true });
  return () => {
    stop.removeEventListener('abort', listen);
    process.off('SIGINT', exit).off('SIGTERM', exit);
  };
}

function printer(settings: Settings, terminal: Terminal): Observer {
  return (event) => {
    switch (event.kind) {
      case 'reported':
        printReport(event.run, settings, terminal);
        if (event.warning !== undefined) complain(`run failed: ${event.warning}`, terminal);
        break;
      case 'failed':
        complain(
          messagesOf(event.error).map((message) => `run failed: ${message}`),
          terminal,
        );
        break;
      case 'stopped':
        if (event.run !== undefined) printReport(event.run, settings, terminal);
        complain('the run under way was stopped', terminal);
        break;
      case 'skipped':
        complain(`runs skipped because another one was under way: ${event.ticks}`, terminal);
    }
  };
}

/** One line in JSON; for people the report under the time of its run. */
function printReport({ report }: RunRecord, { output }: Settings, terminal: Terminal): void {
  const text =
    output === 'json'
      ? `${printable(JSON.stringify(report))}\n`
      : `${report.startedAt} ${renderText(report, textOptions(terminal.stdout, terminal))}\n`;
  terminal.stdout.write(text);
}
