import { describe, expect, test } from 'vitest';
import type { ChangeOutcome } from '../../src/model/change.ts';
import type { RecordSet } from '../../src/model/record-set.ts';
import { recordSetKey } from '../../src/model/record-set.ts';
import { eventsOf, type PublishedGroup } from '../../src/publish/events-of.ts';
import { checked, srv, TIME, ZONE } from './support.ts';

const APPLIED: ChangeOutcome = { status: 'applied' };
const describeValue = (_: RecordSet, value: string) => ({ value });

function groupOf(before: RecordSet | undefined, after: RecordSet | undefined): PublishedGroup {
  const [one] = [before ?? after];
  return {
    key: one === undefined ? '' : recordSetKey(one),
    changes: [
      ...(before === undefined ? [] : [{ action: 'DELETE', recordSet: before } as const]),
      ...(after === undefined ? [] : [{ action: 'CREATE', recordSet: after } as const]),
    ],
    reasons: ['task-gone'],
  };
}

function published(
  before: RecordSet | undefined,
  after: RecordSet | undefined,
  { outcome = APPLIED, time = TIME }: { readonly outcome?: ChangeOutcome; readonly time?: number } = {},
) {
  const group = groupOf(before, after);
  const outcomes = new Map([[group.key, outcome]]);
  return eventsOf({ zone: ZONE, groups: [group], outcomes, describe: describeValue, time }).map(checked);
}

const ONE = srv(['a']);
const TWO = srv(['a', 'b']);
const REGISTERED = 'ECS DNS Record Registered';
const REMOVED = 'ECS DNS Record Removed';

describe('the events of a group', () => {
  test.each([
    {
      what: 'a set that goes',
      before: TWO,
      events: [{ type: REMOVED, recordSet: TWO, values: ['a', 'b'] }],
    },
    {
      what: 'a set that loses a value',
      before: TWO,
      after: ONE,
      events: [{ type: REMOVED, recordSet: TWO, other: ONE, values: ['b'] }],
    },
    {
      what: 'a set that comes',
      after: ONE,
      events: [{ type: REGISTERED, recordSet: ONE, values: ['a'] }],
    },
    {
      what: 'a set that gains a value',
      before: ONE,
      after: TWO,
      events: [{ type: REGISTERED, recordSet: TWO, other: ONE, values: ['b'] }],
    },
    {
      what: 'a set with a value for another',
      before: TWO,
      after: srv(['a', 'c']),
      events: [
        { type: REMOVED, recordSet: TWO, other: srv(['a', 'c']), values: ['b'] },
        { type: REGISTERED, recordSet: srv(['a', 'c']), other: TWO, values: ['c'] },
      ],
    },
    { what: 'a set with another weight', before: ONE, after: srv(['a'], { Weight: 9 }), events: [] },
    {
      what: 'a set without values that goes',
      before: srv([], { ResourceRecords: undefined }),
      events: [{ type: REMOVED, recordSet: srv([], { ResourceRecords: undefined }), values: [] }],
    },
  ])('$what', ({ before, after, events }) => {
    expect(
      published(before, after).map(({ 'detail-type': type, detail }) => ({
        type,
        recordSet: detail.recordSet,
        ...('replaces' in detail ? { other: detail.replaces } : {}),
        ...('replacedBy' in detail ? { other: detail.replacedBy } : {}),
        values: detail.values.map(({ value }) => value),
      })),
    ).toEqual(events);
  });

  /** Sets of single values, and one set for many of them. */
  const [first, second] = ['a', 'b'].map((value) => srv([value], { SetIdentifier: value }));
  const many = (values: readonly string[]) => srv(values, { SetIdentifier: 'ecs-dns:many' });

  test.each([
    { what: 'gathers sets into one', gone: [first, second], come: [many(['a', 'b'])], told: [] },
    { what: 'parts a set into several', gone: [many(['a', 'b'])], come: [first, second], told: [] },
    {
      what: 'gathers sets, one value of which goes and one of which comes',
      gone: [first, second],
      come: [many(['b', 'c'])],
      told: [
        [REMOVED, 'a', ['a']],
        [REGISTERED, 'ecs-dns:many', ['c']],
      ],
    },
    {
      what: 'parts a set, one value of which goes',
      gone: [many(['a', 'b', 'c'])],
      come: [first, second],
      told: [[REMOVED, 'ecs-dns:many', ['c']]],
    },
  ])('of a group that $what', ({ gone, come, told }) => {
    const changes = [
      ...gone.flatMap((recordSet) =>
        recordSet === undefined ? [] : [{ action: 'DELETE' as const, recordSet }],
      ),
      ...come.flatMap((recordSet) =>
        recordSet === undefined ? [] : [{ action: 'CREATE' as const, recordSet }],
      ),
    ];
    const outcomes = new Map([['group', APPLIED]]);
    const groups = [{ key: 'group', changes, reasons: [] }];
    const events = eventsOf({ zone: ZONE, groups, outcomes, describe: describeValue, time: TIME });
    expect(
      events
        .map(checked)
        .map(({ 'detail-type': type, detail }) => [
          type,
          detail.recordSet.SetIdentifier,
          detail.values.map(({ value }) => value),
        ]),
    ).toEqual(told);
  });

  test('say which zone, when and why', () => {
    expect(published(ONE, undefined)).toMatchObject([
      {
        source: 'ecs-dns',
        detail: { version: 1, zone: ZONE, time: '2026-10-08T16:53:06.123Z', reasons: ['task-gone'] },
      },
    ]);
  });

  test.each([
    ['conflict', { status: 'conflict', detail: 'no' }],
    ['failed', { status: 'failed', detail: 'no' }],
    ['unsent', { status: 'unsent', detail: 'no', code: 'deadline' }],
  ] as const)('are none when it is %s', (_, outcome) => {
    expect(published(ONE, undefined, { outcome })).toEqual([]);
  });

  test('are none when it has no outcome', () => {
    const groups = [groupOf(ONE, undefined)];
    expect(
      eventsOf({ zone: ZONE, groups, outcomes: new Map(), describe: describeValue, time: TIME }),
    ).toEqual([]);
  });
});

describe('the id of an event', () => {
  const idsOf = (...runs: readonly ReturnType<typeof published>[]) =>
    new Set(runs.flatMap((events) => events.map(({ detail }) => detail.id)));

  test('is the same for the same change at the same time', () => {
    expect(idsOf(published(ONE, undefined), published(ONE, undefined)).size).toBe(1);
  });

  test('is another for another time, set, remainder or kind', () => {
    const runs = [
      published(ONE, undefined),
      published(ONE, undefined, { time: TIME + 1 }),
      published(TWO, undefined),
      published(TWO, ONE),
      published(undefined, ONE),
      published(TWO, srv(['a', 'c'])),
    ];
    expect(idsOf(...runs).size).toBe(7);
  });
});
