import { z } from 'zod';
import { HTTP_PATH_PATTERN } from '../model/check-value.ts';
import { normalizeName } from '../model/dns-name.ts';
import {
  DURATION_PATTERN,
  type DurationRange,
  formatDuration,
  MAX_DURATION_MS,
  parseDurationWithin,
} from '../model/duration.ts';
import type { Manage } from '../model/manage.ts';
import { parseStatusMatcher } from '../model/status-matcher.ts';
import { parseAddressRange } from './parse-address-range.ts';
import { JOURNAL_PATTERN, parseJournalLocation } from './parse-journal-location.ts';
import { MEMORY_PATTERN, parseMemoryLocation } from './parse-memory-location.ts';
import type { SettingKind, ValueType } from './setting.ts';
import { parseZoneSelector } from './zone-selector.ts';

const CLUSTER =
  /^(?:arn:aws[a-z-]*:ecs:[a-z0-9-]+:\d{12}:cluster\/[A-Za-z0-9_-]{1,255}|[A-Za-z0-9_-]{1,255})$/;
const NAME_PATTERN = /^(?=.{1,253}$)[A-Za-z0-9_*-]+(?:\.[A-Za-z0-9_*-]+)*$/;
const MANAGE_WORDS = ['convention', 'zone'] as const;
/** The two keywords are kept out, so that a list can't be mistaken for them or they for a pattern. */
const MANAGE_PATTERN = new RegExp(`^(?!(?:${MANAGE_WORDS.join('|')})$)${NAME_PATTERN.source.slice(1)}`);
const SERVICE_PATTERN = new RegExp(`^(?!(?:true|false)$)${NAME_PATTERN.source.slice(1)}`);
const MS_PER_SECOND = 1000;
/** How long resolvers may keep an answer; a day is the longest that a gone container may stay known. */
const TTL_RANGE: DurationRange = { minMs: 0, maxMs: MAX_DURATION_MS };
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

/** `true` or `false`. */
export const toggle = valueType('boolean', z.boolean(), 'true or false');

/** One of a few words. */
export function choice<const T extends readonly string[]>(words: T) {
  return valueType('choice', z.enum(words), words.join(', ').replace(/, (?=[^,]*$)/, ' or '));
}

/** A whole number, both bounds included. */
export function wholeNumber(least: number, most: number) {
  return valueType('number', z.int().min(least).max(most), `a whole number from ${least} to ${most}`);
}

/** A whole number without an upper bound. */
export const count = valueType('number', z.int().min(0), 'a whole number, 0 or more');

export const percent = valueType('number', z.number().min(0).max(100), 'a number from 0 to 100');

/** A duration within the range, in milliseconds once read. */
export function duration(range: DurationRange) {
  return valueType(
    'duration',
    readBy(z.string().regex(DURATION_PATTERN), (text) => parseDurationWithin(text, range)),
    `a duration such as 500ms, 2s, 5m or 1h, from ${formatDuration(range.minMs)} to ${formatDuration(range.maxMs)}`,
  );
}

/** A TTL in whole seconds. Source: Route 53 API Reference, "ResourceRecordSet". */
export const timeToLive = valueType(
  'duration',
  readBy(z.string().regex(DURATION_PATTERN), (text) => {
    const ms = parseDurationWithin(text, TTL_RANGE);
    return ms === undefined || ms % MS_PER_SECOND !== 0 ? undefined : ms / MS_PER_SECOND;
  }),
  'whole seconds such as 0s, 60s or 5m, up to 24h',
);

export const zoneSelector = valueType(
  'text',
  readBy(z.string(), parseZoneSelector),
  'a hosted-zone id such as Z0123456789ABC, or the exact name of the zone',
);

export const clusters = valueType(
  'list',
  z.array(z.string().regex(CLUSTER)).transform((names): readonly string[] => [...new Set(names)]),
  'cluster names (letters, digits, - and _, at most 255) or cluster ARNs',
);

export const manageScope = valueType(
  'choice-or-list',
  z
    .union([z.enum(MANAGE_WORDS), z.array(z.string().regex(MANAGE_PATTERN).transform(normalizeName)).min(1)])
    .transform((scope): Manage => {
      return typeof scope === 'string' ? { kind: scope } : { kind: 'patterns', patterns: scope };
    }),
  'convention, zone, or name patterns relative to the zone such as _api.* or *._tcp',
);

/** What every rule for services begins with. */
export const namePattern = valueType(
  'text',
  z.string().regex(NAME_PATTERN).transform(normalizeName),
  'a name pattern relative to the zone such as _api.* or *._tcp',
);

/** All services, none, or those whose name matches a pattern. */
export const servicePatterns = valueType(
  'switch-or-list',
  z.union([z.boolean(), z.array(z.string().regex(SERVICE_PATTERN).transform(normalizeName)).min(1)]),
  'true, false, or name patterns such as orders or web-*',
);

export const eventBus = textMatching(EVENT_BUS, 'the name or ARN of an event bus');

export const journalLocation = valueType(
  'text',
  readBy(z.string().regex(JOURNAL_PATTERN), parseJournalLocation),
  'the path of a directory, with a / in it, stderr or none',
);

export const memoryLocation = valueType(
  'text',
  readBy(z.string().regex(MEMORY_PATTERN), parseMemoryLocation),
  'the path of a .json file, dynamodb:TABLE or dynamodb:TABLE/KEY',
);

export const addressRanges = valueType(
  'list',
  z.array(readBy(z.string(), parseAddressRange)),
  'address ranges such as 10.0.0.0/8 or fd00::/8, or single addresses',
);

export const httpPath = textMatching(
  HTTP_PATH_PATTERN,
  'a path that starts with one /, without blanks, \\ and #',
);

/** A plain number is let in because YAML reads an unquoted `200` as one. */
export const statusMatcher = valueType(
  'text',
  readBy(z.union([z.int().min(100).max(599), z.string().regex(STATUS_MATCHER)]), (value) =>
    parseStatusMatcher(String(value)),
  ),
  'statuses from 100 to 599 such as 200, "200,204" or 200-299',
);

export const hostName = valueType(
  'text',
  z.string().regex(HOST_NAME).transform(normalizeName),
  'a DNS name such as api.example.com, of letters, digits, -, _ and dots, without a port',
);

export const bodyText = valueType(
  'text',
  z.string().min(1).max(MAX_BODY_TEXT),
  'a text of 1 to 255 characters',
);

export const basicAuth = secret(
  textMatching(BASIC_AUTH, 'user:password, without control characters, the user not empty'),
);

const headerName = z
  .string()
  .regex(HEADER_NAME)
  .refine((name) => !FRAMING_HEADERS.has(name.toLowerCase()));

/** Header names are case-insensitive, so two spellings of one name are two values for one header. */
export const headers = secret(
  valueType(
    'headers',
    z.record(headerName, z.string().regex(HEADER_VALUE)).superRefine((fields, context) => {
      const seen = new Set<string>();
      for (const name of Object.keys(fields)) {
        if (seen.has(name.toLowerCase())) {
          context.addIssue({ code: 'custom', message: 'set twice', path: [name] });
        }
        seen.add(name.toLowerCase());
      }
    }),
    'headers as "Name: value", each name once, each value as text on one line, none that controls the connection or the length',
  ),
);

/** A list of rules for services. */
export function rules<T extends z.ZodType>(rule: T, differing: string) {
  return valueType('rules', z.array(rule), `a list of rules, each with match and ${differing}`);
}

/** The same values, which no message may repeat. */
export function secret<T extends z.ZodType>(open: ValueType<T>): ValueType<T> {
  return { ...open, isSecret: true };
}

/** Whether a header's name is well formed, and so can stand in a message without giving a value away. */
export function isHeaderName(name: string): boolean {
  return HEADER_NAME.test(name);
}

function textMatching(pattern: RegExp, allowed: string) {
  return valueType('text', z.string().regex(pattern), allowed);
}

function valueType<T extends z.ZodType>(kind: SettingKind, schema: T, allowed: string): ValueType<T> {
  return { kind, schema, allowed, isSecret: false };
}

/** A schema whose input `parse` turns into a value; `undefined` from `parse` makes the input invalid. */
function readBy<I, O>(source: z.ZodType<I, I>, parse: (input: I) => O | undefined) {
  return source.transform((input, context): O => {
    const value = parse(input);
    if (value !== undefined) return value;
    context.addIssue({ code: 'custom', message: 'not readable' });
    return z.NEVER;
  });
}
