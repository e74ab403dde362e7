import { describe, expect, it } from 'vitest';
import { printable, printableLines } from '../../src/model/printable.ts';

describe('printable', () => {
  it.each([
    [
      'ordinary text',
      '_calc._tcp.Discovery.internal. "1 1 80 h"',
      '_calc._tcp.Discovery.internal. "1 1 80 h"',
    ],
    ['letters of other scripts', 'größe 名前', 'größe 名前'],
    ['an escape of Route 53', '\\052.internal.', '\\052.internal.'],
    ['the start of a terminal sequence', '\u001b[31m', '\\u001b[31m'],
    ['the one-character form of it', '\u009b31m', '\\u009b31m'],
    ['line ends and tabs', 'a\r\n\tb', 'a\\u000d\\u000a\\u0009b'],
    ['a backspace and a bell', 'a\u0008\u0007', 'a\\u0008\\u0007'],
    [
      'the first and the last of the control characters',
      '\u0000\u001f\u007f\u0080\u009f',
      '\\u0000\\u001f\\u007f\\u0080\\u009f',
    ],
    ['an override of the reading direction', 'a\u202eb', 'a\\u202eb'],
    ['all other embeddings and overrides', '\u202a\u202b\u202c\u202d', '\\u202a\\u202b\\u202c\\u202d'],
    ['isolates', '\u2066\u2067\u2068\u2069', '\\u2066\\u2067\\u2068\\u2069'],
    ['marks of the reading direction', '\u200e\u200f\u061c', '\\u200e\\u200f\\u061c'],
    ['what is not seen', 'a\u200b\u00ad\ufeffb', 'a\\u200b\\u00ad\\ufeffb'],
    ['line and paragraph separators', '\u2028\u2029', '\\u2028\\u2029'],
    ['a format character beyond the first plane', '\u{e0041}', '\\udb40\\udc41'],
    ['half of a character', 'a\ud83db', 'a\\ud83db'],
    ['a whole one', '😀', '😀'],
    ['nothing', '', ''],
  ])('%s', (_, text, shown) => {
    expect(printable(text)).toBe(shown);
  });
});

describe('printableLines', () => {
  it('keeps the ends of lines', () => {
    expect(printableLines('a\r\n\u001bb\n')).toBe('a\\u000d\n\\u001bb\n');
  });

  it('leaves JSON what it means', () => {
    const value = { a: 'x\u009b\u2028\u{e0041}\ud83d', b: ['\n\u001b'] };
    const text = printableLines(JSON.stringify(value, null, 2));
    expect(JSON.parse(text)).toEqual(value);
  });
});
