import { describe, expect, it } from 'vitest';
import { matchesStatus, parseStatusMatcher } from '../../src/model/status-matcher.ts';

describe('parseStatusMatcher', () => {
  it.each([
    ['one status', '200', [{ from: 200, to: 200 }]],
    [
      'a list',
      '200,204',
      [
        { from: 200, to: 200 },
        { from: 204, to: 204 },
      ],
    ],
    ['a range', '200-299', [{ from: 200, to: 299 }]],
    [
      'a mixture, with blanks',
      ' 200-204, 301 ',
      [
        { from: 200, to: 204 },
        { from: 301, to: 301 },
      ],
    ],
    ['the bounds', '100-599', [{ from: 100, to: 599 }]],
  ])('reads %s', (_, text, ranges) => {
    expect(parseStatusMatcher(text)).toEqual(ranges);
  });

  it.each(['', ',', '200,', '99', '600', '100-600', '299-200', '20', '2xx', '200-', '200 204', '200--204'])(
    'rejects %j',
    (text) => {
      expect(parseStatusMatcher(text)).toBeUndefined();
    },
  );
});

describe('matchesStatus', () => {
  const ranges = parseStatusMatcher('200-204,301') ?? [];

  it.each([
    [199, false],
    [200, true],
    [204, true],
    [205, false],
    [301, true],
    [302, false],
  ])('%d: %s', (status, expected) => {
    expect(matchesStatus(ranges, status)).toBe(expected);
  });
});
