import { checkValueOf } from '../../model/check-value.ts';
import { parseDurationWithin } from '../../model/duration.ts';
import type { CheckOverrides } from '../../model/health-check.ts';
import type { Notice, RecordOverrides } from '../../model/inventory.ts';
import { MAX_SRV_PRIORITY, MAX_TTL_SECONDS, MAX_WEIGHT } from '../../model/record-set.ts';
import type { ServiceMetadata } from './service-names.ts';

/** Reads one value, `undefined` if it makes no sense, and says what would. */
interface Reader<T> {
  readonly read: (text: string) => T | undefined;
  readonly allowed: string;
}

/** By what follows `SERVICE_` or `SERVICE_<port>_`; what is read later wins over what is read before it. */
type Readers<T> = Readonly<Record<string, Reader<T>>>;

const METHOD: Reader<CheckOverrides> = {
  read: (text) => checkValueOf('method', text.toUpperCase()),
  allowed: 'GET, HEAD or OPTIONS',
};

/**
 * Registrator's `SERVICE_CHECK_…` metadata: HTTP wins over HTTPS, HTTPS over gRPC, gRPC over TCP, and IGNORE over all.
 * Source: registrator's documentation, "Consul backend: health checks".
 */
export const CHECK_SETTINGS: Readers<CheckOverrides> = {
  CHECK_TCP: flag<CheckOverrides>({ kind: 'tcp' }, {}),
  CHECK_GRPC: flag<CheckOverrides>({ kind: 'grpc' }, {}),
  CHECK_GRPC_USE_TLS: flag<CheckOverrides>({ grpcUseTls: true }, { grpcUseTls: false }),
  CHECK_HTTPS: path('https'),
  CHECK_HTTPS_METHOD: METHOD,
  CHECK_HTTP: path('http'),
  CHECK_HTTP_METHOD: METHOD,
  CHECK_TIMEOUT: { read: (text) => checkValueOf('timeout', text), allowed: 'a duration such as 2s or 1m30s' },
  CHECK_INTERVAL: {
    read: (text) => checkValueOf('interval', text),
    allowed: 'a duration such as 10s or 1m30s',
  },
  CHECK_TLS_SKIP_VERIFY: flag<CheckOverrides>({ tlsSkipVerify: true }, { tlsSkipVerify: false }),
  IGNORE: unlessFalse<CheckOverrides>({ kind: 'none' }),
};

/** `SERVICE_TTL`, `_WEIGHT`, `_PRIORITY`, `_IGNORE` and `_CHECK_INITIAL_STATUS`. */
export const RECORD_SETTINGS: Readers<RecordOverrides> = {
  TTL: { read: readTtl, allowed: 'a number of seconds, or a duration in whole seconds such as 5m' },
  WEIGHT: number('weight', MAX_WEIGHT),
  PRIORITY: number('priority', MAX_SRV_PRIORITY),
  IGNORE: unlessFalse<RecordOverrides>({ ignored: true }),
  CHECK_INITIAL_STATUS: { read: readStatus, allowed: 'passing, warning or critical' },
};

const ANY_PORT = '*';
const NAME = /^SERVICE_(?:(\d{1,5})_)?([A-Z_]+)$/;
/** Most containers say nothing; all of them share this. */
const NOTHING_SAID = {};

/**
 * What the ports of one container say: the port's own form `SERVICE_<port>_…` of a name wins over `SERVICE_…`. A value
 * that makes no sense is a notice on the container, which `subject` names, and counts as not there.
 */
export function readSettings<T extends object>(
  metadata: ServiceMetadata | undefined,
  subject: string,
  readers: Readers<T>,
): { readonly of: (containerPort: number) => T | typeof NOTHING_SAID; readonly notices: readonly Notice[] } {
  const notices: Notice[] = [];
  const said = new Map<string, T>();
  const keyOf = (port: number | string, name: string) => `${port} ${name}`;
  for (const [name, text] of metadata ?? []) {
    const [, port = ANY_PORT, key = ''] = NAME.exec(name) ?? [];
    const reader = Object.hasOwn(readers, key) ? readers[key] : undefined;
    if (reader === undefined || text === '') continue;
    const value = reader.read(text);
    if (value !== undefined) said.set(keyOf(port, key), value);
    else notices.push({ subject, detail: `${name}: "${text}" is not ${reader.allowed}; it is left out` });
  }
  if (said.size === 0) return { of: () => NOTHING_SAID, notices };
  const of = (port: number): T => {
    const parts = Object.keys(readers).map(
      (key) => said.get(keyOf(port, key)) ?? said.get(keyOf(ANY_PORT, key)),
    );
    return Object.assign({}, ...parts) as T;
  };
  return { of, notices };
}

function path(kind: 'http' | 'https'): Reader<CheckOverrides> {
  const read = (text: string) => {
    const value = checkValueOf('path', text);
    return value && { kind, ...value };
  };
  return { read, allowed: 'a path that starts with one /' };
}

function flag<T>(on: T, off: T): Reader<T> {
  const read = (text: string) => {
    if (isFalse(text)) return off;
    return ['true', '1'].includes(text.toLowerCase()) ? on : undefined;
  };
  return { read, allowed: 'true or false' };
}

/** Registrator takes any value but these two for yes. */
function unlessFalse<T extends object>(on: T): Reader<T | typeof NOTHING_SAID> {
  return { read: (text) => (isFalse(text) ? NOTHING_SAID : on), allowed: '' };
}

function isFalse(text: string): boolean {
  return ['false', '0'].includes(text.toLowerCase());
}

const MS_PER_SECOND = 1000;

function readTtl(text: string): RecordOverrides | undefined {
  const seconds = wholeNumber(text, MAX_TTL_SECONDS);
  if (seconds !== undefined) return { ttl: seconds };
  const ms = parseDurationWithin(text, { minMs: 0, maxMs: MAX_TTL_SECONDS * MS_PER_SECOND });
  return ms === undefined || ms % MS_PER_SECOND !== 0 ? undefined : { ttl: ms / MS_PER_SECOND };
}

/** Registrator's words; all but the first mean what holds anyway. */
function readStatus(text: string): RecordOverrides | undefined {
  const word = text.toLowerCase();
  if (word === 'passing') return { initialStatus: 'passing' };
  return word === 'warning' || word === 'critical' ? {} : undefined;
}

function number(key: 'weight' | 'priority', max: number): Reader<RecordOverrides> {
  const read = (text: string) => {
    const value = wholeNumber(text, max);
    return value === undefined ? undefined : { [key]: value };
  };
  return { read, allowed: `a whole number from 0 to ${max}` };
}

function wholeNumber(text: string, max: number): number | undefined {
  const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  return value <= max ? value : undefined;
}
