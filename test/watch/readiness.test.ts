import { describe, expect, test } from 'vitest';
import { RunError } from '../../src/model/run-error.ts';
import { keepReadiness } from '../../src/watch/readiness.ts';
import type { WatchEvent } from '../../src/watch/watch-event.ts';
import { reported } from './support.ts';

const SECRET = 'User: arn:aws:iam::123456789012:user/me is not authorized';

/** Readiness at 1,500,000 after these events. */
function readAfter(...events: readonly WatchEvent[]) {
  const keeper = keepReadiness();
  for (const event of events) keeper.observe(event);
  return keeper.read(1_500_000);
}

describe('a watch is ready', () => {
  test.each<{ what: string; events: readonly WatchEvent[] }>([
    { what: 'after a good run', events: [reported()] },
    {
      what: 'after a good run that followed a failed one',
      events: [{ kind: 'failed', error: 1 }, reported()],
    },
    { what: 'whatever was skipped since', events: [reported(), { kind: 'skipped', ticks: 1 }] },
  ])('$what', ({ events }) => {
    expect(readAfter(...events)).toEqual({ ready: true });
  });
});

describe('a watch is not ready', () => {
  test.each<{ what: string; events: readonly WatchEvent[]; reason: RegExp }>([
    { what: 'before its first run has ended', events: [], reason: /^no run has ended yet$/ },
    {
      what: 'when the last run is too long ago',
      events: [reported({ freshUntil: 1_500_000 })],
      reason: /^the last run is too long ago$/,
    },
    {
      what: 'after a run without a report',
      events: [reported(), { kind: 'failed', error: new RunError('access-denied', SECRET) }],
      reason: /^the last run failed \(access-denied\); the log says why$/,
    },
    {
      what: 'after a bug',
      events: [reported(), { kind: 'failed', error: new TypeError(SECRET) }],
      reason: /^the last run failed \(unexpected\); the log says why$/,
    },
    {
      what: 'after a run that failed in part',
      events: [reported({ warning: SECRET })],
      reason: /^the last run failed in part; its report says why$/,
    },
    {
      what: 'once it is over',
      events: [reported(), { kind: 'stopped', run: undefined }],
      reason: /^the watch is over$/,
    },
  ])('$what', ({ events, reason }) => {
    expect(readAfter(...events)).toEqual({ ready: false, reason: expect.stringMatching(reason) });
  });
});
