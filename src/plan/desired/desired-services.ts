import { normalizeName } from '../../model/dns-name.ts';
import type { Container, Endpoint, RecordOverrides } from '../../model/inventory.ts';
import { type RecordSet, recordSetKey } from '../../model/record-set.ts';
import type { DesiredRecord, Withheld } from '../../model/registration.ts';
import {
  type DesiredContext,
  type Drafts,
  desireEach,
  isWritable,
  MAX_SETS_OF_NAME,
  overridesByTarget,
  placeKey,
  ttlRule,
  withholding,
} from './desired-context.ts';
import { type SrvTarget, srvTargetOf, type TargetAddress } from './srv-targets.ts';
import { isMultiValue, type ZoneIndex } from './zone-index.ts';

/** A port that runs under a name, and where. */
interface Wanted {
  readonly endpoint: Endpoint;
  /** Absolute, normalised. */
  readonly name: string;
  readonly type: 'SRV';
  readonly overrides: RecordOverrides;
  readonly containerId: string;
  readonly target: SrvTarget | undefined;
}

/**
 * SRV records in the host agents' own form, of every running port with a name to which no entry of that
 * name leads; and the address of each target that any of them points at.
 */
export function desiredServices(context: DesiredContext): Drafts {
  const wanted = wantedOf(context);
  const isReached = reachedRule(context);
  const isThere = ({ endpoint, name, target }: Wanted) =>
    isReached(endpoint, name) || context.zone.hasValue(name, 'SRV', `0 0 ${endpoint.port} ${target?.target}`);
  const [there, missing] = [wanted.filter(isThere), wanted.filter((one) => !isThere(one))];
  const targets = targetRecords([...there, ...missing], new Set(there), context);
  const placed = new Set(targets.map(({ recordSet }) => recordSetKey(recordSet)));
  const ttlOf = ttlRule(wanted, context);
  const { desiredRecords, withheld } = desireEach(missing, context.zone, (one) =>
    serviceRecord(one, ttlOf(one), placed, context),
  );
  return {
    desiredRecords: [...targets, ...desiredRecords],
    withheld,
    singleValueSets: singleValueSetsOf(there, ttlOf, context),
    overrides: overridesByTarget(there.map(withValue), context),
  };
}

/** For names whose values are merged: what each value would be on its own. */
function singleValueSetsOf(
  there: readonly Wanted[],
  ttlOf: (one: Wanted) => number,
  { zone }: DesiredContext,
): ReadonlyMap<string, RecordSet> {
  const singleValueSets = new Map<string, RecordSet>();
  for (const one of there) {
    const others = zone.sets(one.name, 'SRV');
    if (one.target === undefined || !others.some(isMultiValue)) continue;
    const identifier = freeIdentifier(one, one.target, zone);
    if (identifier === undefined) continue;
    const value = srvValueOf(one, one.target);
    const single = weightedSet(headOf(one.name), identifier, one.overrides.weight ?? 1, ttlOf(one), value);
    zone.add(single);
    singleValueSets.set(placeKey(one.name, 'SRV', value), single);
  }
  return singleValueSets;
}

function withValue(one: Wanted): Wanted & { readonly value: string } {
  return { ...one, value: srvValueOf(one, one.target) };
}

function headOf(name: string): Pick<RecordSet, 'Name' | 'Type'> {
  return { Name: `${name}.`, Type: 'SRV' };
}

function srvValueOf(
  { endpoint, overrides: { priority = 1, weight = 1 } }: Wanted,
  target: SrvTarget | undefined,
): string {
  return `${priority} ${weight} ${endpoint.port} ${target?.target ?? '?'}`;
}

/** One for each target, needed wherever an entry of the zone points at it already. */
function targetRecords(
  wanted: readonly Wanted[],
  there: ReadonlySet<Wanted>,
  context: DesiredContext,
): readonly DesiredRecord[] {
  return wanted.flatMap((one) => {
    const address = one.target?.address;
    return (address && targetRecord(address, there.has(one), context)) ?? [];
  });
}

/** In an order that depends on the fleet alone: of two ports of one container, the lower comes first. */
function wantedOf({ inventory, zoneName, overridesOf }: DesiredContext): readonly Wanted[] {
  const wanted = inventory.endpoints.flatMap((endpoint): readonly Wanted[] => {
    const { serviceName, container } = endpoint;
    if (serviceName === undefined || container.id === undefined || !runs(container)) return [];
    const overrides = overridesOf(endpoint);
    if (overrides.ignored === true) return [];
    const name = `${serviceName}.${zoneName}`;
    const target = srvTargetOf(endpoint, zoneName);
    return [{ endpoint, name, type: 'SRV', overrides, containerId: container.id, target }];
  });
  return wanted
    .map((one) => ({ one, order: orderOf(one) }))
    .toSorted(byOrder)
    .map(({ one }) => one);
}

function byOrder(left: { readonly order: string }, right: { readonly order: string }): number {
  return left.order < right.order ? -1 : 1;
}

function orderOf({ endpoint, name, containerId, target }: Wanted): string {
  const ports = [endpoint.containerPort, endpoint.port].map((port) => String(port).padStart(5, '0'));
  return [name, target?.target, containerId, ...ports, endpoint.protocol].join(' ');
}

/** What ECS still lists on a host that is no more runs no longer. */
export function runs({ phase, host }: Container): boolean {
  return phase === 'running' && host?.state !== 'gone' && host?.state !== 'unreachable';
}

/** By the entries that lead to a port themselves, and not in the target of its predecessor. */
function reachedRule({ matched }: DesiredContext): (endpoint: Endpoint, name: string) => boolean {
  const names = new Map<Endpoint, Set<string>>();
  for (const { entry, match } of matched) {
    if (match.kind !== 'endpoint' || entry.type !== 'SRV') continue;
    names.set(match.endpoint, (names.get(match.endpoint) ?? new Set()).add(entry.name));
  }
  return (endpoint, name) => names.get(endpoint)?.has(name) === true;
}

function serviceRecord(
  wanted: Wanted,
  ttl: number,
  placed: ReadonlySet<string>,
  { zone, zoneName }: DesiredContext,
): DesiredRecord | Withheld {
  const { endpoint, name, target, overrides } = wanted;
  const value = srvValueOf(wanted, target);
  const head = headOf(name);
  if (!isWritable(name, zoneName)) return withholding(head, value, 'invalid-name', `DNS takes no ${name}`);
  if (target === undefined) {
    const detail = `neither EC2 nor ECS tells a name or address of where ${endpoint.container.name} runs`;
    return withholding(head, value, 'host-name-unknown', detail);
  }
  const obstacle = zone.obstacle(name, 'SRV', 'weighted');
  if (obstacle !== undefined) return withholding(head, value, 'name-taken', obstacle);
  const identifier = freeIdentifier(wanted, target, zone);
  if (identifier === undefined) {
    const detail = `${name} has other values under the identifiers of ${wanted.containerId}`;
    return withholding(head, value, 'identifier-taken', detail);
  }
  return {
    recordSet: weightedSet(head, identifier, overrides.weight ?? 1, ttl, value),
    after: keysOf(target, placed),
    requires: requiredBy(target),
    isTrusted: overrides.initialStatus === 'passing',
    role: 'entry',
    isNeeded: false,
  };
}

function keysOf({ address }: SrvTarget, placed: ReadonlySet<string>): readonly string[] {
  const key = address && recordSetKey(placeHead(address));
  return key !== undefined && placed.has(key) ? [key] : [];
}

/** A name of the zone leads nowhere without its record; every other one the VPC answers for. */
function requiredBy({ target, address }: SrvTarget): readonly string[] {
  return address?.name === target ? [recordSetKey(placeHead(address))] : [];
}

/** As an agent writes it; with the port behind it where another port of the container has that one. */
function freeIdentifier(
  { name, type, endpoint, containerId }: Wanted,
  { host }: SrvTarget,
  zone: ZoneIndex,
): string | undefined {
  const own = `${host}:${containerId}`;
  return [own, `${own}/${endpoint.port}`].find((identifier) => !zone.hasIdentifier(name, type, identifier));
}

/** The address of a target, unless the zone has it already. */
function targetRecord(
  target: TargetAddress,
  isNeeded: boolean,
  { zone, zoneName, options }: DesiredContext,
): DesiredRecord | undefined {
  const { name, setIdentifier, address } = target;
  const others = zone.sets(name, 'A');
  const isKnown =
    zone.hasValue(name, 'A', address) ||
    others.some(({ SetIdentifier }) => normalizeName(SetIdentifier ?? '') === setIdentifier);
  const hasRoom = zone.obstacle(name, 'A', 'weighted') === undefined && others.length < MAX_SETS_OF_NAME;
  if (isKnown || !hasRoom || !isWritable(name, zoneName)) return undefined;
  const ttl = others[0]?.TTL ?? options.ttl;
  const recordSet = weightedSet(placeHead(target), setIdentifier, 1, ttl, address);
  zone.add(recordSet);
  return { recordSet, after: [], requires: [], isTrusted: false, role: 'target', isNeeded };
}

function placeHead({
  name,
  setIdentifier,
}: TargetAddress): Pick<RecordSet, 'Name' | 'Type' | 'SetIdentifier'> {
  return { Name: `${name}.`, Type: 'A', SetIdentifier: setIdentifier };
}

/** A weighted set with one value, in the order of fields in which Route 53 lists them. */
export function weightedSet(
  { Name, Type }: Pick<RecordSet, 'Name' | 'Type'>,
  SetIdentifier: string,
  Weight: number,
  TTL: number,
  Value: string,
): RecordSet {
  return { Name, Type, SetIdentifier, Weight, TTL, ResourceRecords: [{ Value }] };
}
