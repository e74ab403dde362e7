import { expect, test } from 'vitest';
import { eventsTeller } from '../../src/cli/events-teller.ts';
import { alreadyDone, type ChangeOutcome } from '../../src/model/change.ts';
import { RunError } from '../../src/model/run-error.ts';
import type { FollowEvent } from '../../src/watch/follow-events.ts';
import { keptLog } from '../log/support.ts';
import { groupOf, srvSet, stale } from '../report/support.ts';
import { runRecord } from '../watch/support.ts';
import { virtualTime } from '../watch/virtual-time.ts';

type Looked = Extract<FollowEvent, { kind: 'looked' }>;

/** A look that was to take out so many sets, of which each ended so. */
function lookWith(outcomes: readonly ChangeOutcome[]): Looked {
  const groups = outcomes.map((_, i) => groupOf(srvSet(i + 1)));
  const run = runRecord({
    judgements: groups.map((_, i) => stale(srvSet(i + 1))),
    groups,
    outcomes: groups.map((group, i) => [group, outcomes[i] ?? { status: 'applied' }] as const),
  });
  const calls = { awsCalls: { 'ecs:DescribeTasks': 2 }, awsThrottled: 0 };
  return {
    kind: 'looked',
    messages: 3,
    ignored: 1,
    scopes: [],
    record: {
      runs: outcomes.length === 0 ? [] : [run],
      waiting: [],
      elsewhere: [],
      failure: undefined,
      calls,
    },
    durationMs: 40,
    ageMs: undefined,
    failure: undefined,
  };
}

function tell(events: readonly FollowEvent[], level: 'info' | 'debug' = 'info') {
  const { log, records } = keptLog({ level });
  const teller = eventsTeller(log, virtualTime());
  for (const event of events) teller(event);
  return records();
}

const APPLIED = { status: 'applied' } as const;
const LATE = alreadyDone(groupOf(srvSet(1)));

test('a look that changed something is one record, and one for each change', () => {
  const told = tell([lookWith([APPLIED, APPLIED])]);
  expect(told.map(({ message }) => message)).toEqual(['events', 'removed', 'removed']);
  expect(told[0]).toMatchObject({ level: 'INFO', events: 3, ignored: 1, runs: 1, alreadyDone: 0 });
});

test('what another look, run or tool was first with is a number of it, and told in full at debug', () => {
  const look = lookWith([APPLIED, LATE, LATE]);
  const told = tell([look]);
  expect(told.map(({ message }) => message)).toEqual(['events', 'removed']);
  expect(told[0]).toMatchObject({ alreadyDone: 2 });
  expect(tell([look], 'debug').map(({ message, level }) => [message, level])).toEqual([
    ['events', 'INFO'],
    ['removed', 'INFO'],
    ['already gone', 'DEBUG'],
    ['already gone', 'DEBUG'],
  ]);
});

test('as text, the number says who was first, and none is not told', () => {
  const { log, text } = keptLog({ format: 'text' });
  const teller = eventsTeller(log, virtualTime());
  teller(lookWith([LATE, LATE]));
  teller(lookWith([APPLIED]));
  const [late = '', applied = ''] = text()
    .split('\n')
    .filter((line) => line.includes(' events '));
  expect(late).toContain('3 messages; 2 done before by another look, run or tool; 2 AWS calls in 40ms');
  expect(applied).toContain('3 messages; 2 AWS calls in 40ms');
});

test('events of which nothing follows are told at debug', () => {
  expect(tell([lookWith([])])).toEqual([]);
  expect(tell([lookWith([])], 'debug')).toMatchObject([{ message: 'events', level: 'DEBUG' }]);
});

test('an error that comes again is told once', () => {
  const failed = { kind: 'failed', error: new RunError('aws', 'no queue') } as const;
  expect(tell([failed, failed])).toMatchObject([{ message: 'events failed', detail: 'no queue' }]);
});
