import { checkValueOf } from '../../model/check-value.ts';
import type { CheckOverrides } from '../../model/health-check.ts';
import type { Notice } from '../../model/inventory.ts';
import type { ServiceMetadata } from './service-names.ts';

/** What the ports of one container say of their health checks, and what of it makes no sense. */
export interface ServiceChecks {
  of(containerPort: number): CheckOverrides;
  readonly notices: readonly Notice[];
}

/**
 * Reads registrator's `SERVICE_CHECK_…` and `SERVICE_<port>_CHECK_…` metadata; the port's own form of
 * a name wins. A value that makes no sense is a notice on that container, and counts as not there.
 * `subject` is how the notices call the container. `READERS` has the names.
 * Source: registrator's documentation, "Consul backend: health checks".
 */
export function serviceChecks(metadata: ServiceMetadata | undefined, subject: string): ServiceChecks {
  const notices: Notice[] = [];
  const said = new Map<string, CheckOverrides>();
  for (const [name, text] of metadata ?? []) {
    const [, port = ANY_PORT, key = ''] = NAME.exec(name) ?? [];
    const reader = READERS.get(key);
    if (reader === undefined || text === '') continue;
    const overrides = reader.read(text);
    if (overrides !== undefined) said.set(`${port} ${key}`, overrides);
    else notices.push({ subject, detail: `${name}: "${text}" is not ${reader.allowed}; it is left out` });
  }
  const of = (port: number) => {
    const parts = [...READERS.keys()].map(
      (key) => said.get(`${port} ${key}`) ?? said.get(`${ANY_PORT} ${key}`),
    );
    return Object.assign({}, ...parts) as CheckOverrides;
  };
  return { of: said.size === 0 ? () => NOTHING_SAID : of, notices };
}

const NOTHING_SAID: CheckOverrides = {};
const ANY_PORT = '*';
const NAME = /^SERVICE_(?:(\d{1,5})_)?(IGNORE|CHECK_[A-Z_]+)$/;

interface Reader {
  /** `undefined` for a value that makes no sense. */
  readonly read: (text: string) => CheckOverrides | undefined;
  readonly allowed: string;
}

const METHOD: Reader = {
  read: (text) => checkValueOf('method', text.toUpperCase()),
  allowed: 'GET, HEAD or OPTIONS',
};

/** Later names win over earlier ones: HTTP over HTTPS over TCP, and IGNORE over all. */
const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['CHECK_TCP', flag({ kind: 'tcp' }, {})],
  ['CHECK_HTTPS', path('https')],
  ['CHECK_HTTPS_METHOD', METHOD],
  ['CHECK_HTTP', path('http')],
  ['CHECK_HTTP_METHOD', METHOD],
  ['CHECK_TIMEOUT', { read: (text) => checkValueOf('timeout', text), allowed: 'a duration such as 2s' }],
  ['CHECK_INTERVAL', { read: (text) => checkValueOf('interval', text), allowed: 'a duration such as 500ms' }],
  ['CHECK_TLS_SKIP_VERIFY', flag({ tlsSkipVerify: true }, { tlsSkipVerify: false })],
  ['IGNORE', { read: (text) => (isFalse(text) ? {} : { kind: 'none' }), allowed: '' }],
]);

function path(kind: 'http' | 'https'): Reader {
  return {
    read: (text) => {
      const overrides = checkValueOf('path', text);
      return overrides === undefined ? undefined : { kind, ...overrides };
    },
    allowed: 'a path that starts with one /',
  };
}

function flag(on: CheckOverrides, off: CheckOverrides): Reader {
  const read = (text: string) => {
    if (isFalse(text)) return off;
    return ['true', '1'].includes(text.toLowerCase()) ? on : undefined;
  };
  return { read, allowed: 'true or false' };
}

/** How registrator's metadata says no. */
export function isFalse(text: string): boolean {
  return ['false', '0'].includes(text.toLowerCase());
}
