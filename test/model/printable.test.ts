import { describe, expect, it } from 'vitest';
import { printable } from '../../src/model/printable.ts';

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
    ['nothing', '', ''],
  ])('%s', (_, text, shown) => {
    expect(printable(text)).toBe(shown);
  });
});
