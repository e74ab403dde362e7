import { expect, it } from 'vitest';
import { zip } from '../../src/model/zip.ts';

const [A, B] = [{ a: 1 }, { b: 2 }];

it.each([
  [
    'as many of both',
    [1, 2],
    [A, B],
    [
      [1, A],
      [2, B],
    ],
  ],
  ['more on the left', [1, 2], [A], [[1, A]]],
  ['more on the right', [1], [A, B], [[1, A]]],
  ['none', [], [], []],
])('pairs %s', (_, left, right, expected) => {
  expect(zip<number, object>(left, right)).toEqual(expected);
});
