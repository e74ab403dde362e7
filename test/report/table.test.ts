import * as fc from 'fast-check';
import { createColors } from 'picocolors';
import { describe, expect, it, test } from 'vitest';
import { table } from '../../src/report/table.ts';
import { widthOf, wrap } from '../../src/report/wrap.ts';

const { red } = createColors(true);

/** Words as no operator would choose them: long, wide, escaped, and with blanks that are none. */
const WORD = fc.oneof(
  fc.constantFrom(
    'ip-10-0-0-1.ec2.internal',
    'x'.repeat(253),
    '\\052.api',
    '服务发现',
    '\u001b[31mred',
    'a\u00a0b',
    '👩‍💻',
  ),
  fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' }).map((text) => text.replaceAll(' ', '_')),
);
const CELL = fc.array(WORD, { maxLength: 8 }).map((words) => words.join(' '));
const ROWS = fc.array(
  fc.record({
    mark: fc.constantFrom(red('-'), '!', '?'),
    cells: fc.array(CELL, { minLength: 1, maxLength: 6 }),
  }),
  { maxLength: 8 },
);
const HEADS = ['STATUS', 'NAME', 'TYPE', 'VALUE', 'EVIDENCE'];

function tokensOf(lines: readonly string[]): readonly string[] {
  return lines.flatMap((line) => line.split(' ')).filter((token) => token !== '');
}

/** As they are printed, which an escape or a wide character is not. */
function printed(rows: readonly { readonly mark: string; readonly cells: readonly string[] }[]) {
  return tokensOf(
    rows.flatMap(({ mark, cells }) => [
      mark,
      ...cells.map((cell) => table([{ cells: [cell] }], {})[0] ?? ''),
    ]),
  );
}

describe('a table', () => {
  it.each([20, 80, 200])('is at most %i columns wide, but for a word that alone is wider', (width) => {
    fc.assert(
      fc.property(ROWS, (rows) => {
        for (const line of table(rows, { width, heads: HEADS })) {
          if (widthOf(line) > width) expect(tokensOf([line])).toHaveLength(1);
        }
      }),
    );
  });

  it.each([20, 80, undefined])('loses and breaks no word (%s columns)', (width) => {
    fc.assert(
      fc.property(ROWS, (rows) => {
        expect(tokensOf(table(rows, { width }))).toEqual(printed(rows));
      }),
    );
  });

  it('has a line a row without a width, and where all of it fits', () => {
    fc.assert(
      fc.property(ROWS, (rows) => {
        const lines = table(rows, {});
        expect(lines).toHaveLength(rows.length);
        expect(table(rows, { width: Math.max(1, ...lines.map(widthOf)) * 2 + 8 })).toHaveLength(rows.length);
      }),
    );
  });

  const ROW = {
    mark: '-',
    cells: ['stale', '_orders._tcp', 'SRV', '1 1 80 host', 'instance i-1, status 503'],
  };

  it('keeps its columns in line, whatever is wide in them', () => {
    expect(
      table([ROW, { mark: '-', cells: ['服务', '_a._tcp', 'A', '1.2.3.4', ''] }], { heads: HEADS }),
    ).toEqual([
      '    STATUS  NAME          TYPE  VALUE        EVIDENCE',
      '  - stale   _orders._tcp  SRV   1 1 80 host  instance i-1, status 503',
      '  - 服务    _a._tcp       A     1.2.3.4',
    ]);
  });

  it('puts what does not fit under its row, a cell a line or several, and by words at the last', () => {
    expect(table([ROW], { heads: HEADS, width: 40 })).toEqual([
      '    STATUS  NAME          TYPE',
      '  - stale   _orders._tcp  SRV',
      '      1 1 80 host',
      '      instance i-1, status 503',
    ]);
    expect(table([ROW], { width: 26 })).toEqual([
      '  - stale  _orders._tcp',
      '      SRV  1 1 80 host',
      '      instance i-1, status',
      '      503',
    ]);
    expect(table([ROW], { width: 8 })).toContain('      _orders._tcp');
  });

  it('makes no column wider for one cell that is very long', () => {
    const long = { mark: '-', cells: ['stale', 'x'.repeat(60), 'SRV', '1 1 80 host', ''] };
    expect(table([ROW, ROW, long], { width: 80 })).toEqual([
      '  - stale  _orders._tcp  SRV  1 1 80 host  instance i-1, status 503',
      '  - stale  _orders._tcp  SRV  1 1 80 host  instance i-1, status 503',
      '  - stale',
      `      ${'x'.repeat(60)}  SRV`,
      '      1 1 80 host',
    ]);
  });
});

test.each([
  ['a b c', 3, ['a b', 'c']],
  ['a  b', undefined, ['a  b']],
  ['a  b', 9, ['a  b']],
  ['longer than that', 4, ['longer', 'than', 'that']],
  ['', 1, ['']],
  ['a\u00a0b c', 3, ['a\u00a0b', 'c']],
])('%j in %s columns', (text, width, lines) => {
  expect(wrap(text, width)).toEqual(lines);
});

test('a text goes on deeper than it began', () => {
  expect(wrap('one two three', 9, { first: '- ', rest: '    ' })).toEqual(['- one two', '    three']);
  expect(wrap('one two three', 3, { first: '- ', rest: '    ' })).toEqual([
    '-',
    '    one',
    '    two',
    '    three',
  ]);
});

test('a margin in colours is as wide as it looks', () => {
  const first = createColors(true).dim('- ');
  expect(wrap('one two three', 9, { first, rest: '    ' })[0]).toBe(`${first}one two`);
  const blank = createColors(true).dim('  ');
  expect(wrap('longword', 4, { first: blank, rest: '    ' })).toEqual([`${blank}longword`]);
});

test('a number is not torn from its per cent sign', () => {
  expect(wrap('2 of 2 fail (100 %), less than 50 %', 34)).toEqual(['2 of 2 fail (100 %), less than', '50 %']);
  expect(wrap('2 of 2 fail (100 %), less than 50 %', 18)).toEqual([
    '2 of 2 fail',
    '(100 %), less than',
    '50 %',
  ]);
  expect(wrap('a %b and 100 percent', 5)).toEqual(['a %b', 'and', '100', 'percent']);
});
