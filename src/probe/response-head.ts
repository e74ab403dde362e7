/** How the body of a response ends (RFC 9112, section 6.3). */
export type BodyFraming =
  | { readonly kind: 'length'; readonly bytes: number }
  | { readonly kind: 'chunked' | 'until-close' };

/** The head of a response: its status, how many bytes it takes, and how its body ends. */
export interface ResponseHead {
  readonly status: number;
  readonly bytes: number;
  readonly framing: BodyFraming;
}

/** `more` while the head is not there yet; the others are no HTTP/1.x, or more than anyone needs. */
export type HeadReading = ResponseHead | 'more' | 'no-http' | 'too-long';

/** As much as Node's own parser takes by default. */
const MAX_HEAD_BYTES = 16_384;
const PREFIX = Buffer.from('HTTP/1.');
const STATUS_LINE = /^HTTP\/1\.[01] ([1-9]\d{2})(?: .*)?$/;
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/**
 * Reads the head of a response from the first bytes of a connection. A health check needs a status and
 * where the body ends, and makes thousands of connections for one request each: a request object, a
 * parser and two streams for every one of them would cost more than the rest of the check.
 */
export function readHead(bytes: Buffer): HeadReading {
  const start = Math.min(bytes.length, PREFIX.length);
  if (bytes.compare(PREFIX, 0, start, 0, start) !== 0) return 'no-http';
  const end = endOfHead(bytes);
  if (end === undefined) return bytes.length > MAX_HEAD_BYTES ? 'too-long' : 'more';
  if (end > MAX_HEAD_BYTES) return 'too-long';
  const [statusLine = '', ...fields] = bytes.toString('latin1', 0, end).trimEnd().split(/\r?\n/);
  const status = Number(STATUS_LINE.exec(statusLine)?.[1]);
  const framing = framingOf(fields, status);
  return Number.isNaN(status) || framing === undefined ? 'no-http' : { status, bytes: end, framing };
}

/** The position after the blank line; some servers end their lines with a line feed alone. */
function endOfHead(bytes: Buffer): number | undefined {
  const crlf = bytes.indexOf('\r\n\r\n');
  if (crlf >= 0) return crlf + 4;
  const lf = bytes.indexOf('\n\n');
  return lf < 0 ? undefined : lf + 2;
}

const NO_BODY_STATUSES: ReadonlySet<number> = new Set([204, 304]);
const FIRST_FINAL_STATUS = 200;

/** `undefined` for what is no header field at all, and for a body that contradicts itself on its length. */
function framingOf(fields: readonly string[], status: number): BodyFraming | undefined {
  let length: number | undefined;
  let isChunked = false;
  for (const field of fields) {
    const colon = field.indexOf(':');
    if (colon < 1 || !HEADER_NAME.test(field.slice(0, colon))) return undefined;
    const name = field.slice(0, colon).toLowerCase();
    const value = field.slice(colon + 1).trim();
    if (name === 'transfer-encoding') isChunked = value.toLowerCase().endsWith('chunked');
    if (name !== 'content-length') continue;
    if (!/^\d{1,15}$/.test(value) || (length !== undefined && length !== Number(value))) return undefined;
    length = Number(value);
  }
  if (isChunked && length !== undefined) return undefined;
  if (status < FIRST_FINAL_STATUS || NO_BODY_STATUSES.has(status)) return { kind: 'length', bytes: 0 };
  if (isChunked) return { kind: 'chunked' };
  return length === undefined ? { kind: 'until-close' } : { kind: 'length', bytes: length };
}
