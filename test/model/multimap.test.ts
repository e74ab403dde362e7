import { describe, expect, it } from 'vitest';
import { groupBy, Multimap } from '../../src/model/multimap.ts';

describe('Multimap', () => {
  it('keeps the values of a key in the order added', () => {
    const map = new Multimap<string, number>();
    map.add('a', 2);
    map.add('b', 3);
    map.add('a', 1);
    expect([...map]).toEqual([
      ['a', [2, 1]],
      ['b', [3]],
    ]);
    expect([map.get('a'), map.has('a')]).toEqual([[2, 1], true]);
  });

  it('has no values for a key that was never added', () => {
    const map = new Multimap<string, number>();
    expect([map.get('a'), map.has('a')]).toEqual([[], false]);
  });

  it('keeps values that are undefined, or lists themselves', () => {
    const map = new Multimap<string, readonly string[] | undefined>();
    map.add('a', undefined);
    expect([map.get('a'), map.has('a')]).toEqual([[undefined], true]);
    map.add('a', ['x', 'y']);
    map.add('a', undefined);
    map.add('b', ['z']);
    expect([map.get('a'), map.get('b')]).toEqual([[undefined, ['x', 'y'], undefined], [['z']]]);
  });
});

describe('groupBy', () => {
  it('gives the groups in the order of their first value', () => {
    expect([...groupBy([3, 2, 1, 5], (n) => n % 2)]).toEqual([
      [1, [3, 1, 5]],
      [0, [2]],
    ]);
  });
});
