import { describe, expect, it } from 'vitest';
import { fitsRequest, MAX_CHARACTERS, MAX_ELEMENTS, packBatches, weightOf } from '../../src/model/batches.ts';
import type { ChangeGroup } from '../../src/model/change.ts';

/** A group of so many values of so many characters each, all in one DELETE. */
function group(
  key: string,
  elements: number,
  characters: number,
  after: readonly string[] = [],
): ChangeGroup {
  const ResourceRecords = Array.from({ length: elements }, () => ({ Value: 'x'.repeat(characters) }));
  const recordSet = { Name: `${key}.test.`, Type: 'SRV', ResourceRecords };
  return { key, changes: [{ action: 'DELETE', recordSet }], removed: [], reasons: [], after };
}

function groups(count: number, elements: number, characters: number, prefix = 'g'): ChangeGroup[] {
  return Array.from({ length: count }, (_, i) => group(`${prefix}${i}`, elements, characters));
}

function keysOf(batches: ReturnType<typeof packBatches>): string[][] {
  return batches.map((batch) => batch.map(({ key }) => key));
}

it('knows Route 53’s limits', () => {
  expect([MAX_ELEMENTS, MAX_CHARACTERS]).toEqual([1000, 32_000]);
});

it('weighs the values of every change of a group', () => {
  const [one] = groups(1, 3, 10);
  const change = one?.changes[0];
  if (one === undefined || change === undefined) throw new TypeError('no change');
  const rest = {
    action: 'CREATE',
    recordSet: { ...change.recordSet, ResourceRecords: [{ Value: 'yy' }] },
  } as const;
  expect(weightOf({ ...one, changes: [change, rest] })).toEqual({ elements: 4, characters: 32 });
});

describe('fitsRequest', () => {
  it.each([
    ['exactly 1,000 elements', 1000, 1, true],
    ['1,001 elements', 1001, 1, false],
    ['exactly 32,000 characters', 8, 4000, true],
    ['32,001 characters', 1, 32_001, false],
    ['both at their limits', 1000, 32, true],
  ])('%s', (_, elements, characters, expected) => {
    expect(fitsRequest(group('g', elements, characters))).toBe(expected);
  });
});

describe('packBatches', () => {
  it.each<[string, ChangeGroup[], number[]]>([
    ['nothing', [], []],
    ['1,000 elements are one request', groups(1000, 1, 1), [1000]],
    ['1,001 elements are two', groups(1001, 1, 1), [1000, 1]],
    ['32,000 characters are one request', groups(320, 1, 100), [320]],
    ['100 characters more are two', groups(321, 1, 100), [320, 1]],
    ['whichever limit binds first: characters', groups(900, 1, 40), [800, 100]],
    ['whichever limit binds first: elements', groups(600, 2, 1), [500, 100]],
    ['groups without values weigh nothing', [...groups(1000, 1, 1), ...groups(5, 0, 0, 'e')], [1005]],
  ])('%s', (_, all, sizes) => {
    expect(packBatches(all).map(({ length }) => length)).toEqual(sizes);
  });

  it('never splits a group', () => {
    const all = [group('a', 600, 1), group('b', 600, 1), group('c', 400, 1)];
    expect(keysOf(packBatches(all))).toEqual([['a', 'c'], ['b']]);
  });

  it('places the heaviest first, whichever limit makes them heavy', () => {
    const all = [
      group('light', 100, 1),
      group('long', 1, 20_000),
      group('multi-value', 900, 1),
      group('half', 1, 16_000),
    ];
    expect(keysOf(packBatches(all))).toEqual([
      ['multi-value', 'long'],
      ['half', 'light'],
    ]);
  });

  it('keeps the order of groups that weigh the same', () => {
    expect(keysOf(packBatches(groups(3, 1, 1)))).toEqual([['g0', 'g1', 'g2']]);
  });
});

describe('a group that comes after others', () => {
  it('goes into the same request behind them, where there is room', () => {
    const host = group('host', 1, 1, ['a', 'b']);
    expect(keysOf(packBatches([host, group('a', 1, 1), group('b', 1, 1)]))).toEqual([['a', 'b', 'host']]);
  });

  it('never goes into an earlier request, though it would fit', () => {
    const all = [group('big', 990, 1), group('late', 20, 1), group('host', 1, 1, ['late'])];
    expect(keysOf(packBatches(all))).toEqual([['big'], ['late', 'host']]);
  });

  it('waits for the latest of several', () => {
    const all = [group('a', 700, 1), group('b', 600, 1), group('c', 500, 1), group('host', 1, 1, ['a', 'c'])];
    expect(keysOf(packBatches(all))).toEqual([['a'], ['b'], ['c', 'host']]);
  });

  it('opens a request of its own where those from then on are full', () => {
    const all = [group('a', 1000, 1), group('host', 1, 1, ['a'])];
    expect(keysOf(packBatches(all))).toEqual([['a'], ['host']]);
  });

  it('is placed last however heavy it is', () => {
    const all = [group('host', 999, 1, ['a']), group('a', 1, 1)];
    expect(keysOf(packBatches(all))).toEqual([['a', 'host']]);
  });

  it('is placed behind a whole row of others', () => {
    const all = [group('c', 600, 1, ['b']), group('b', 600, 1, ['a']), group('a', 1, 1)];
    expect(keysOf(packBatches(all))).toEqual([['a', 'b'], ['c']]);
  });

  it('does not wait for a group that is not there', () => {
    expect(keysOf(packBatches([group('a', 1, 1), group('host', 1, 1, ['elsewhere'])]))).toEqual([
      ['a', 'host'],
    ]);
  });
});

it('creates before it takes away, however heavy that is', () => {
  const heavy = group('heavy', 900, 1);
  const light = group('light', 1, 1);
  const created = {
    ...light,
    changes: light.changes.map(({ recordSet }) => ({ action: 'CREATE', recordSet }) as const),
  };
  expect(keysOf(packBatches([heavy, created]))).toEqual([['light', 'heavy']]);
});

it('a group that fits no request shares one with nobody, should it be passed all the same', () => {
  const all = [group('small', 1, 1), group('huge', 1001, 1)];
  expect(keysOf(packBatches(all))).toEqual([['huge'], ['small']]);
});

describe('survivors', () => {
  const set = { Name: 'kept.test.', Type: 'SRV', ResourceRecords: [{ Value: 'x'.repeat(10) }] };
  const needing = (key: string): ChangeGroup => ({ ...group(key, 1, 10), survivors: [set] });

  it('weigh twice: they are taken out and written anew', () => {
    expect(weightOf(needing('a'))).toEqual({ elements: 3, characters: 30 });
  });

  it('weigh once in a batch, however many of its groups need them', () => {
    const many = Array.from({ length: 999 }, (_, i) => needing(`g${i}`));
    expect(packBatches(many).map(({ length }) => length)).toEqual([998, 1]);
  });
});
