import { expect, it } from 'vitest';
import { exceedsShare, formatShare, isTooMuch, limitFor, reachesShare } from '../../src/model/share.ts';

it.each([
  ['exactly the limit', 5, 10, 50, false],
  ['one above', 6, 10, 50, true],
  ['one below', 4, 10, 50, false],
  ['a limit of nothing, and nothing', 0, 10, 0, false],
  ['a limit of nothing, and one', 1, 10, 0, true],
  ['everything, where everything may go', 10, 10, 100, false],
  ['nothing of nothing', 0, 0, 0, false],
  ['a third, where 33 % may go', 1, 3, 33, true],
])('exceedsShare: %s', (_, part, whole, limit, expected) => {
  expect(exceedsShare(part, whole, limit)).toBe(expected);
});

it.each([
  ['exactly the limit', 5, 10, 50, true],
  ['one above', 6, 10, 50, true],
  ['one below', 4, 10, 50, false],
  ['a limit of nothing, and nothing', 0, 10, 0, false],
  ['a limit of nothing, and one', 1, 10, 0, true],
  ['everything, where everything may go', 10, 10, 100, false],
  ['nothing of nothing', 0, 0, 50, false],
])('reachesShare: %s', (_, part, whole, limit, expected) => {
  expect(reachesShare(part, whole, limit)).toBe(expected);
});

it.each([
  ['one of two may be sick', 1, 2, false],
  ['four of nine', 4, 9, false],
  ['five of nine', 5, 9, true],
  ['half of ten is no coincidence', 5, 10, true],
  ['less than half of ten', 4, 10, false],
])('isTooMuch by the limit for its count: %s', (_, part, whole, expected) => {
  expect(isTooMuch(part, whole, 50, limitFor(whole))).toBe(expected);
});

it.each([
  ['a whole number', 6, 10, 50, '60 %'],
  ['rounded', 2, 3, 50, '67 %'],
  ['everything', 10, 10, 50, '100 %'],
  ['one decimal where rounding would hide the excess', 101, 201, 50, '50.2 %'],
  ['one decimal where it rounds up to the limit', 1, 3, 33, '33.3 %'],
  ['two decimals where one would hide it', 5001, 10_000, 50, '50.01 %'],
  ['three where two would', 50_001, 100_000, 50, '50.001 %'],
  [
    'the limit itself, where no decimal that people read tells it from that',
    5_000_001,
    10_000_000,
    50,
    '50 %',
  ],
  ['the limit exactly', 1, 2, 50, '50 %'],
  ['just below the limit', 4999, 10_000, 50, '49.99 %'],
])('formatShare: %s', (_, part, whole, limit, expected) => {
  expect(formatShare(part, whole, limit)).toBe(expected);
});
