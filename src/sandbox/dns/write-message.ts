import {
  encode,
  encodingLength,
  type Packet,
  TRUNCATED_RESPONSE,
  type Answer as WireRecord,
} from 'dns-packet';
import { withByteNames } from './byte-names.ts';

export const HEADER_BYTES = 12;

/** As many additional records as there is room for; nothing at all, and the mark for it, where the rest has none. */
export function fittedBytes(packet: Packet, additionals: readonly WireRecord[], mostBytes: number): Buffer {
  const bare = bytesOf(packet);
  if (bare.length > mostBytes) {
    const flags = (packet.flags ?? 0) | TRUNCATED_RESPONSE;
    return bytesOf({ ...packet, flags, answers: [], authorities: [] });
  }
  let left = mostBytes - bare.length;
  const fitting = additionals.filter((record) => {
    left -= encodingLength({ additionals: [record] }) - HEADER_BYTES;
    return left >= 0;
  });
  return bytesOf({ ...packet, additionals: [...fitting, ...(packet.additionals ?? [])] });
}

const QUESTION_POINTER = Buffer.of(0xc0, HEADER_BYTES);

/** The whole message; a record of the name that was asked for points at it. Source: RFC 1035, section 4.1.4. */
export function bytesOf(packet: Packet): Buffer {
  const { questions = [], answers = [], authorities = [], additionals = [] } = packet;
  const head = encoded({ ...packet, answers: [], authorities: [], additionals: [] });
  for (const [i, { length }] of [answers, authorities, additionals].entries())
    head.writeUInt16BE(length, 6 + 2 * i);
  const [question] = questions;
  const records = [...answers, ...authorities, ...additionals].map((record) => {
    const bytes = encoded({ answers: [record] }).subarray(HEADER_BYTES);
    if (record.name !== question?.name || record.name === '.') return bytes;
    // The question is its name, and two bytes each of type and class.
    return Buffer.concat([QUESTION_POINTER, bytes.subarray(head.length - HEADER_BYTES - 4)]);
  });
  return Buffer.concat([head, ...records]);
}

function encoded(packet: Packet): Buffer {
  const room = withByteNames(Buffer.alloc(encodingLength(packet)));
  encode(packet, room);
  return Buffer.from(room.buffer, room.byteOffset, encode.bytes);
}
