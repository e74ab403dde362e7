import { describe, expect, test } from 'vitest';
import { RunError } from '../../src/model/run-error.ts';
import type { FollowEvent } from '../../src/watch/follow-events.ts';
import { keepStatus } from '../../src/watch/keep-status.ts';
import { groupOf, srvSet, stale } from '../report/support.ts';
import { reported, runRecord } from './support.ts';
import { virtualTime } from './virtual-time.ts';

const REMOVAL = { judgements: [stale(srvSet(1))], groups: [groupOf(srvSet(1))] };

function looked(fields: Partial<Extract<FollowEvent, { kind: 'looked' }>> = {}): FollowEvent {
  const calls = { awsCalls: { 'ecs:DescribeTasks': 1 }, awsThrottled: 1 };
  const record = { runs: [], waiting: [], elsewhere: [], failure: undefined, calls };
  return {
    kind: 'looked',
    messages: 3,
    ignored: 1,
    scopes: [],
    record,
    durationMs: 40,
    ageMs: undefined,
    failure: undefined,
    ...fields,
  };
}

describe('runs', () => {
  test('are kept with how they ended, the newest first, and the last report with them', () => {
    const time = virtualTime();
    const keeper = keepStatus(time);
    const run = runRecord(REMOVAL, { awsCalls: { 'ecs:ListTasks': 2 }, awsThrottled: 1 });

    keeper.observe(reported({ run }));
    keeper.observe(reported({ run, warning: 'a change failed' }));
    keeper.observe({ kind: 'failed', error: new RunError('aws', 'AWS is down') });
    keeper.observe({ kind: 'failed', error: new Error('a\nbug') });
    keeper.observe({ kind: 'stopped', run: undefined });
    keeper.observe({ kind: 'skipped', ticks: 2 });
    const { runs, totals, report } = keeper.read();

    expect(runs.map(({ result, problem }) => [result, problem])).toEqual([
      ['stopped', undefined],
      ['failed', 'unexpected error: Error: a bug'],
      ['failed', 'AWS is down'],
      ['failed', 'a change failed'],
      ['good', undefined],
    ]);
    expect(runs.at(-1)).toMatchObject({
      endedAt: time.now(),
      counts: { removals: 1, heldBack: 0, durationMs: 812, awsCalls: 2 },
    });
    expect(report).toBe(run.report);
    expect(totals).toEqual({
      runs: { good: 1, failed: 3, stopped: 1 },
      skipped: 2,
      messages: 0,
      byEvents: { removals: 0, registrations: 0 },
      awsCalls: { 'ecs:ListTasks': 4 },
      awsThrottled: 2,
    });
  });

  test('of which there are many are only counted, but for the last few', () => {
    const keeper = keepStatus(virtualTime());

    for (let i = 0; i < 1_000; i++) keeper.observe(reported());
    for (let i = 0; i < 1_000; i++) keeper.observeEvents(looked());
    const { runs, events, totals } = keeper.read();

    expect([runs.length, events.length]).toEqual([20, 20]);
    expect(totals).toMatchObject({ runs: { good: 1_000 }, messages: 3_000 });
  });
});

test('events are kept with what came of them, and their calls are counted', () => {
  const keeper = keepStatus(virtualTime());
  const groups = [1, 2, 3, 4].map((i) => groupOf(srvSet(i)));
  const [one, two, three, late] = groups;
  if (!one || !two || !three || !late) throw new TypeError('four groups');
  const run = runRecord({
    judgements: [1, 2, 3, 4].map((i) => stale(srvSet(i))),
    groups,
    outcomes: [
      [one, { status: 'applied' }],
      [two, { status: 'conflict', detail: 'x' }],
      [three, { status: 'failed', detail: 'y' }],
      [late, { status: 'already-done', code: 'already-gone', detail: 'z' }],
    ],
  });
  const calls = { awsCalls: { 'ecs:DescribeTasks': 5 }, awsThrottled: 2 };
  const record = { runs: [run], waiting: [], elsewhere: [], failure: undefined, calls };

  keeper.observeEvents(looked({ record }));
  keeper.observeEvents(looked({ failure: { code: 'unreadable', detail: 'ECS is silent' } }));
  keeper.observeEvents({ kind: 'failed', error: new RunError('aws', 'no queue') });
  const { events, totals } = keeper.read();

  expect(events).toMatchObject([
    { messages: 0, durationMs: undefined, problem: 'no queue' },
    { messages: 3, problem: 'ECS is silent' },
    { messages: 3, ignored: 1, applied: 1, alreadyDone: 1, unapplied: 2, durationMs: 40, problem: undefined },
  ]);
  expect(totals).toMatchObject({ messages: 6, awsCalls: { 'ecs:DescribeTasks': 6 }, awsThrottled: 3 });
  expect(totals.byEvents).toEqual({ removals: 1, registrations: 0 });
});

test('it is known when the watch began, and when the next run begins', () => {
  const time = virtualTime();
  const keeper = keepStatus(time);
  expect(keeper.read()).toMatchObject({ startedAt: time.now(), nextRunAt: undefined, report: undefined });

  keeper.scheduled(time.now() + 5);

  expect(keeper.read().nextRunAt).toBe(time.now() + 5);
});
