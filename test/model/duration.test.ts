import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  durationText,
  formatDuration,
  parseDuration,
  parseDurationWithin,
  parseGoDuration,
} from '../../src/model/duration.ts';

describe('parseDuration', () => {
  it.each([
    ['0s', 0],
    ['0ms', 0],
    ['500ms', 500],
    ['2s', 2000],
    ['90s', 90_000],
    ['5m', 300_000],
    ['1h', 3_600_000],
  ])('reads %s as %d ms', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it.each([
    '',
    '2',
    '0',
    's',
    '-2s',
    '+2s',
    '02s',
    '1.5s',
    '2 s',
    ' 2s',
    '2S',
    '2sec',
    '1h30m',
    '9007199254740992ms',
  ])('rejects %j', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });
});

describe('formatDuration', () => {
  it.each([
    [0, '0s'],
    [1, '1ms'],
    [1500, '1500ms'],
    [60_000, '1m'],
    [90_000, '90s'],
    [86_400_000, '24h'],
  ])('writes %d ms as %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });

  it('is read back as the same duration', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.maxSafeNat(),
          fc.nat(200_000),
          fc.nat(1000).map((s) => s * 60_000),
        ),
        (ms) => {
          expect(parseDuration(formatDuration(ms))).toBe(ms);
        },
      ),
    );
  });
});

describe('parseDurationWithin', () => {
  it.each([
    ['1s', 1000],
    ['999ms', undefined],
    ['1m', 60_000],
    ['60001ms', undefined],
    ['5', undefined],
  ])('from 1s to 1m reads %s as %j', (text, ms) => {
    expect(parseDurationWithin(text, { minMs: 1000, maxMs: 60_000 })).toBe(ms);
  });
});

describe('parseGoDuration', () => {
  const day = { minMs: 0, maxMs: 86_400_000 };

  it.each([
    ['0', 0],
    ['0s', 0],
    ['10s', 10_000],
    ['1m30s', 90_000],
    ['1h2m3s', 3_723_000],
    ['0.5s', 500],
    ['.5s', 500],
    ['2.s', 2000],
    ['1.5h', 5_400_000],
    ['300ms', 300],
    ['1500us', 2],
    ['1500µs', 2],
    ['1500μs', 2],
    ['1000000ns', 1],
    ['24h', 86_400_000],
  ])('reads %s as %d ms', (text, ms) => {
    expect(parseGoDuration(text, day)).toBe(ms);
  });

  it.each(['', '5', '00', 's', '.s', '-2s', '+2s', '1 s', '1m 30s', '1m30', '2S', '1d', 'x1s', '24h1ms'])(
    'rejects %j',
    (text) => {
      expect(parseGoDuration(text, day)).toBeUndefined();
    },
  );

  it('keeps to the range', () => {
    expect(parseGoDuration('0.1ms', { minMs: 1, maxMs: 10 })).toBeUndefined();
    expect(parseGoDuration('1ms', { minMs: 1, maxMs: 10 })).toBe(1);
  });
});

it.each([
  [0, '0ms'],
  [0.4, '0ms'],
  [812.3, '812ms'],
  [999.6, '1s'],
  [4_060, '4.1s'],
  [59_940, '59.9s'],
  [59_960, '1m'],
  [60_000, '1m'],
  [100_000, '1m40s'],
  [3_600_000, '1h'],
  [3_659_000, '1h'],
  [3_700_000, '1h1m'],
  [91_112_000, '1d1h'],
  [200_000_000, '2d7h'],
])('%d ms that were measured are written as %s', (ms, text) => {
  expect(durationText(ms)).toBe(text);
});
