import { expect, test } from 'vitest';
import { runTeller, type TellerOptions } from '../../src/cli/run-teller.ts';
import { RunError } from '../../src/model/run-error.ts';
import type { WatchEvent } from '../../src/watch/watch-event.ts';
import { keptLog } from '../log/support.ts';
import { groupOf, reportOf, runResult, srvSet } from '../report/support.ts';

const LOUD: TellerOptions = { uneventful: 'info', isTerse: false };

function tell(events: readonly WatchEvent[], options: TellerOptions = LOUD) {
  const { log, records } = keptLog();
  const teller = runTeller(log, options);
  for (const event of events) teller(event);
  return records().map(({ message, level, code, detail, count }) => ({
    message,
    level,
    code,
    detail,
    count,
  }));
}

const down: WatchEvent = { kind: 'failed', error: new RunError('endpoint', 'AWS is out of reach') };
const MEASURES = { warning: undefined, sinceMs: 1, allowedMs: 1, finishedAt: 1, freshUntil: 1 };
const good: WatchEvent = { kind: 'reported', run: { result: runResult(), report: reportOf() }, ...MEASURES };

test('a run that came to no report is told with its code, each time', () => {
  const told = { message: 'run failed', level: 'ERROR', code: 'endpoint', detail: 'AWS is out of reach' };
  expect(tell([down, down])).toMatchObject([told, told]);
});

test('an error that was not foreseen is told in one line without its stack', () => {
  expect(tell([{ kind: 'failed', error: new TypeError('no\nsuch thing') }])).toMatchObject([
    { code: 'unexpected', detail: 'unexpected error: TypeError: no such thing' },
  ]);
});

test('an outage is told once where that is asked for, and anew after what went well', () => {
  const messages = tell([down, down, good, down], { uneventful: 'debug', isTerse: true });
  expect(messages.map(({ message }) => message)).toEqual(['run failed', 'run failed']);
});

test('a run whose changes failed is told as failed after all that it did', () => {
  const group = groupOf(srvSet(1));
  const given = {
    groups: [group],
    outcomes: [[group, { status: 'failed', detail: 'AccessDenied' }]],
  } as const;
  const run = { result: runResult(given), report: reportOf(given) };
  const told = tell([{ kind: 'reported', run, ...MEASURES, warning: 'x' }]);
  expect(told.map(({ message, code }) => [message, code])).toEqual([
    ['run', undefined],
    ['not removed', undefined],
    ['run failed', 'changes-failed'],
  ]);
});

test('runs that were skipped, and the end of the watch, are told', () => {
  expect(
    tell([
      { kind: 'skipped', ticks: 3 },
      { kind: 'stopped', run: undefined },
    ]),
  ).toMatchObject([
    { message: 'runs skipped', level: 'WARN', count: 3 },
    { message: 'run stopped', level: 'WARN' },
  ]);
});
