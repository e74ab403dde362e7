import { expect, test } from 'vitest';
import { fitFields } from '../../src/log/fit-fields.ts';
import { printable } from '../../src/model/printable.ts';

const LIMIT = 2_000;
const bytes = (fields: object) => Buffer.byteLength(printable(JSON.stringify(fields)));

test('fields that fit stay as they are', () => {
  const fields = { zone: 'Z1', list: ['a'], missing: undefined };
  expect(fitFields(fields, LIMIT)).toBe(fields);
});

test('a long list ends early, and its rest is counted', () => {
  const incomplete = Array.from({ length: 500 }, (_, i) => ({
    scope: `cluster/${i}`,
    error: 'AccessDenied',
  }));
  const fitted = fitFields({ zone: 'Z1', incomplete }, LIMIT);
  const kept = fitted['incomplete'] as readonly unknown[];

  expect(bytes(fitted)).toBeLessThanOrEqual(LIMIT);
  expect(kept.length).toBeGreaterThan(20);
  expect(kept).toEqual(incomplete.slice(0, kept.length));
  expect(fitted).toMatchObject({ zone: 'Z1', cut: { incomplete: 500 - kept.length } });
});

test.each([
  ['plain', 'x'],
  ['an escape of six bytes each', '\u202e'],
  ['quotes', '"'],
  ['two units each', '😀'],
])('a long text ends early, counted in characters: %s', (_, character) => {
  const fitted = fitFields({ detail: character.repeat(9_000), zone: 'Z1' }, LIMIT);
  const kept = String(fitted['detail']);

  expect(bytes(fitted)).toBeLessThanOrEqual(LIMIT);
  expect(Array.from(kept).every((one) => one === character)).toBe(true);
  expect(fitted).toMatchObject({ zone: 'Z1', cut: { detail: 9_000 - Array.from(kept).length } });
  expect(kept.length).toBeGreaterThan(100);
});

test('an object goes as a whole: a part of a record set would be another record set', () => {
  const recordSet = {
    Name: 'a.',
    ResourceRecords: Array.from({ length: 400 }, () => ({ Value: '1 1 80 host' })),
  };
  const fitted = fitFields({ recordSet, reasons: ['task-gone'] }, LIMIT);
  expect(fitted).toEqual({
    recordSet: undefined,
    reasons: ['task-gone'],
    cut: { recordSet: bytes(recordSet) },
  });
});

test('of several long fields as many are cut as it takes, the longest first', () => {
  const fitted = fitFields({ a: 'x'.repeat(1_500), b: ['y'.repeat(9_000)], c: 'z'.repeat(1_400) }, LIMIT);
  expect(bytes(fitted)).toBeLessThanOrEqual(LIMIT);
  expect(fitted).toMatchObject({ b: [], c: 'z'.repeat(1_400), cut: { b: 1 } });
});
