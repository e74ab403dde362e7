import { describe, expect, test } from 'vitest';
import { RunError } from '../../src/model/run-error.ts';
import { cronSchedule, everySchedule } from '../../src/watch/schedule.ts';
import { groupOf, scope, srvSet } from '../report/support.ts';
import { MINUTE, runRecord, startWatch } from './support.ts';
import { virtualTime } from './virtual-time.ts';

const SECOND = 1000;
const DOWN = new RunError('endpoint', 'AWS cannot be reached');

function throwing(error: unknown): () => never {
  return () => {
    throw error;
  };
}

describe('the schedule', () => {
  test('begins at once and keeps its grid, however long runs take', async () => {
    const { time, starts } = startWatch({ takes: (run) => run * 45 * SECOND });

    await time.advance(15 * MINUTE);

    expect(starts).toEqual([0, 5 * MINUTE, 10 * MINUTE, 15 * MINUTE]);
  });

  test('tells when the next run begins, jitter included', async () => {
    const watch = startWatch({ time: virtualTime({ random: 0.5 }), schedule: everySchedule(MINUTE) });

    await watch.time.advance(2 * MINUTE);

    expect(watch.begins).toEqual([0, 63 * SECOND, 123 * SECOND]);
    expect(watch.starts).toEqual([0, 63 * SECOND]);
  });

  test('is jittered by up to a tenth of the interval, but for the run at the very start', async () => {
    const { time, starts } = startWatch({
      time: virtualTime({ random: 0.5 }),
      schedule: everySchedule(MINUTE),
    });

    await time.advance(3 * MINUTE);

    expect(starts).toEqual([0, 63 * SECOND, 123 * SECOND]);
  });

  test('is jittered by 30 seconds at the most', async () => {
    const time = virtualTime({ random: 0.5 });
    const { starts } = startWatch({ time, schedule: everySchedule(60 * MINUTE) });

    await time.advance(61 * MINUTE);

    expect(starts).toEqual([0, 60 * MINUTE + 15 * SECOND]);
  });

  test('of a cron expression waits for its time, and is jittered from the first run on', async () => {
    const time = virtualTime({ start: Date.UTC(2030, 0, 2, 12, 1), random: 0.5 });
    const { starts } = startWatch({ time, schedule: cronSchedule('*/5 * * * *') });

    await time.advance(10 * MINUTE);

    expect(starts).toEqual([4 * MINUTE + 15 * SECOND, 9 * MINUTE + 15 * SECOND]);
  });

  test('reaches further than a timer can', async () => {
    const time = virtualTime({ start: Date.UTC(2030, 0, 2) });
    const { starts } = startWatch({ time, schedule: cronSchedule('0 0 1 7 *') });

    await time.advance(179 * 24 * 60 * MINUTE);
    expect(starts).toEqual([]);
    await time.advance(2 * 24 * 60 * MINUTE);
    expect(starts).toHaveLength(1);
  });

  test('survives a clock that is set back', async () => {
    const { time, starts } = startWatch();
    await time.advance(MINUTE);

    time.set(time.now() - 600 * MINUTE);
    await time.advance(11 * MINUTE);

    expect(starts).toHaveLength(3);
  });
});

describe('runs never overlap', () => {
  test('what is due during a run is skipped and counted, and the grid is kept', async () => {
    const { time, starts, events } = startWatch({
      takes: (run) => (run === 0 ? 12 * MINUTE : 0),
      schedule: everySchedule(5 * MINUTE),
    });

    await time.advance(16 * MINUTE);

    // The run was stopped after its timeout.
    expect(starts).toEqual([0, 10 * MINUTE, 15 * MINUTE]);
    expect(events[1]).toEqual({ kind: 'skipped', ticks: 1 });
  });

  test('a run that ends just when the next is due skips nothing', async () => {
    const { time, starts, kinds } = startWatch({ takes: (run) => (run === 0 ? 5 * MINUTE : 0) });

    await time.advance(5 * MINUTE);

    expect(starts).toEqual([0, 5 * MINUTE]);
    expect(kinds()).toEqual(['reported', 'reported']);
  });
});

describe('the time a run may take', () => {
  test.each([
    { what: 'until the next one is due', everyMs: 5 * MINUTE, allowedMs: 5 * MINUTE },
    { what: 'a minute at the least', everyMs: 10 * SECOND, allowedMs: MINUTE },
  ])('is $what', async ({ everyMs, allowedMs }) => {
    const { time, requests, events } = startWatch({ schedule: everySchedule(everyMs) });
    const begin = time.now();

    await time.advance(0);

    expect(requests[0]?.deadline).toBe(begin + allowedMs);
    expect(events[0]).toMatchObject({ kind: 'reported', allowedMs });
  });

  test('is that of the timeout at the most, with some of it left for what was sent', async () => {
    const { time, requests, events } = startWatch({
      schedule: everySchedule(240 * MINUTE),
      timeoutMs: 10 * MINUTE,
    });
    const begin = time.now();

    await time.advance(0);

    expect(requests[0]?.deadline).toBe(begin + 10 * MINUTE - 5 * SECOND);
    expect(events[0]).toMatchObject({ kind: 'reported', allowedMs: 10 * MINUTE });
  });

  test('ends before the next one is due, jitter or not', async () => {
    const time = virtualTime({ random: 0.5 });
    const begin = time.now();
    const { requests } = startWatch({ time });

    await time.advance(6 * MINUTE);

    expect(requests.map(({ deadline = 0 }) => deadline - begin)).toEqual([5 * MINUTE, 10 * MINUTE]);
  });

  test('may be outlasted by reading, but a run that hangs is stopped after its timeout', async () => {
    const { time, events } = startWatch({ takes: (run) => (run === 0 ? 600 * MINUTE : 0) });

    await time.advance(10 * MINUTE - 1);
    expect(events).toEqual([]);
    await time.advance(1);

    expect(events[0]).toMatchObject({
      kind: 'failed',
      error: { code: 'timeout', message: expect.stringMatching(/after 10m, while starting/) },
    });
    await time.advance(5 * MINUTE);
    expect(events.at(-1)).toMatchObject({ kind: 'reported' });
  });
});

describe('what a run is asked for', () => {
  test('is to apply, approved, without force', async () => {
    const { time, requests } = startWatch();
    await time.advance(0);
    const [request] = requests;

    expect(request).toMatchObject({ mode: 'apply', force: false, all: false });
    await expect(request?.approve(runRecord().result)).resolves.toBe(true);
  });
});

describe('a run that fails', () => {
  test.each([
    { what: 'a RunError', error: DOWN },
    { what: 'a bug', error: new TypeError('oops') },
  ])('with $what is told, and the watch goes on', async ({ error }) => {
    const { time, events, starts } = startWatch({
      makes: (run) => (run === 0 ? throwing(error)() : runRecord()),
    });

    await time.advance(5 * MINUTE);

    expect(starts).toHaveLength(2);
    expect(events).toMatchObject([
      { kind: 'failed', error },
      { kind: 'reported', warning: undefined },
    ]);
  });

  test.each([
    {
      what: 'changes that failed',
      run: runRecord({
        groups: [groupOf(srvSet(1))],
        outcomes: [[groupOf(srvSet(1)), { status: 'failed', detail: 'AccessDenied' }]],
      }),
      warning: /changes that failed: 1/,
    },
    {
      what: 'an ECS of which nothing could be read',
      run: runRecord({ incomplete: [scope('clusters')] }),
      warning: /nothing could be read from ECS \(ecs:ListTasks: AccessDenied: not you\)/,
    },
  ])('by $what has a report all the same', async ({ run, warning }) => {
    const { time, events } = startWatch({ makes: () => run });

    await time.advance(0);

    expect(events).toMatchObject([{ kind: 'reported', run, warning: expect.stringMatching(warning) }]);
  });

  test('by conflicts does not count as failed', async () => {
    const group = groupOf(srvSet(1));
    const run = runRecord({
      groups: [group],
      outcomes: [[group, { status: 'conflict', detail: 'changed' }]],
    });
    const { time, events } = startWatch({ makes: () => run });

    await time.advance(0);

    expect(events).toMatchObject([{ kind: 'reported', warning: undefined }]);
  });
});

describe('what a reported run is measured by', () => {
  test('is the time since the last report, failed runs between them included', async () => {
    const { time, events } = startWatch({ makes: (run) => (run === 1 ? throwing(DOWN)() : runRecord()) });

    await time.advance(15 * MINUTE);

    const since = events.map((event) => (event.kind === 'reported' ? event.sinceMs : event.kind));
    expect(since).toEqual([5 * MINUTE, 'failed', 10 * MINUTE, 5 * MINUTE]);
  });

  test.each([
    { what: 'the third run after it', everyMs: 5 * MINUTE, freshMs: 15 * MINUTE },
    { what: 'three minutes, when runs are more frequent', everyMs: SECOND, freshMs: 3 * MINUTE },
  ])('is fresh until $what', async ({ everyMs, freshMs }) => {
    const { time, events } = startWatch({ schedule: everySchedule(everyMs) });
    const begin = time.now();

    await time.advance(0);

    expect(events[0]).toMatchObject({ finishedAt: begin, freshUntil: begin + freshMs });
  });

  test('stays fresh over a night in which a cron expression has no runs', async () => {
    const start = new Date(2030, 0, 2, 17, 0).getTime();
    const time = virtualTime({ start });
    const { events } = startWatch({ time, schedule: cronSchedule('*/30 9-17 * * *') });

    await time.advance(30 * MINUTE);

    const freshUntil = new Date(2030, 0, 3, 10, 0).getTime();
    expect(events).toMatchObject([{ kind: 'reported', freshUntil }]);
  });
});

describe('the end of the watch', () => {
  test('between two runs is at once, and no run follows', async () => {
    const { time, stop, isOver, starts } = startWatch();
    await time.advance(MINUTE);

    await stop();

    expect(isOver()).toBe(true);
    await time.advance(10 * MINUTE);
    expect({ runs: starts.length, sleepers: time.sleepers() }).toEqual({ runs: 1, sleepers: 0 });
  });

  test('before the first run leaves nothing to do', async () => {
    const { stop, isOver, starts } = startWatch({ schedule: cronSchedule('0 0 1 1 *') });

    await stop();

    expect({ over: isOver(), starts }).toEqual({ over: true, starts: [] });
  });

  test('lets the run under way finish within the grace time', async () => {
    const { time, stop, isOver, events, requests } = startWatch({ takes: () => 40 * SECOND });
    await time.advance(20 * SECOND);

    await stop();
    expect({ over: isOver(), aborted: requests[0]?.signal?.aborted }).toEqual({
      over: false,
      aborted: false,
    });
    await time.advance(20 * SECOND);

    expect(isOver()).toBe(true);
    expect(events).toMatchObject([{ kind: 'reported', warning: undefined }]);
    expect(time.sleepers()).toBe(0);
  });

  test('aborts the run when the grace time is over', async () => {
    const { time, stop, isOver, events } = startWatch({ takes: () => 10 * MINUTE, graceMs: 30 * SECOND });
    await time.advance(MINUTE);

    await stop();
    await time.advance(30 * SECOND - 1);
    expect(isOver()).toBe(false);
    await time.advance(1);

    expect(isOver()).toBe(true);
    expect(events).toEqual([{ kind: 'stopped', run: undefined }]);
    expect(time.sleepers()).toBe(0);
  });

  test('aborts the run at once without a grace time', async () => {
    const { time, stop, isOver } = startWatch({ takes: () => 10 * MINUTE, graceMs: 0 });
    await time.advance(MINUTE);

    await stop();
    await time.advance(0);

    expect(isOver()).toBe(true);
  });

  test('counts no skipped runs', async () => {
    const { time, stop, kinds } = startWatch({ takes: () => 7 * MINUTE, graceMs: 10 * MINUTE });
    await time.advance(6 * MINUTE);

    await stop();
    await time.advance(MINUTE);

    expect(kinds()).toEqual(['reported']);
  });

  test('leaves nobody asleep, and nobody who listens for it', async () => {
    const { time, stop, starts, listeners } = startWatch();
    await time.advance(50 * MINUTE);
    // The watch itself, waiting for the next run.
    expect({ runs: starts.length, sleepers: time.sleepers(), listeners: listeners() }).toEqual({
      runs: 11,
      sleepers: 1,
      listeners: 1,
    });

    await stop();

    expect({ sleepers: time.sleepers(), listeners: listeners() }).toEqual({ sleepers: 0, listeners: 0 });
  });
});
