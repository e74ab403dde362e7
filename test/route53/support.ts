import type { HostedZone } from '@aws-sdk/client-route-53';
import type { Change, ChangeGroup } from '../../src/model/change.ts';
import { normalizeName } from '../../src/model/dns-name.ts';
import {
  isSameRecordSet,
  type RecordSet,
  recordSetKey,
  valuesOf,
  withValues,
} from '../../src/model/record-set.ts';
import type { RecordCursor, RecordPage, Route53Api } from '../../src/route53/route53-api.ts';
import { awsError } from '../aws/support.ts';

/** How one change request ends other than Route 53 would end it by itself. */
export interface Reply {
  readonly error: Error;
  /** Whether the batch is carried out although its reply is this error. */
  readonly carriedOut?: boolean;
}

/** What the Route 53 of a test holds, and how it misbehaves. */
export interface ZoneWorld {
  readonly zones?: readonly HostedZone[];
  readonly sets?: readonly RecordSet[];
  readonly pageSize?: number;
  /** For the first change requests in turn; `undefined` is an honest answer, and so is all that follows. */
  readonly replies?: readonly (Reply | undefined)[];
  /** Sets that make a batch fail with an error that names nothing. */
  readonly poison?: (set: RecordSet) => boolean;
  readonly poisonError?: string;
  /** The error that a reading of record sets ends with. */
  readonly readError?: Error;
  /** Runs before each change request is looked at. */
  readonly onChange?: (count: number) => void;
}

/** Route 53 in memory, with what has been asked of it. */
export interface InMemoryRoute53 extends Route53Api {
  readonly requests: readonly (readonly Change[])[];
  readonly readings: readonly RecordCursor[];
  /** The keys of the sets that are there now, sorted. */
  keys(): readonly string[];
}

const MAX_PAGE = 300;
const MAX_ELEMENTS = 1_000;
const MAX_CHARACTERS = 32_000;

/** Atomic batches, DELETE by exact match, the limits of one request, and Route 53's own messages. */
export function inMemoryRoute53(world: ZoneWorld = {}): InMemoryRoute53 {
  let sets = new Map((world.sets ?? []).map((set) => [recordSetKey(set), set]));
  const requests: (readonly Change[])[] = [];
  const readings: RecordCursor[] = [];
  return {
    requests,
    readings,
    keys: () => [...sets.keys()].toSorted(),
    getZone: async (id) => {
      const zone = world.zones?.find((one) => one.Id === `/hostedzone/${id}`);
      if (zone === undefined) throw awsError('NoSuchHostedZone', { status: 404 });
      return { ...zone, vpcs: [] };
    },
    listZonesFrom: async (name, id) => zonesFrom(world.zones ?? [], name, id, world.pageSize ?? 100),
    listRecordSets: async (_zoneId, from, signal) => {
      signal?.throwIfAborted();
      readings.push(from);
      if (world.readError !== undefined) throw world.readError;
      return recordsFrom([...sets.values()], from, Math.min(world.pageSize ?? MAX_PAGE, MAX_PAGE));
    },
    listProtections: async () => ({ protections: [], nextToken: undefined }),
    changeRecordSets: async (_zoneId, changes) => {
      const count = requests.push(changes);
      world.onChange?.(count);
      const reply = world.replies?.[count - 1];
      if (reply === undefined || reply.carriedOut === true) sets = changed(sets, changes, world);
      if (reply !== undefined) throw reply.error;
      return undefined;
    },
    getChange: async () => 'INSYNC',
  };
}

function changed(sets: ReadonlyMap<string, RecordSet>, changes: readonly Change[], world: ZoneWorld) {
  checkLimits(changes);
  const { poison = () => false, poisonError = 'InvalidInput' } = world;
  if (changes.some(({ recordSet }) => poison(recordSet))) {
    throw awsError(poisonError, { message: 'Invalid Resource Record', status: 400 });
  }
  const next = new Map(sets);
  const messages = changes.flatMap((change) => carryOut(change, next) ?? []);
  if (messages.length === 0) return next;
  throw awsError('InvalidChangeBatch', { message: `[${messages.join(', ')}]`, status: 400 });
}

/** Carries one change out, or says in Route 53's words why it cannot be. */
function carryOut({ action, recordSet }: Change, sets: Map<string, RecordSet>): string | undefined {
  const key = recordSetKey(recordSet);
  const there = sets.get(key);
  if (action === 'CREATE') {
    if (there !== undefined)
      return `Tried to create resource record set ${printed(recordSet)} but it already exists`;
    sets.set(key, recordSet);
    return undefined;
  }
  const tried = `Tried to delete resource record set ${printed(recordSet)} but`;
  if (there === undefined) return `${tried} it was not found`;
  if (!isSameRecordSet(there, recordSet))
    return `${tried} the values provided do not match the current values`;
  sets.delete(key);
  return undefined;
}

function printed({ Name, Type, SetIdentifier }: RecordSet): string {
  const identifier = SetIdentifier === undefined ? '' : `, set-identifier='${SetIdentifier}'`;
  return `[name='${Name}', type='${Type}'${identifier}]`;
}

function checkLimits(changes: readonly Change[]): void {
  const values = changes.flatMap(({ recordSet }) => valuesOf(recordSet));
  const characters = values.reduce((sum, value) => sum + value.length, 0);
  if (values.length <= MAX_ELEMENTS && characters <= MAX_CHARACTERS) return;
  const message = `Number of records limit of ${MAX_ELEMENTS} or ${MAX_CHARACTERS} characters exceeded.`;
  throw awsError('InvalidChangeBatch', { message, status: 400 });
}

function recordsFrom(sets: readonly RecordSet[], from: RecordCursor, size: number): RecordPage {
  const sorted = [...sets].toSorted((a, b) => compareCursors(cursorOf(a), cursorOf(b)));
  const rest = sorted.filter((set) => compareCursors(cursorOf(set), from) >= 0);
  const next = rest[size];
  return { recordSets: rest.slice(0, size), next: next === undefined ? undefined : cursorOf(next) };
}

function cursorOf({ Name, Type, SetIdentifier }: RecordSet): RecordCursor {
  return { name: Name, type: Type, setIdentifier: SetIdentifier };
}

function compareCursors(left: RecordCursor, right: RecordCursor): number {
  if (left.name === undefined || right.name === undefined)
    return left.name === right.name ? 0 : left.name ? 1 : -1;
  return (
    compareNames(left.name, right.name) ||
    compareText(left.type, right.type) ||
    compareText(left.setIdentifier, right.setIdentifier)
  );
}

/**
 * Route 53's order of names: as it stores them (lower case, `\052` for `*`), their labels from the
 * right, compared as text with the dot that ends them.
 */
function compareNames(left: string, right: string): number {
  return compareText(nameOrder(left), nameOrder(right));
}

function nameOrder(name: string): string {
  const stored = normalizeName(name).replaceAll('*', '\\052');
  return `${stored.split('.').toReversed().join('.')}.`;
}

function compareText(left = '', right = ''): number {
  return left === right ? 0 : left < right ? -1 : 1;
}

function zonesFrom(
  zones: readonly HostedZone[],
  name: string | undefined,
  id: string | undefined,
  size: number,
) {
  const order = (a: HostedZone, b: HostedZone) =>
    compareNames(a.Name ?? '', b.Name ?? '') || compareText(a.Id, b.Id);
  const start = { Name: name ?? '', Id: id ?? '' } as HostedZone;
  const rest = [...zones].toSorted(order).filter((zone) => order(zone, start) >= 0);
  const next = rest[size];
  return {
    zones: rest.slice(0, size),
    next: next === undefined ? undefined : { name: next.Name, id: next.Id },
  };
}

/** The weighted SRV set of the `index`th container. */
export function srvSet(index: number, fields: Partial<RecordSet> = {}): RecordSet {
  const host = `ip-10-0-0-${index}.eu-west-1.compute.internal`;
  return {
    Name: '_calc._tcp.discovery.internal.',
    Type: 'SRV',
    SetIdentifier: `${host}:${String(index).padStart(12, '0')}`,
    Weight: 1,
    TTL: 0,
    ResourceRecords: [{ Value: `1 1 ${32_768 + index} ${host}` }],
    ...fields,
  };
}

/** The SRV set of a name of its own. */
export function namedSet(index: number): RecordSet {
  return srvSet(index, { Name: `_s${index}._tcp.discovery.internal.` });
}

/** The weighted A set of a host. */
export function hostSet(index: number): RecordSet {
  return {
    Name: `ip-10-0-0-${index}.discovery.internal.`,
    Type: 'A',
    SetIdentifier: `ip-10-0-0-${index}.eu-west-1.compute.internal`,
    Weight: 1,
    TTL: 0,
    ResourceRecords: [{ Value: `10.0.0.${index}` }],
  };
}

/** The group that removes a set, or leaves `staying` of its values; `after` are sets that must go before. */
export function groupOf(
  set: RecordSet,
  {
    staying = [],
    after = [],
  }: { readonly staying?: readonly string[]; readonly after?: readonly RecordSet[] } = {},
): ChangeGroup {
  const rest: readonly Change[] =
    staying.length === 0 ? [] : [{ action: 'CREATE', recordSet: withValues(set, staying) }];
  return {
    key: recordSetKey(set),
    changes: [{ action: 'DELETE', recordSet: set }, ...rest],
    removed: valuesOf(set).filter((value) => !staying.includes(value)),
    reasons: ['task-gone'],
    after: after.map(recordSetKey),
  };
}

/** `count` sets, built from the numbers that follow 0. */
export function multiValueSets(
  count: number,
  build: (index: number) => RecordSet = srvSet,
): readonly RecordSet[] {
  return Array.from({ length: count }, (_, index) => build(index));
}

/** A fault after which it is not known whether the batch was carried out. */
export const FAULT = awsError('InternalFailure', { message: 'try again', status: 500 });
export const THROTTLE = awsError('Throttling', { message: 'Rate exceeded', status: 400 });
export const DENIED = awsError('AccessDenied', { message: 'not you', status: 403 });
