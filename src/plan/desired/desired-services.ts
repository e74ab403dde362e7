import { isBelow, normalizeName } from '../../model/dns-name.ts';
import { type Endpoint, isScope, type Routing } from '../../model/inventory.ts';
import { Multimap } from '../../model/multimap.ts';
import { type RecordSet, recordSetKey, valuesOf } from '../../model/record-set.ts';
import type { DesiredRecord } from '../../model/registration.ts';
import { MAX_IDENTIFIER_LENGTH, srvIdentifiers } from '../../model/set-identifier.ts';
import { parseSrvValue, targetKey } from '../../model/srv-value.ts';
import {
  type DesiredContext,
  type DesiredOfKind,
  desiredFrom,
  exceptionRule,
  inOrder,
  isWritable,
  MAX_SETS_OF_NAME,
  requestedForms,
  type Wanted,
} from './desired-context.ts';
import { runs } from './runs.ts';
import { ipv6Only, srvTargetOf, type TargetAddress } from './srv-targets.ts';
import { unnamedPorts } from './unnamed-ports.ts';

interface WantedPort extends Wanted {
  readonly endpoint: Endpoint;
  readonly address: TargetAddress | undefined;
}

/**
 * SRV records in the host agents' own form, of every running port with a name to which no entry of that
 * name leads; and the address of each target that any of them points at, needed where an entry is there already.
 */
export function desiredServices(context: DesiredContext): DesiredOfKind {
  const all = oneOfEach(
    inOrder(context.inventory.endpoints.flatMap((endpoint) => wantedOf(endpoint, context))),
  );
  const isReached = reachedRule(context);
  const there = new Set(
    all.filter(
      ({ endpoint, name, type, value }) =>
        isReached(endpoint, name) || context.zone.hasValue(name, type, value),
    ),
  );
  const mayCome = exceptionRule(context);
  const wanted = all.filter((one) => there.has(one) || mayCome(one.endpoint.container, one.name));
  const targets = [...there, ...wanted.filter((one) => !there.has(one))].flatMap(
    ({ address }, index) => (address && targetRecord(address, index < there.size, context)) ?? [],
  );
  const placed = new Set(targets.map(({ recordSet }) => recordSetKey(recordSet)));
  const { desiredRecords, ...rest } = desiredFrom(wanted, (one) => there.has(one), context);
  const services = desiredRecords.map((one) => ({
    ...one,
    after: one.after.filter((key) => placed.has(key)),
  }));
  return {
    ...rest,
    withheld: [...rest.withheld, ...unnamedPorts(context)],
    desiredRecords: [...targets, ...services],
    overrides: requestedForms([...there], context),
  };
}

/** A port over TCP and UDP has one value: that of TCP, which can be checked. */
function oneOfEach(wanted: readonly WantedPort[]): readonly WantedPort[] {
  const byValue = new Map<string, WantedPort>();
  for (const one of wanted) {
    const { name, type, value, endpoint } = one;
    const key = `${targetKey(name, type, value)} ${endpoint.container.id}`;
    if (!byValue.has(key) || endpoint.protocol === 'tcp') byValue.set(key, one);
  }
  return [...byValue.values()];
}

/** Of two ports of one container, the lower comes first. */
function wantedOf(
  endpoint: Endpoint,
  { zone, zoneName, options, overridesOf, spellingOf, inventory, earlier }: DesiredContext,
): readonly WantedPort[] {
  const { serviceName, container, port, protocol } = endpoint;
  if (serviceName === undefined || !runs(container)) return [];
  const overrides = overridesOf(endpoint);
  if (overrides.ignored === true) return [];
  const { priority = 1, weight = 1 } = overrides;
  const name = `${serviceName}.${zoneName}`;
  const routing = zone.routing(name, 'SRV') ?? overrides.routing ?? 'weighted';
  const srv = srvTargetOf(endpoint, zoneName, options, spellingOf);
  const ports = [endpoint.containerPort, port].map((one) => String(one).padStart(5, '0'));
  const isPart = isScope(inventory);
  const address = isPart ? requiredAddress(srv) : srv?.address;
  const addressKeys = address === undefined ? [] : [recordSetKey(addressHead(address))];
  const identifiers =
    srv === undefined || container.id === undefined
      ? []
      : srvIdentifiers(srv.host, container.id, port, routing);
  return [
    {
      endpoint,
      address,
      name,
      type: 'SRV',
      value: `${priority} ${weight} ${port} ${srv?.target ?? '?'}`,
      routing,
      overrides,
      order: [name, srv?.target, container.id, ...ports, protocol].join(' '),
      identifiers,
      allTaken: `${name} has other values under the identifiers of ${container.id}`,
      obstacle:
        obstacleOf(endpoint, srv, routing) ??
        (isPart ? spellingObstacle(endpoint, options) : undefined) ??
        (isPart ? takenObstacle(zone.sets(name, 'SRV'), identifiers, port, zoneName) : undefined) ??
        earlier.ofPort(endpoint, name),
      after: addressKeys,
      // A name of the zone leads nowhere without its record; every other one the VPC answers for.
      requires: address !== undefined && address.name === srv?.target ? addressKeys : [],
    },
  ];
}

/** The address that a target of the zone needs; that of a host, which a VPC answers for, is left to whole runs. */
function requiredAddress(srv: ReturnType<typeof srvTargetOf>): TargetAddress | undefined {
  return srv?.address?.name === srv?.target ? srv?.address : undefined;
}

/** How the agents of a host spell its name, only a zone that was read whole can tell. */
function spellingObstacle(
  { container: { host } }: Endpoint,
  { hostNames }: DesiredContext['options'],
): Wanted['obstacle'] {
  if (hostNames !== 'zone' || host === undefined) return undefined;
  return { reason: 'out-of-scope', detail: 'hosts.name is zone, and this run does not read all of the zone' };
}

/** Where a set of the container leads by another name of the zone, only a run that reads that can tell. */
function takenObstacle(
  sets: readonly RecordSet[],
  identifiers: readonly string[],
  port: number,
  zoneName: string,
): Wanted['obstacle'] {
  const own = sets.filter(({ SetIdentifier = '' }) => identifiers.includes(normalizeName(SetIdentifier)));
  const isThere = own.flatMap(valuesOf).some((value) => {
    const srv = parseSrvValue(value);
    return srv?.port === port && isBelow(srv.target, zoneName);
  });
  const detail = 'its set leads to a name of the zone, and this run does not read all of the zone';
  return isThere ? { reason: 'out-of-scope', detail } : undefined;
}

/** Why the value, or the identifier of its set, cannot be told, or may not be written. */
function obstacleOf(
  { container, port }: Endpoint,
  srv: ReturnType<typeof srvTargetOf>,
  routing: Routing,
): Wanted['obstacle'] {
  const { name, id } = container;
  if (srv === undefined) {
    const detail = `neither EC2 nor ECS tells a name or address of where ${name} runs`;
    return { reason: 'host-name-unknown', detail };
  }
  if (srv.isUnwanted) return ipv6Only(container);
  if (id === undefined)
    return { reason: 'task-starting', detail: `ECS has not told the container id of ${name} yet` };
  if (srvIdentifiers(srv.host, id, port, routing).length > 0) return undefined;
  const detail = `${srv.host} is too long: a set identifier has at most ${MAX_IDENTIFIER_LENGTH} characters`;
  return { reason: 'identifier-too-long', detail };
}

/** By the entries that lead to a port themselves, and not in place of its predecessor. */
function reachedRule({ matched }: DesiredContext): (endpoint: Endpoint, name: string) => boolean {
  const names = new Multimap<Endpoint, string>();
  for (const { entry, match } of matched) {
    if (match.kind === 'endpoint' && entry.type === 'SRV') names.add(match.endpoint, entry.name);
  }
  return (endpoint, name) => names.get(endpoint).includes(name);
}

/** The address of a target, unless the zone has it already. */
function targetRecord(
  target: TargetAddress,
  isNeeded: boolean,
  { zone, zoneName, options }: DesiredContext,
): DesiredRecord | undefined {
  const { name, type, setIdentifier, address } = target;
  const others = zone.sets(name, type);
  const isKnown =
    zone.hasValue(name, type, address) ||
    others.some(({ SetIdentifier }) => normalizeName(SetIdentifier ?? '') === setIdentifier);
  const hasRoom = zone.obstacle(name, type, 'weighted') === undefined && others.length < MAX_SETS_OF_NAME;
  if (isKnown || !hasRoom || !isWritable(name, zoneName)) return undefined;
  const recordSet: RecordSet = {
    ...addressHead(target),
    Weight: 1,
    TTL: zone.ttl(name, 'A') ?? options.ttl,
    ResourceRecords: [{ Value: address }],
  };
  zone.add(recordSet);
  return { recordSet, after: [], requires: [], isTrusted: false, role: 'target', isNeeded };
}

function addressHead({ name, type, setIdentifier }: TargetAddress) {
  return { Name: `${name}.`, Type: type, SetIdentifier: setIdentifier } as const;
}
