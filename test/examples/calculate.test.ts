import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { calculate } from '../../examples/calc/calculate.ts';

describe('a formula', () => {
  test.each([
    ['6 * (3 + 4)', 42],
    ['0.1 + 0.2', 0.3],
    ['-2^2', -4],
    ['(-2)^2', 4],
    ['-2 ^ 3 ^ 2', -512],
    ['2^-2', 0.25],
    ['2^-2^2', 0.0625],
    ['3 - -2^2', 7],
    ['-2^2 + +2^2 * 3', 8],
    ['-sqrt(4)^2', -4],
    ['--2', 2],
    ['2^3^2', 512],
    ['17 % 5 + 10 / 4', 4.5],
    ['round(100 * sqrt(2)) / 100', 1.41],
    ['max(1, 7, 3) - min(1, 7, 3)', 6],
    ['floor(pi) + ceil(e)', 6],
    ['+1e3', 1000],
  ])('%s', (formula, value) => {
    expect(calculate(formula)).toEqual({ kind: 'number', value });
  });

  test.each([
    ['nothing', '  '],
    ['an open bracket', '('],
    ['a sign alone', '-'],
    ['a power of nothing', '-^2'],
    ['a power to nothing', '-2^'],
    ['no end of a division', '1/0'],
    ['too many values', 'sqrt(1, 2)'],
    ['too few values', 'max()'],
    ['a text', '"a"'],
    ['a list', '[1, 2]'],
    ['two formulas', '1; 2'],
    ['an assignment', 'x = 1'],
    ['a choice', '1 ? 2 : 3'],
    ['this', 'this'],
    ['a member', 'pi.constructor'],
    ['a computed member', 'pi["constructor"]'],
    ['the way to a prototype', '__proto__'],
    ['a function of every object', 'toString()'],
    ['a constructor', 'constructor("return process")()'],
    ['a called call', 'sqrt(2)(2)'],
    ['what the process knows', 'process.env'],
    ['brackets in brackets', `${'('.repeat(100)}1${')'.repeat(100)}`.padEnd(201)],
    ['more than fits', `${'1+'.repeat(100)}1`],
  ])('is refused: %s', (_, formula) => {
    expect(calculate(formula)).toMatchObject({ kind: 'invalid', detail: expect.stringMatching(/^[ -~]+$/) });
  });

  test('is worked out or refused, whatever it is', () => {
    const pieces = fc.constantFrom(
      ...'0 9 . e pi ( ) [ ] ^ * / + - , ; = ? : " \' ` { } sqrt __proto__ this \\ $'.split(' '),
    );
    const hostile = fc.oneof(
      fc.string(),
      fc.array(pieces).map((all) => all.join('')),
    );
    fc.assert(
      fc.property(hostile, (formula) => {
        const result = calculate(formula);
        expect(result.kind === 'invalid' || Number.isFinite(result.value)).toBe(true);
      }),
    );
    expect(Object.keys(Object.prototype)).toEqual([]);
  });
});
