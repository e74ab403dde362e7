import { z } from 'zod';
import { normalizeName } from '../model/dns-name.ts';
import {
  DURATION_PATTERN,
  type DurationRange,
  formatDuration,
  MAX_DURATION_MS,
  parseDurationWithin,
} from '../model/duration.ts';
import { HTTP_PATH_PATTERN } from '../model/http-path.ts';
import { parseStatusMatcher } from '../model/status-matcher.ts';
import { parseAddressRange } from './address-range.ts';
import { JOURNAL_PATTERN, parseJournalLocation } from './journal-location.ts';
import { MEMORY_PATTERN, parseMemoryLocation } from './memory-location.ts';
import { parseZoneSelector } from './zone-selector.ts';

const CLUSTER =
  /^(?:arn:aws[a-z-]*:ecs:[a-z0-9-]+:\d{12}:cluster\/[A-Za-z0-9_-]{1,255}|[A-Za-z0-9_-]{1,255})$/;
const NAME_PATTERN = /^(?=.{1,253}$)[A-Za-z0-9_*-]+(?:\.[A-Za-z0-9_*-]+)*$/;
/** The two keywords are kept out, so that a list can't be mistaken for them or they for a pattern. */
const MANAGE_PATTERN = new RegExp(`^(?!(?:convention|zone)$)${NAME_PATTERN.source.slice(1)}`);
const SWITCH_PATTERN = new RegExp(`^(?!(?:true|false)$)${NAME_PATTERN.source.slice(1)}`);
const MS_PER_SECOND = 1000;
/** How long an answer may be kept; a day is longer than anybody wants to wait for a container to be forgotten. */
export const TTL_RANGE: DurationRange = { minMs: 0, maxMs: MAX_DURATION_MS };
/** Source: EventBridge API Reference, "PutEventsRequestEntry". */
const EVENT_BUS =
  /^(?:arn:aws[a-z-]*:events:[a-z]{2,}[a-z0-9-]*:\d{12}:event-bus\/[\w.\-/]{1,256}|[\w.\-/]{1,256})$/;
/** A last label of digits alone makes a name an address, which no server name may be (RFC 6066, 3). */
const HOST_NAME = /^(?=.{1,253}$)(?!(?:.*\.)?\d+$)[A-Za-z0-9_-]{1,63}(?:\.[A-Za-z0-9_-]{1,63})*$/;
/** The user can't hold the colon that ends it, neither part a control character (RFC 7617, 2). */
const BASIC_AUTH = /^[ -9;-~\u00a0-\uffff]+:[ -~\u00a0-\uffff]*$/;
/** As many as Route 53's own health checks search for. */
const MAX_BODY_TEXT = 255;
const STATUS_MATCHER = /^\s*\d{3}(?:-\d{3})?\s*(?:,\s*\d{3}(?:-\d{3})?\s*)*$/;

/** A field name is a token, a field value visible characters with blanks inside (RFC 9110, 5.1 and 5.5). */
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const HEADER_VALUE = /^(?:[!-~\x80-\xff](?:[\t -~\x80-\xff]*[!-~\x80-\xff])?)?$/;
/** These say where a message ends or what becomes of its connection: the prober's own business. */
const FRAMING_HEADERS: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'expect',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** A schema whose input `parse` turns into a value; `undefined` from `parse` makes the input invalid. */
function readBy<I, O>(source: z.ZodType<I, I>, parse: (input: I) => O | undefined) {
  return source.transform((input, context): O => {
    const value = parse(input);
    if (value !== undefined) return value;
    context.addIssue({ code: 'custom', message: 'not readable' });
    return z.NEVER;
  });
}

export const zoneSelector = readBy(z.string(), parseZoneSelector);

export const clusterReference = z.string().regex(CLUSTER);

export const addressRange = readBy(z.string(), parseAddressRange);

export const httpPath = z.string().regex(HTTP_PATH_PATTERN);

export const namePattern = z.string().regex(NAME_PATTERN).transform(normalizeName);

export const managePattern = z.string().regex(MANAGE_PATTERN).transform(normalizeName);

/** All services, none, or those whose name matches a pattern. */
export const serviceSwitch = z.union([
  z.boolean(),
  z.array(z.string().regex(SWITCH_PATTERN).transform(normalizeName)).min(1),
]);

/** How `timeToLive` wants to be written. */
export const TTL_ALLOWED = 'whole seconds such as 0s, 60s or 5m, up to 24h';

/** A TTL in whole seconds. Source: Route 53 API Reference, "ResourceRecordSet". */
export const timeToLive = readBy(z.string().regex(DURATION_PATTERN), (text) => {
  const ms = parseDurationWithin(text, TTL_RANGE);
  return ms === undefined || ms % MS_PER_SECOND !== 0 ? undefined : ms / MS_PER_SECOND;
});

export const eventBus = z.string().regex(EVENT_BUS);

export const hostName = z.string().regex(HOST_NAME).transform(normalizeName);

export const basicAuth = z.string().regex(BASIC_AUTH);

export const bodyText = z.string().min(1).max(MAX_BODY_TEXT);

export const memoryLocation = readBy(z.string().regex(MEMORY_PATTERN), parseMemoryLocation);

export const journalLocation = readBy(z.string().regex(JOURNAL_PATTERN), parseJournalLocation);

/** A plain number is let in because YAML reads an unquoted `200` as one. */
export const statusMatcher = readBy(
  z.union([z.int().min(100).max(599), z.string().regex(STATUS_MATCHER)]),
  (value) => parseStatusMatcher(String(value)),
);

/** A duration within the range, in milliseconds once read. */
export function durationWithin(range: DurationRange) {
  return readBy(z.string().regex(DURATION_PATTERN), (text) => parseDurationWithin(text, range));
}

/** How `durationWithin` the same range wants to be written. */
export function durationAllowed({ minMs, maxMs }: DurationRange): string {
  return `a duration such as 500ms, 2s, 5m or 1h, from ${formatDuration(minMs)} to ${formatDuration(maxMs)}`;
}

/** Whether a header's name is well formed, and so can stand in a message without giving a value away. */
export function isHeaderName(name: string): boolean {
  return HEADER_NAME.test(name);
}

const headerName = z
  .string()
  .regex(HEADER_NAME)
  .refine((name) => !FRAMING_HEADERS.has(name.toLowerCase()));

/** Header names are case-insensitive, so two spellings of one name are two values for one header. */
export const headers = z.record(headerName, z.string().regex(HEADER_VALUE)).superRefine((fields, context) => {
  const seen = new Set<string>();
  for (const name of Object.keys(fields)) {
    if (seen.has(name.toLowerCase())) {
      context.addIssue({ code: 'custom', message: 'set twice', path: [name] });
    }
    seen.add(name.toLowerCase());
  }
});
