import { describe, expect, test } from 'vitest';
import type { ChangeGroup } from '../../../src/model/change.ts';
import { Multimap } from '../../../src/model/multimap.ts';
import type { RecordSet } from '../../../src/model/record-set.ts';
import type { DeregisteredSince, Deregistration } from '../../../src/model/task-stop.ts';
import {
  type AppliedGroup,
  countedFrom,
  nextDeregisteredSince,
  pendingChanges,
  withChangesInSync,
  zoneAfter,
} from '../../../src/plan/stop/deregistered-since.ts';
import { agentSet } from '../support.ts';

const READ_AT = 1_000;
const NOW = 5_000;

function references(sets: readonly RecordSet[]): Multimap<string, RecordSet> {
  const map = new Multimap<string, RecordSet>();
  for (const set of sets) map.add('task', set);
  return map;
}

const MINUTE = 60_000;

function group(changes: ChangeGroup['changes']): ChangeGroup {
  return { key: '', changes, removed: [], reasons: [], after: [] };
}

function removal(recordSet: RecordSet, changeId: string | undefined): AppliedGroup {
  return { group: group([{ action: 'DELETE', recordSet }]), changeId };
}

describe('since when a task has no record', () => {
  const short = agentSet({}, { TTL: 10 });
  const long = agentSet({ owner: 2 }, { TTL: 300 });
  const alias = agentSet({}, { TTL: undefined });
  const other = agentSet({ owner: 9 });
  const known: Deregistration = { since: 77, ttl: 40, pending: ['C0'] };
  const was: Deregistration = { since: undefined, ttl: 60, pending: [] };
  const both = [removal(short, 'C1'), removal(long, 'C2')];

  test.each<
    [
      string,
      Deregistration | undefined,
      readonly RecordSet[],
      readonly RecordSet[],
      readonly AppliedGroup[],
      Deregistration,
    ]
  >([
    ['it has one', was, [short], [short, long], [], { since: undefined, ttl: 300, pending: [] }],
    [
      'it lost them in this run',
      was,
      [short, long],
      [],
      both,
      { since: NOW, ttl: 300, pending: ['C1', 'C2'] },
    ],
    [
      'it lost them in one change',
      was,
      [short, long],
      [],
      [removal(short, 'C1'), removal(long, 'C1')],
      { since: NOW, ttl: 300, pending: ['C1'] },
    ],
    [
      'it lost one of them',
      was,
      [short, long],
      [long],
      both,
      { since: undefined, ttl: 300, pending: ['C1'] },
    ],
    [
      'it lost one earlier, and now the other',
      { ...was, pending: ['C0'] },
      [long],
      [],
      both,
      { since: NOW, ttl: 300, pending: ['C0', 'C2'] },
    ],
    [
      'others lost theirs as well',
      was,
      [short],
      [],
      [removal(other, 'C9'), ...both],
      { since: NOW, ttl: 10, pending: ['C1'] },
    ],
    [
      'it lost what its record led through',
      was,
      [short],
      [],
      [removal(other, 'C9')],
      { since: NOW, ttl: 10, pending: ['C9'] },
    ],
    [
      'the reply was lost',
      was,
      [short],
      [],
      [removal(short, undefined)],
      { since: NOW + MINUTE, ttl: 10, pending: [] },
    ],
    [
      'one of the replies was lost',
      was,
      [short, long],
      [],
      [removal(short, undefined), removal(long, 'C2')],
      { since: NOW + MINUTE, ttl: 300, pending: ['C2'] },
    ],
    [
      'it lost one that has no TTL',
      undefined,
      [alias],
      [],
      [removal(alias, 'C1')],
      { since: NOW, ttl: 0, pending: ['C1'] },
    ],
    ['it had none before', known, [], [], [], known],
    ['it is met for the first time', undefined, [], [], [], { since: READ_AT, ttl: 0, pending: [] }],
    [
      'something else took them out since the last run',
      was,
      [],
      [],
      [],
      { since: READ_AT + MINUTE, ttl: 60, pending: [] },
    ],
    ['this run has registered it', known, [], [long], [], { since: undefined, ttl: 300, pending: ['C0'] }],
  ])('%s', (_, previous, before, after, applied, expected) => {
    const seen = {
      tasks: ['task'],
      before: references(before),
      readAt: READ_AT,
      lastRunAt: undefined,
      after: references(after),
      applied,
      now: NOW,
    };
    const from: DeregisteredSince = new Map(previous === undefined ? [] : [['task', previous]]);
    expect(nextDeregisteredSince(from, seen)).toEqual(new Map([['task', expected]]));
  });

  test('tasks that are gone are forgotten', () => {
    const [before, after] = [references([]), references([])];
    const seen = { tasks: [], before, readAt: READ_AT, lastRunAt: undefined, after, applied: [], now: NOW };
    expect(nextDeregisteredSince(new Map([['task', known]]), seen)).toEqual(new Map());
  });
});

test.each<[string, number | undefined, number]>([
  ['no state tells of a run', undefined, READ_AT],
  ['the last run ended long ago', READ_AT - MINUTE - 1, READ_AT],
  ['the last run ended just before', READ_AT - 100, READ_AT - 100 + MINUTE],
  ['the clock of the last run was ahead', READ_AT + 9 * MINUTE, READ_AT + MINUTE],
])('a task that no run of the process knew counts from where %s', (_, lastRunAt, since) => {
  expect(countedFrom(undefined, { readAt: READ_AT, lastRunAt })).toBe(since);
});

describe('the changes that are not in sync yet', () => {
  const given: DeregisteredSince = new Map([
    ['a', { since: 100, ttl: 1, pending: ['C1', 'C2'] }],
    ['b', { since: undefined, ttl: 2, pending: ['C2'] }],
    ['c', { since: 900, ttl: 3, pending: ['C1'] }],
    ['d', { since: 100, ttl: 4, pending: [] }],
  ]);

  test('are each asked of once', () => {
    expect(pendingChanges(given)).toEqual(['C1', 'C2']);
  });

  test.each<[string, readonly (readonly [string, number])[], readonly [string, Deregistration][]]>([
    ['none is in sync', [], [...given]],
    [
      'one is',
      [['C1', 500]],
      [
        ['a', { since: 500, ttl: 1, pending: ['C2'] }],
        ['b', { since: undefined, ttl: 2, pending: ['C2'] }],
        ['c', { since: 900, ttl: 3, pending: [] }],
        ['d', { since: 100, ttl: 4, pending: [] }],
      ],
    ],
    [
      'all are: the last answer counts',
      [
        ['C2', 600],
        ['C1', 500],
      ],
      [
        ['a', { since: 600, ttl: 1, pending: [] }],
        ['b', { since: undefined, ttl: 2, pending: [] }],
        ['c', { since: 900, ttl: 3, pending: [] }],
        ['d', { since: 100, ttl: 4, pending: [] }],
      ],
    ],
  ])('%s', (_, inSync, expected) => {
    expect(withChangesInSync(given, new Map(inSync))).toEqual(new Map(expected));
  });
});

test('the zone after its changes lacks what went and has what came', () => {
  const [stays, goes, shrinks, rest, comes] = [1, 2, 3, 3, 4].map((owner) => agentSet({ owner }));
  if (!stays || !goes || !shrinks || !rest || !comes) throw new TypeError('too few sets');
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
