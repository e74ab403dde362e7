import type { Log } from './log.ts';
import type { LogMessage } from './log-records.ts';
import { contextOf, fieldsOfRun, type LoggedRun, logChanges, logStop } from './run-records.ts';
import { changedKeys, type FoundState, STATE_KINDS, type StateKind, statesOf } from './run-states.ts';

export interface NewsOptions {
  readonly allowedMs: number | undefined;
  /** Whether the run looked at a part of the zone: then what it does not find says nothing. */
  readonly isPartial: boolean;
  /** At which level a run is told that brings no news. */
  readonly uneventful: 'debug' | 'info';
}

/** More of a kind are a number: a report has them all. */
const MAX_TOLD = 50;

/**
 * Writes what is new with each run: what was done, and what is held back, withheld, unverified, noted or unread
 * since, or no longer. All that is as before is a number in the record of the run, and in full at DEBUG alone.
 */
export function createNews(given: Log): (run: LoggedRun, options: NewsOptions) => void {
  const known = new Map<StateKind, ReadonlyMap<string, FoundState>>();
  return (run, { allowedMs, isPartial, uneventful }) => {
    const log = given.about(contextOf(run));
    const found = statesOf(run.report);
    const changed = changedKeys(run.report);
    const news = STATE_KINDS.map((kind) => {
      const before = known.get(kind) ?? new Map<string, FoundState>();
      const now = new Map(
        found[kind].map((one) => [one.key, { ...one, aspect: one.aspect ?? before.get(one.key)?.aspect }]),
      );
      known.set(kind, isPartial ? new Map([...before, ...now]) : now);
      const isSame = (one: FoundState) => before.has(one.key) && before.get(one.key)?.aspect === one.aspect;
      const ended = [...before.values()].filter(
        ({ key, tellEnd }) => !now.has(key) && !changed.has(key) && tellEnd !== undefined,
      );
      return {
        kind,
        same: [...now.values()].filter(isSame),
        fresh: [...now.values()].filter((one) => !isSame(one)),
        ended: isPartial ? [] : ended,
      };
    });
    const stops = run.report.stopped.filter(({ status }) => status !== 'waiting');
    const isNews = news.some(({ fresh, ended }) => fresh.length + ended.length > 0);
    const isEventful = isNews || run.report.changes.length + stops.length > 0;
    const unchanged = Object.fromEntries(news.map(({ kind, same }) => [kind, same.length]));
    log.write('run', fieldsOfRun(run, { allowedMs, unchanged }), isEventful ? 'info' : uneventful);
    logChanges(log, run.result);
    for (const stop of stops) logStop(log, stop);
    for (const { kind, same, fresh, ended } of news) {
      for (const one of fresh.slice(0, MAX_TOLD)) one.tell(log);
      for (const one of ended.slice(0, MAX_TOLD)) one.tellEnd?.(log);
      for (const one of same) one.tell(log, 'debug');
      tellRest(log, FRESH_MESSAGES[kind], fresh.length);
      tellRest(log, ENDED_MESSAGES[kind], ended.length);
    }
  };
}

function tellRest(log: Log, of: LogMessage, count: number): void {
  if (count > MAX_TOLD) log.write('more', { of, count: count - MAX_TOLD });
}

const FRESH_MESSAGES = {
  heldBack: 'held back',
  withheld: 'withheld',
  unverified: 'unverified',
  notices: 'notice',
  unread: 'unread',
  network: 'network suspected',
  waiting: 'task waits',
} as const satisfies Record<StateKind, LogMessage>;

const ENDED_MESSAGES = {
  heldBack: 'no longer held back',
  withheld: 'no longer withheld',
  unverified: 'no longer unverified',
  notices: 'notice gone',
  unread: 'read again',
  network: 'network trusted',
  waiting: 'task waits',
} as const satisfies Record<StateKind, LogMessage>;
