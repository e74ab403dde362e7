import { parseDurationWithin } from '../../model/duration.ts';
import type { Notice, RecordOverrides } from '../../model/inventory.ts';
import { MAX_SRV_PRIORITY, MAX_TTL_SECONDS, MAX_WEIGHT } from '../../model/record-set.ts';
import { isFalse } from './service-checks.ts';
import type { ServiceMetadata } from './service-names.ts';

/** What the ports of one container ask of their records, and what of it makes no sense. */
export interface ServiceOverrides {
  readonly of: (containerPort: number) => RecordOverrides;
  readonly notices: readonly Notice[];
}

/**
 * Reads `SERVICE_TTL`, `SERVICE_WEIGHT`, `SERVICE_PRIORITY`, `SERVICE_IGNORE` and `SERVICE_CHECK_INITIAL_STATUS`, each also in
 * the port's own form `SERVICE_<port>_…`, which wins. A value that makes no sense is a notice on that
 * container, and counts as not there. `subject` is how the notices call the container.
 */
export function recordOverrides(metadata: ServiceMetadata | undefined, subject: string): ServiceOverrides {
  const notices: Notice[] = [];
  const said = new Map<string, RecordOverrides>();
  for (const [name, text] of metadata ?? []) {
    const [, port = ANY_PORT, key = ''] = NAME.exec(name) ?? [];
    const reader = READERS.get(key);
    if (reader === undefined || text === '') continue;
    const overrides = reader.read(text);
    if (overrides !== undefined) said.set(`${port} ${key}`, overrides);
    else notices.push({ subject, detail: `${name}: "${text}" is not ${reader.allowed}; it is left out` });
  }
  if (said.size === 0) return { of: () => NO_WISHES, notices };
  const of = (port: number): RecordOverrides =>
    Object.assign(
      {},
      ...[...READERS.keys()].map((key) => said.get(`${port} ${key}`) ?? said.get(`${ANY_PORT} ${key}`)),
    );
  return { of, notices };
}

/** Most services ask for nothing; all of them share this. */
const NO_WISHES: RecordOverrides = {};
const ANY_PORT = '*';
const NAME = /^SERVICE_(?:(\d{1,5})_)?(TTL|WEIGHT|PRIORITY|IGNORE|CHECK_INITIAL_STATUS)$/;
const MS_PER_SECOND = 1000;

interface Reader {
  /** `undefined` for a value that makes no sense. */
  readonly read: (text: string) => RecordOverrides | undefined;
  readonly allowed: string;
}

const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['TTL', { read: readTtl, allowed: 'a number of seconds, or a duration in whole seconds such as 5m' }],
  ['WEIGHT', number('weight', MAX_WEIGHT)],
  ['PRIORITY', number('priority', MAX_SRV_PRIORITY)],
  ['IGNORE', { read: (text) => (isFalse(text) ? {} : { ignored: true }), allowed: '' }],
  ['CHECK_INITIAL_STATUS', { read: readStatus, allowed: 'passing, warning or critical' }],
]);

function readTtl(text: string): RecordOverrides | undefined {
  const seconds = wholeNumber(text, MAX_TTL_SECONDS);
  if (seconds !== undefined) return { ttl: seconds };
  const ms = parseDurationWithin(text, { minMs: 0, maxMs: MAX_TTL_SECONDS * MS_PER_SECOND });
  return ms === undefined || ms % MS_PER_SECOND !== 0 ? undefined : { ttl: ms / MS_PER_SECOND };
}

/** Registrator's words; all but the first mean what holds anyway. */
function readStatus(text: string): RecordOverrides | undefined {
  switch (text.toLowerCase()) {
    case 'passing':
      return { initialStatus: 'passing' };
    case 'warning':
    case 'critical':
      return {};
    default:
      return undefined;
  }
}

function number(key: 'weight' | 'priority', max: number): Reader {
  return {
    read: (text) => {
      const value = wholeNumber(text, max);
      return value === undefined ? undefined : { [key]: value };
    },
    allowed: `a whole number from 0 to ${max}`,
  };
}

function wholeNumber(text: string, max: number): number | undefined {
  const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  return value <= max ? value : undefined;
}
