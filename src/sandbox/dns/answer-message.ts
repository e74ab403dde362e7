import {
  AUTHORITATIVE_ANSWER,
  type DecodedPacket,
  decode,
  type OptAnswer,
  type Packet,
  type Question,
  RECURSION_AVAILABLE,
  RECURSION_DESIRED,
  type Answer as WireRecord,
} from 'dns-packet';
import { type Answer, answerQuestion, type DnsRecord } from './answer-question.ts';
import { withByteNames } from './byte-names.ts';
import type { Chance } from './choose-sets.ts';
import type { NameView } from './name-view.ts';
import { wireRecordOf } from './record-data.ts';
import { bytesOf, fittedBytes, HEADER_BYTES } from './write-message.ts';

/** How a message came: what an answer may have at the most depends on it. */
export type Transport = 'udp' | 'tcp';

/** Without EDNS, and the least with it. Source: RFC 1035, section 4.2.1; RFC 6891, section 6.2.3. */
const PLAIN_UDP_BYTES = 512;
/** Source: Route 53 Developer Guide, "DNS service behavior": answers of up to 4,096 bytes by EDNS0. */
const MOST_UDP_BYTES = 4096;
const MOST_TCP_BYTES = 65_535;

const RESPONSE_BIT = 0x80;
const RCODES = {
  NOERROR: 0,
  FORMERR: 1,
  SERVFAIL: 2,
  NXDOMAIN: 3,
  NOTIMP: 4,
  REFUSED: 5,
  BADVERS: 16,
} as const;
type Rcode = keyof typeof RCODES;

const NO_RECORDS = { authoritative: false, answers: [], authorities: [], additionals: [] } as const;

/**
 * The bytes that answer a message, whatever it holds; `undefined` for what is no question, which gets no answer.
 *
 * `FORMERR` for what cannot be read or does not hold one question, `NOTIMP` for operations other than QUERY and for
 * transfers of zones, `REFUSED` for classes other than IN, `BADVERS` for EDNS other than 0, and `SERVFAIL` for a record
 * that has no form in bytes. An answer that is too long loses its additional records, and then all: it is truncated.
 */
export function answerMessage(
  view: NameView,
  chance: Chance,
  message: Buffer,
  transport: Transport,
): Buffer | undefined {
  if (message.length < HEADER_BYTES || ((message[2] ?? 0) & RESPONSE_BIT) !== 0) return undefined;
  const query = read(message);
  if (query === undefined) return formatError(message);
  const reply = { query, view, mostBytes: mostBytesFor(query, transport) };
  const refusal = refusalOf(query);
  if (refusal !== undefined) return written(reply, { ...NO_RECORDS, rcode: refusal });
  const [question] = query.questions ?? [];
  if (question === undefined) return formatError(message);
  return written(reply, answerQuestion(view, question, chance));
}

/** A message in its parts; `undefined` where it cannot be read. */
function read(message: Buffer): DecodedPacket | undefined {
  try {
    return decode(withByteNames(Buffer.from(message)));
  } catch {
    return undefined;
  }
}

/** The header comes back, for its id, and nothing else. */
function formatError(message: Buffer): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  message.copy(header, 0, 0, 4);
  // Of the flags what is asked for stays: the operation, and whether recursion is desired.
  header[2] = RESPONSE_BIT | ((header[2] ?? 0) & 0x79);
  header[3] = RCODES.FORMERR;
  return header;
}

function refusalOf(query: DecodedPacket): Rcode | undefined {
  const { questions = [], additionals = [] } = query;
  const [question] = questions;
  if (Reflect.get(query, 'opcode') !== 'QUERY') return 'NOTIMP';
  if (question === undefined || questions.length > 1 || additionals.filter(isOpt).length > 1)
    return 'FORMERR';
  if (optOf(query) !== undefined && optOf(query)?.ednsVersion !== 0) return 'BADVERS';
  if (question.class !== 'IN') return 'REFUSED';
  return ['AXFR', 'IXFR'].includes(question.type) ? 'NOTIMP' : undefined;
}

function isOpt(record: WireRecord): record is OptAnswer {
  return record.type === 'OPT';
}

function optOf({ additionals = [] }: Packet): OptAnswer | undefined {
  return additionals.find(isOpt);
}

function mostBytesFor(query: Packet, transport: Transport): number {
  if (transport === 'tcp') return MOST_TCP_BYTES;
  const asked = optOf(query)?.udpPayloadSize ?? PLAIN_UDP_BYTES;
  return Math.min(Math.max(asked, PLAIN_UDP_BYTES), MOST_UDP_BYTES);
}

interface Reply {
  readonly query: DecodedPacket;
  readonly view: NameView;
  readonly mostBytes: number;
}

type Content = Omit<Answer, 'rcode'> & { readonly rcode: Rcode };

function written(reply: Reply, content: Content): Buffer {
  const answers = wireRecords(content.answers);
  const authorities = wireRecords(content.authorities);
  const additionals = wireRecords(content.additionals) ?? [];
  const failed = packetOf(reply, { ...NO_RECORDS, rcode: 'SERVFAIL' });
  if (answers === undefined || authorities === undefined) return bytesOf(failed);
  try {
    const packet = { ...packetOf(reply, content), answers, authorities };
    return fittedBytes(packet, additionals, reply.mostBytes);
  } catch {
    return bytesOf(failed);
  }
}

/** The answer without its records. */
function packetOf({ query, view }: Reply, { rcode, authoritative }: Content): Packet {
  const code = RCODES[rcode];
  const opcode = (query.flags ?? 0) & 0x7800;
  const flags =
    opcode |
    (code & 0xf) |
    (authoritative && !view.recursive ? AUTHORITATIVE_ANSWER : 0) |
    (query.flag_rd ? RECURSION_DESIRED : 0) |
    (view.recursive ? RECURSION_AVAILABLE : 0);
  const opt = optOf(query);
  const own: OptAnswer = { ...OWN_OPT, extendedRcode: code >> 4 };
  // A class that dns-packet has no name for, it could not write again.
  const isKnown = (question: Question) => question.class?.startsWith('UNKNOWN') !== true;
  const questions = (query.questions ?? []).slice(0, 1).filter(isKnown);
  return {
    type: 'response',
    id: query.id ?? 0,
    flags,
    questions,
    additionals: opt === undefined ? [] : [own],
  };
}

const OWN_OPT: OptAnswer = {
  name: '.',
  type: 'OPT',
  udpPayloadSize: MOST_UDP_BYTES,
  extendedRcode: 0,
  ednsVersion: 0,
  flags: 0,
  flag_do: false,
  options: [],
};

/** `undefined` where one of them has no form in bytes. */
function wireRecords(records: readonly DnsRecord[]): WireRecord[] | undefined {
  const wire = records.map(wireRecordOf).filter((record) => record !== undefined);
  return wire.length === records.length ? wire : undefined;
}
