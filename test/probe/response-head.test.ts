import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type HeadReading, readHead } from '../../src/probe/response-head.ts';

const OK = 'HTTP/1.1 200 OK\r\n';
const read = (text: string) => readHead(Buffer.from(text, 'latin1'));

describe('the head of a response', () => {
  it.each<[string, string, object]>([
    [
      'with a length',
      `${OK}Content-Length: 5\r\n\r\nhello`,
      { status: 200, bytes: 38, framing: { kind: 'length', bytes: 5 } },
    ],
    ['without one', `${OK}\r\n`, { status: 200, framing: { kind: 'until-close' } }],
    ['without a reason', 'HTTP/1.0 503\r\n\r\n', { status: 503 }],
    ['in chunks', `${OK}TRANSFER-ENCODING: gzip, Chunked\r\n\r\n`, { framing: { kind: 'chunked' } }],
    [
      'that says its length twice alike',
      `${OK}content-length: 5\r\ncontent-length: 5\r\n\r\n`,
      { framing: { bytes: 5 } },
    ],
    [
      'without a body by its status',
      'HTTP/1.1 204 No Content\r\n\r\n',
      { framing: { kind: 'length', bytes: 0 } },
    ],
    ['that is only on its way', 'HTTP/1.1 100 Continue\r\n\r\n', { status: 100, bytes: 25 }],
    [
      'whose lines end with a line feed alone',
      'HTTP/1.1 200 OK\ncontent-length: 2\n\nok',
      { status: 200, bytes: 35 },
    ],
    ['with an empty field', `${OK}x-empty:\r\n\r\n`, { status: 200 }],
  ])('is read: %s', (_, text, expected) => {
    expect(read(text)).toMatchObject(expected);
  });

  it.each<[string, string, HeadReading]>([
    ['nothing yet', '', 'more'],
    ['the start of the version', 'HTT', 'more'],
    ['a head without its end', `${OK}content-length: 5\r\n`, 'more'],
    ['another protocol', 'SSH-2.0-OpenSSH_9.2\r\n', 'no-http'],
    ['another version', 'HTTP/2.0 200 OK\r\n\r\n', 'no-http'],
    ['a status that is no number', 'HTTP/1.1 2OO OK\r\n\r\n', 'no-http'],
    ['a status of two digits', 'HTTP/1.1 20 OK\r\n\r\n', 'no-http'],
    ['a field without a colon', `${OK}nonsense\r\n\r\n`, 'no-http'],
    ['a field without a name', `${OK}: nonsense\r\n\r\n`, 'no-http'],
    ['a name with a blank', `${OK}content length: 5\r\n\r\n`, 'no-http'],
    ['a length that is no number', `${OK}content-length: five\r\n\r\n`, 'no-http'],
    ['two lengths', `${OK}content-length: 5\r\ncontent-length: 6\r\n\r\n`, 'no-http'],
    ['chunks and a length', `${OK}transfer-encoding: chunked\r\ncontent-length: 6\r\n\r\n`, 'no-http'],
    ['a head without end', `${OK}x: ${'a'.repeat(16_384)}`, 'too-long'],
    ['a head of more than 16 KiB', `${OK}x: ${'a'.repeat(16_384)}\r\n\r\n`, 'too-long'],
  ])('%s', (_, text, expected) => {
    expect(read(text)).toBe(expected);
  });

  it('never throws, whatever comes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void readHead(Buffer.from(bytes))));
  });
});
