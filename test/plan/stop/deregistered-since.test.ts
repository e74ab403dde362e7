import { describe, expect, test } from 'vitest';
import type { ChangeGroup } from '../../../src/model/change.ts';
import { Multimap } from '../../../src/model/multimap.ts';
import type { RecordSet } from '../../../src/model/record-set.ts';
import type { DeregisteredSince } from '../../../src/model/task-stop.ts';
import { nextDeregisteredSince, zoneAfter } from '../../../src/plan/stop/deregistered-since.ts';
import { agentSet } from '../support.ts';

const READ_AT = 1_000;
const NOW = 5_000;

function references(sets: readonly RecordSet[]): Multimap<string, RecordSet> {
  const map = new Multimap<string, RecordSet>();
  for (const set of sets) map.add('task', set);
  return map;
}

describe('since when a task has no record', () => {
  const short = agentSet({}, { TTL: 10 });
  const long = agentSet({}, { TTL: 300 });
  const alias = agentSet({}, { TTL: undefined });
  const known: DeregisteredSince = new Map([['task', { since: 77, ttl: 40 }]]);
  test.each([
    ['it has one', known, [short], [short, long], { since: undefined, ttl: 300 }],
    ['it lost them in this run', known, [short, long], [], { since: NOW, ttl: 300 }],
    ['it lost one that has no TTL', new Map(), [alias], [], { since: NOW, ttl: 0 }],
    ['it had none before', known, [], [], { since: 77, ttl: 40 }],
    ['it is met for the first time', new Map(), [], [], { since: READ_AT, ttl: 0 }],
    [
      'somebody else took them out since the last run',
      new Map([['task', { since: undefined, ttl: 60 }]]),
      [],
      [],
      { since: READ_AT, ttl: 60 },
    ],
    ['this run has registered it', known, [], [long], { since: undefined, ttl: 300 }],
  ] as const)('%s', (_, previous, before, after, expected) => {
    const seen = {
      tasks: ['task'],
      before: references(before),
      readAt: READ_AT,
      after: references(after),
      now: NOW,
    };
    expect(nextDeregisteredSince(previous, seen)).toEqual(new Map([['task', expected]]));
  });

  test('tasks that are gone are forgotten', () => {
    const seen = { tasks: [], before: references([]), readAt: READ_AT, after: references([]), now: NOW };
    expect(nextDeregisteredSince(known, seen)).toEqual(new Map());
  });
});

test('the zone after its changes lacks what went and has what came', () => {
  const [stays, goes, shrinks, rest, comes] = [1, 2, 3, 3, 4].map((owner) => agentSet({ owner }));
  if (!stays || !goes || !shrinks || !rest || !comes) throw new TypeError('too few sets');
  const group = (changes: ChangeGroup['changes']): ChangeGroup => ({
    key: '',
    changes,
    removed: [],
    reasons: [],
    after: [],
  });
  const applied = [
    group([{ action: 'DELETE', recordSet: goes }]),
    group([
      { action: 'DELETE', recordSet: shrinks },
      { action: 'CREATE', recordSet: rest },
    ]),
    group([{ action: 'CREATE', recordSet: comes }]),
  ];
  expect(zoneAfter([stays, goes, shrinks], applied)).toEqual([stays, rest, comes]);
});
