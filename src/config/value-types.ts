import { isIPv4, isIPv6 } from 'node:net';
import { z } from 'zod';
import type { AddressRange } from '../model/address-range.ts';
import { HTTP_PATH_PATTERN } from '../model/check-value.ts';
import { normalizeName } from '../model/dns-name.ts';
import {
  DURATION_PATTERN,
  type DurationRange,
  formatDuration,
  MAX_DURATION_MS,
  parseDurationWithin,
} from '../model/duration.ts';
import type { JournalLocation } from '../model/journal-location.ts';
import type { Manage } from '../model/manage.ts';
import { NAME_SOURCES, type NameSource } from '../model/name-source.ts';
import type { StateLocation } from '../model/state-location.ts';
import { parseStatusMatcher } from '../model/status-matcher.ts';
import type { ZoneSelector } from '../model/zone.ts';
import { setting, type ValueType, valueTypes } from './setting.ts';

const CLUSTER =
  /^(?:arn:aws[a-z-]*:ecs:[a-z0-9-]+:\d{12}:cluster\/[A-Za-z0-9_-]{1,255}|[A-Za-z0-9_-]{1,255})$/;
/** Route 53's ids are upper case, at most 32 characters, and begin with Z; an emulator's with any letter. */
const ZONE_ID = /^(?:\/hostedzone\/([A-Z0-9]{1,32})|(Z[A-Z0-9]{1,31}|(?=.*\d)[A-Z0-9]{12,32}))$/;
const ZONE_NAME = /^(?=.{1,253}$)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*$/;
const DOMAIN = /^(?=.{1,253}$)[A-Za-z0-9_-]{1,63}(?:\.[A-Za-z0-9_-]{1,63})*\.?$/;
const NAME_PATTERN = /^(?=.{1,253}$)[A-Za-z0-9_*-]+(?:\.[A-Za-z0-9_*-]+)*$/;
const MANAGE_WORDS = ['convention', 'zone'] as const;
/** The two keywords are kept out, so that a list can't be mistaken for them or they for a pattern. */
const MANAGE_PATTERN = new RegExp(`^(?!(?:${MANAGE_WORDS.join('|')})$)${NAME_PATTERN.source.slice(1)}`);
const SERVICE_PATTERN = new RegExp(`^(?!(?:true|false)$)${NAME_PATTERN.source.slice(1)}`);
/** How long resolvers may keep an answer; a day is the longest that a gone container may stay known. */
const TTL_RANGE: DurationRange = { minMs: 0, maxMs: MAX_DURATION_MS };
/** Source: EventBridge API Reference, "PutEventsRequestEntry". */
const EVENT_BUS =
  /^(?:arn:aws[a-z-]*:events:[a-z]{2,}[a-z0-9-]*:\d{12}:event-bus\/[\w.\-/]{1,256}|[\w.\-/]{1,256})$/;
/** Source: SNS API Reference, "CreateTopic"; one that keeps an order asks for more than a notice has. */
const TOPIC = /^arn:aws[a-z-]*:sns:[a-z]{2,}[a-z0-9-]*:\d{12}:[A-Za-z0-9_-]{1,256}$/;
const NOTICE_WORDS = ['removals', 'held-back', 'failures', 'drift'] as const;
const QUEUE_URL = /^https?:\/\/[^\s/]+\/\d{12}\/[A-Za-z0-9_-]{1,80}$/;
/** A path has a separator in it, so that a slip such as `off` or `stdout` makes no directory. */
const JOURNAL = /^(?:none|stderr|[ -~\u00a0-\uffff]*[/\\][ -~\u00a0-\uffff]*)$/;
/** No control characters in a path. Source of a table's name: DynamoDB, "Naming rules". */
const STATE =
  /^(?:dynamodb:[A-Za-z0-9_.-]{3,255}(?:\/[A-Za-z0-9_.:-]{1,255})?|(?!dynamodb:)[ -~\u00a0-\uffff]*\.json)$/;
/** The item's key unless another is named. */
const STATE_KEY = 'ecs-dns';
const ADDRESS_RANGE = /^([0-9A-Fa-f.:]+)(?:\/(0|[1-9]\d{0,2}))?$/;
/** A last label of digits alone makes a name an address, which no server name may be (RFC 6066, 3). */
const HOST_NAME = /^(?=.{1,253}$)(?!(?:.*\.)?\d+$)[A-Za-z0-9_-]{1,63}(?:\.[A-Za-z0-9_-]{1,63})*$/;
/** The user can't hold the colon that ends it, neither part a control character (RFC 7617, 2). */
const BASIC_AUTH = /^[ -9;-~\u00a0-\uffff]+:[ -~\u00a0-\uffff]*$/;
/** As many as Route 53's own health checks search for. */
const MAX_BODY_TEXT = 255;
const FILE_PATH = /^\/[ -~\u00a0-\uffff]+$/;
const HTTP_ORIGIN = /^http:\/\/(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::\d{1,5})?$/;
const STATUS_MATCHER = /^\s*\d{3}(?:-\d{3})?\s*(?:,\s*\d{3}(?:-\d{3})?\s*)*$/;

/** A field name is a token, a field value visible characters with blanks inside (RFC 9110, 5.1 and 5.5). */
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const HEADER_VALUE = /^(?:[!-~\x80-\xff](?:[\t -~\x80-\xff]*[!-~\x80-\xff])?)?$/;
/** These say where a message ends or what becomes of its connection: the prober's own business. */
const FRAMING_HEADER =
  /^(?:connection|content-length|expect|keep-alive|proxy-connection|te|trailer|transfer-encoding|upgrade)$/i;

export const toggle = valueType('boolean', z.boolean(), 'true or false');

export function choice<const T extends readonly string[]>(words: T) {
  return valueType('choice', z.enum(words), words.join(', ').replace(/, (?=[^,]*$)/, ' or '));
}

export function wholeNumber(least: number, most: number) {
  return valueType('number', z.int().min(least).max(most), `a whole number from ${least} to ${most}`);
}

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
    const seconds = (parseDurationWithin(text, TTL_RANGE) ?? Number.NaN) / 1000;
    return Number.isInteger(seconds) ? seconds : undefined;
  }),
  'whole seconds such as 0s, 60s or 5m, up to 24h',
);

export const zoneSelector = valueType(
  'text',
  readBy(z.string(), (text): ZoneSelector | undefined => {
    const [, prefixed, bare] = ZONE_ID.exec(text) ?? [];
    const id = prefixed ?? bare;
    if (id !== undefined) return { kind: 'id', id };
    const name = normalizeName(text);
    return ZONE_NAME.test(name) ? { kind: 'name', name } : undefined;
  }),
  'a hosted-zone id such as Z0123456789ABC, or the exact name of the zone',
);

export const clusters = valueType(
  'list',
  z.array(z.string().regex(CLUSTER)).transform((names): readonly string[] => [...new Set(names)]),
  'cluster names (letters, digits, - and _, at most 255) or cluster ARNs',
);

/** Each of them once, and at least one. */
export const nameSources = valueType(
  'list',
  z
    .array(z.enum(NAME_SOURCES))
    .min(1)
    .refine((words) => new Set(words).size === words.length)
    .transform((words): readonly NameSource[] => words),
  'metadata, registries or both, the one first that wins',
);

/** A name, or an id such as `ns-e1tpmexample0001`. */
export const namespace = valueType(
  'text',
  z.string().regex(DOMAIN).transform(normalizeName),
  'the name or the id of a namespace of Cloud Map, such as prod.internal',
);

export const domains = valueType(
  'list',
  z.array(z.string().regex(DOMAIN).transform(normalizeName)).transform((names) => [...new Set(names)]),
  'domain names such as corp.example.com',
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

export const ruleMatch = setting(
  valueType(
    'text',
    z.string().regex(NAME_PATTERN).transform(normalizeName),
    'a name pattern relative to the zone such as _api.* or *._tcp',
  ),
  {
    description:
      'The services that the rule is for: a pattern of their names relative to the zone (`*` stands for any characters).',
    example: '_api.*',
  },
);

export function rules<T extends z.ZodType>(rule: T, differing: string) {
  return valueType('rules', z.array(rule), `a list of rules, each with match and ${differing}`);
}

export const servicePatterns = valueType(
  'switch-or-list',
  z.union([z.boolean(), z.array(z.string().regex(SERVICE_PATTERN).transform(normalizeName)).min(1)]),
  'true, false, or name patterns such as orders or web-*',
);

export const eventBus = valueType('text', z.string().regex(EVENT_BUS), 'the name or ARN of an event bus');

export const queueUrl = valueType(
  'text',
  z.string().regex(QUEUE_URL),
  'the URL of a standard SQS queue, such as https://sqs.eu-west-1.amazonaws.com/123456789012/ecs-events',
);

export const topicArn = valueType(
  'text',
  z.string().regex(TOPIC),
  'the ARN of a standard SNS topic, such as arn:aws:sns:eu-west-1:123456789012:ecs-dns',
);

/** Of plain HTTP only what does not leave the machine: a listener on the way could read the URL, and write to the channel. */
export const webhookUrl = valueType(
  'text',
  z.string().refine((text) => {
    if (!URL.canParse(text)) return false;
    const { protocol, hostname, username, password } = new URL(text);
    const isLocal = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
    return username + password === '' && (protocol === 'https:' || (protocol === 'http:' && isLocal));
  }),
  'an https:// URL without user and password, such as https://hooks.slack.com/services/…',
);

export const noticeKinds = valueType(
  'list',
  z.array(z.enum(NOTICE_WORDS)).transform((kinds) => [...new Set(kinds)]),
  `any of ${NOTICE_WORDS.join(', ')}`,
);

export const journalLocation = valueType(
  'text',
  z
    .string()
    .regex(JOURNAL)
    .transform((text): JournalLocation => {
      return text === 'none' || text === 'stderr' ? { kind: text } : { kind: 'directory', path: text };
    }),
  'the path of a directory, with a / in it, stderr or none',
);

export const stateLocation = valueType(
  'text',
  z
    .string()
    .regex(STATE)
    .transform((text): StateLocation => {
      if (!text.startsWith('dynamodb:')) return { kind: 'file', path: text };
      const [table = '', key = STATE_KEY] = text.slice('dynamodb:'.length).split('/');
      return { kind: 'dynamodb', table, key };
    }),
  'the path of a .json file, dynamodb:TABLE or dynamodb:TABLE/KEY',
);

/** Bits behind the prefix are kept as written: they do not change what the range holds. */
export const addressRanges = valueType(
  'list',
  z.array(
    readBy(z.string(), (text): AddressRange | undefined => {
      const [, address = '', prefix] = ADDRESS_RANGE.exec(text) ?? [];
      const family = isIPv4(address) ? 'ipv4' : isIPv6(address) ? 'ipv6' : undefined;
      const bits = family === 'ipv4' ? 32 : 128;
      const prefixLength = Number(prefix ?? bits);
      return family === undefined || prefixLength > bits ? undefined : { family, address, prefixLength };
    }),
  ),
  'address ranges such as 10.0.0.0/8 or fd00::/8, or single addresses',
);

export const httpPath = valueType(
  'text',
  z.string().regex(HTTP_PATH_PATTERN),
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

export const ipv4Address = valueType(
  'text',
  z.string().refine((text) => isIPv4(text)),
  'an IPv4 address such as 10.0.1.2',
);

export const filePath = valueType('text', z.string().regex(FILE_PATH), 'the absolute path of a file');

export const httpOrigin = valueType(
  'text',
  z.string().regex(HTTP_ORIGIN),
  'http:// with a host and a port, such as http://172.17.0.1:51678',
);

export const bodyText = valueType(
  'text',
  z.string().min(1).max(MAX_BODY_TEXT),
  'a text of 1 to 255 characters',
);

export const basicAuth = valueType(
  'text',
  z.string().regex(BASIC_AUTH),
  'user:password, without control characters, the user not empty',
);

/** As long as a chain of certificates is; a null byte is in no path and in no PEM. */
export const pem = valueType(
  'text',
  z.string().regex(/^[^\0]{1,65536}$/s),
  'a PEM, or the path of a file that is one',
);

/** Of a fully qualified service: letters, digits, `_`, `.` and `/`. */
export const grpcService = valueType(
  'text',
  z.string().regex(/^[\w./-]{1,127}$/),
  'the name of a gRPC service, of at most 127 letters, digits, _, -, / and dots',
);

const headerName = z
  .string()
  .regex(HEADER_NAME)
  .refine((name) => !FRAMING_HEADER.test(name));

/** Header names are case-insensitive, so two spellings of one name are two values for one header. */
export const headers = valueType(
  'headers',
  z.record(headerName, z.string().regex(HEADER_VALUE)).superRefine((fields, context) => {
    const folded = Object.keys(fields).map((name) => name.toLowerCase());
    for (const [index, name] of Object.keys(fields).entries()) {
      const isRepeated = folded.indexOf(name.toLowerCase()) < index;
      if (isRepeated) context.addIssue({ code: 'custom', message: 'set twice', path: [name] });
    }
  }),
  'headers as "Name: value", each name once, each value as text on one line, none that controls the connection or the length',
);

/** Whether a header's name is well formed, and so can stand in a message without giving a value away. */
export function isHeaderName(name: string): boolean {
  return HEADER_NAME.test(name);
}

function valueType<T extends z.ZodType>(kind: ValueType['kind'], schema: T, allowed: string): T {
  valueTypes.add(schema, { kind, allowed });
  return schema;
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
