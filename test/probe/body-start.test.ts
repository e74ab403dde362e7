import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BodyStart } from '../../src/probe/body-start.ts';
import type { BodyFraming } from '../../src/probe/response-head.ts';

const CHUNKED: BodyFraming = { kind: 'chunked' };

function read(framing: BodyFraming, limit: number, ...pieces: readonly string[]) {
  const body = new BodyStart(framing, limit);
  for (const piece of pieces) body.read(Buffer.from(piece, 'latin1'));
  const { bytes, isComplete, isBroken, isFull } = body;
  return { text: bytes.toString('latin1'), isComplete, isBroken, isFull };
}

describe('the start of a body', () => {
  it.each<[string, BodyFraming, readonly string[], object]>([
    ['of a known length', { kind: 'length', bytes: 5 }, ['hello'], { text: 'hello', isComplete: true }],
    [
      '… and nothing after it',
      { kind: 'length', bytes: 5 },
      ['hello, world'],
      { text: 'hello', isComplete: true },
    ],
    ['… that has not come yet', { kind: 'length', bytes: 5 }, ['hel'], { text: 'hel', isComplete: false }],
    ['of no length at all', { kind: 'length', bytes: 0 }, [], { text: '', isComplete: true }],
    [
      'until the connection ends',
      { kind: 'until-close' },
      ['hel', 'lo'],
      { text: 'hello', isComplete: false },
    ],
    ['in chunks', CHUNKED, ['3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\n\r\n'], { text: 'hello', isComplete: true }],
    [
      'in chunks without an end',
      CHUNKED,
      ['3\r\nhel\r\n'],
      { text: 'hel', isComplete: false, isBroken: false },
    ],
    ['in a chunk whose size is none', CHUNKED, ['x\r\nhel'], { text: '', isBroken: true }],
    ['in a chunk whose size has no end', CHUNKED, ['1'.repeat(1_025)], { isBroken: true }],
    ['beyond the limit', { kind: 'until-close' }, ['a'.repeat(30)], { text: 'a'.repeat(20), isFull: true }],
    [
      'in chunks beyond the limit',
      CHUNKED,
      [`ff\r\n${'a'.repeat(255)}`],
      { text: 'a'.repeat(20), isFull: true },
    ],
  ])('%s', (_, framing, pieces, expected) => {
    expect(read(framing, 20, ...pieces)).toMatchObject(expected);
  });

  it('is the same however the chunks and the packets are cut', () => {
    const chunks = fc.array(fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 9 }), {
      maxLength: 5,
    });
    fc.assert(
      fc.property(chunks, fc.array(fc.nat(120)), (parts, cuts) => {
        const wire = `${parts.map((part) => `${part.length.toString(16)}\r\n${part}\r\n`).join('')}0\r\n\r\n`;
        const places = [0, ...cuts.map((cut) => cut % wire.length).toSorted((a, b) => a - b), wire.length];
        const pieces = places.slice(1).map((end, i) => wire.slice(places[i], end));
        expect(read(CHUNKED, 1_000, ...pieces)).toMatchObject({ text: parts.join(''), isComplete: true });
      }),
    );
  });
});
