import { isIPv4, isIPv6 } from 'node:net';
import type { Answer as WireRecord } from 'dns-packet';
import type { DnsRecord } from './answer-question.ts';
import { isWireName, unescaped } from './byte-names.ts';

/** A record as dns-packet takes it; `undefined` for a type or a value that it cannot put into bytes. */
export function wireRecordOf(record: DnsRecord): WireRecord | undefined {
  const { name, type, ttl, value } = record;
  const data = DATA[type]?.(value.trim());
  if (data === undefined) return undefined;
  return { name, type, ttl, class: 'IN', data } as WireRecord;
}

/** From the text of a value to its fields. */
type Parser = (value: string) => unknown;

const DATA: Readonly<Record<string, Parser>> = {
  A: (value) => (isIPv4(value) ? value : undefined),
  AAAA: (value) => (isIPv6(value) ? value : undefined),
  CNAME: nameOf,
  NS: nameOf,
  PTR: nameOf,
  TXT: stringsOf,
  SPF: (value) => stringsOf(value)?.reduce(joinStrings, Buffer.alloc(0)),
  SRV: fields({ priority: uint16, weight: uint16, port: uint16, target: nameOf }),
  MX: fields({ preference: uint16, exchange: nameOf }),
  SOA: fields({
    mname: nameOf,
    rname: nameOf,
    serial: uint32,
    refresh: uint32,
    retry: uint32,
    expire: uint32,
    minimum: uint32,
  }),
  CAA: fields({ flags: uint8, tag: (text) => text, value: quoted }),
  NAPTR: fields({
    order: uint16,
    preference: uint16,
    flags: quoted,
    services: quoted,
    regexp: quoted,
    replacement: nameOf,
  }),
  DS: fields({ keyTag: uint16, algorithm: uint8, digestType: uint8, digest: bytesOf }),
  SSHFP: fields({ algorithm: uint8, hash: uint8, fingerprint: (text) => text }),
  TLSA: fields({ usage: uint8, selector: uint8, matchingType: uint8, certificate: bytesOf }),
};

/** Fields between blanks, each with its parser; a value with more, fewer or other ones has none. */
function fields(parsers: Readonly<Record<string, Parser>>): Parser {
  const expected = Object.entries(parsers);
  return (value) => {
    const texts = value.match(/"(?:[^"\\]|\\.)*"|\S+/gs) ?? [];
    if (texts.length !== expected.length) return undefined;
    const read = expected.map(([name, parse], i) => [name, parse(texts[i] ?? '')] as const);
    return read.some(([, field]) => field === undefined) ? undefined : Object.fromEntries(read);
  };
}

function nameOf(text: string): string | undefined {
  return isWireName(text) ? text : undefined;
}

function uint8(text: string): number | undefined {
  return numberUpTo(0xff, text);
}

function uint16(text: string): number | undefined {
  return numberUpTo(0xffff, text);
}

function uint32(text: string): number | undefined {
  return numberUpTo(0xffff_ffff, text);
}

function numberUpTo(limit: number, text: string): number | undefined {
  return /^\d{1,10}$/.test(text) && Number(text) <= limit ? Number(text) : undefined;
}

function quoted(text: string): string | undefined {
  const content = /^"(.*)"$/s.exec(text)?.[1];
  return content === undefined || content.length > 255 ? undefined : content.replace(/\\(["\\])/g, '$1');
}

/** The quoted strings of a text, as the bytes that they stand for. */
function stringsOf(value: string): readonly Buffer[] | undefined {
  const strings = [...value.matchAll(/"((?:[^"\\]|\\.)*)"/gs)].map(([, text = '']) =>
    Buffer.from(unescaped(text).replace(/\\(["\\])/g, '$1'), 'latin1'),
  );
  return strings.length > 0 && strings.every(({ length }) => length <= 255) ? strings : undefined;
}

function joinStrings(all: Buffer, string: Buffer): Buffer {
  return Buffer.concat([all, Buffer.of(string.length), string]);
}

function bytesOf(text: string): Buffer | undefined {
  return /^([0-9a-f]{2})+$/i.test(text) ? Buffer.from(text, 'hex') : undefined;
}
