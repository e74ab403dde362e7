import { getEventListeners } from 'node:events';
import { keepLiveness } from '../../src/watch/liveness.ts';
import type { Schedule } from '../../src/watch/schedule.ts';
import { everySchedule } from '../../src/watch/schedule.ts';
import { runWatch } from '../../src/watch/watch.ts';
import type { ReportedRun, WatchEvent } from '../../src/watch/watch-event.ts';
import type { RunRecord, RunRequest, Worker } from '../../src/worker.ts';
import { type Given, reportOf, runResult } from '../report/support.ts';
import { settle, type VirtualTime, virtualTime } from './virtual-time.ts';

/** A run as `apply` leaves it. */
export function runRecord(given: Given = {}, options: Parameters<typeof reportOf>[1] = {}): RunRecord {
  return { result: runResult(given), report: reportOf(given, { mode: 'apply', ...options }) };
}

/** A good run that a watch has seen. */
export function reported(fields: Partial<ReportedRun> = {}): Extract<WatchEvent, { kind: 'reported' }> {
  return {
    kind: 'reported',
    run: runRecord(),
    warning: undefined,
    sinceMs: 300_000,
    allowedMs: 300_000,
    finishedAt: 1_000_000,
    freshUntil: 2_000_000,
    ...fields,
  };
}

export const MINUTE = 60_000;

/** What stands for the worker: how long each run takes, and what it comes to. */
export interface WatchSetup {
  readonly schedule?: Schedule;
  readonly time?: VirtualTime;
  readonly graceMs?: number;
  readonly timeoutMs?: number;
  /** In milliseconds of the virtual time; such a run heeds its signal as a real one does. */
  readonly takes?: (run: number) => number;
  /** What a run waits for that heeds no signal. */
  readonly awaits?: (run: number) => Promise<unknown>;
  readonly makes?: (run: number) => RunRecord;
}

/** A watch on virtual time, every five minutes unless it is said otherwise. */
export function startWatch({
  schedule = everySchedule(5 * MINUTE),
  time = virtualTime(),
  graceMs = 30_000,
  timeoutMs = 10 * MINUTE,
  takes = () => 0,
  awaits = () => Promise.resolve(),
  makes = () => runRecord(),
}: WatchSetup = {}) {
  const begunAt = time.now();
  const requests: RunRequest[] = [];
  const starts: number[] = [];
  const begins: number[] = [];
  const events: WatchEvent[] = [];
  const stop = new AbortController();
  let isOver = false;
  const worker: Pick<Worker, 'run'> = {
    run: async (request) => {
      requests.push(request);
      starts.push(time.now() - begunAt);
      const index = starts.length - 1;
      await time.sleep(takes(index), request.signal);
      await awaits(index);
      return makes(index);
    },
  };
  const observe = (event: WatchEvent) => events.push(event);
  const liveness = keepLiveness();
  const bounds = { clock: time, stop: stop.signal, graceMs, timeoutMs, liveness };
  const scheduled = (at: number) => begins.push(at - begunAt);
  void runWatch({ worker, schedule, ...bounds, observe, scheduled }).then(() => {
    isOver = true;
  });
  return {
    time,
    requests,
    isAlive: () => liveness.read(time.now()),
    /** When runs started, in milliseconds after the watch began. */
    starts,
    /** The same as it was told before, and the next one. */
    begins,
    events,
    kinds: () => events.map(({ kind }) => kind),
    isOver: () => isOver,
    /** How many wait for the end of the watch. */
    listeners: () => getEventListeners(stop.signal, 'abort').length,
    stop: async () => {
      stop.abort(new Error('stopped by SIGTERM'));
      await settle();
    },
  };
}
