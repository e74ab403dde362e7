import { normalizeName } from '../../model/dns-name.ts';
import type { Container, Endpoint } from '../../model/inventory.ts';
import { Multimap } from '../../model/multimap.ts';
import { type RecordSet, recordSetKey } from '../../model/record-set.ts';
import type { DesiredRecord } from '../../model/registration.ts';
import {
  type DesiredContext,
  type DesiredOfKind,
  desiredFrom,
  inOrder,
  isWritable,
  MAX_SETS_OF_NAME,
  requestedForms,
  type Wanted,
} from './desired-context.ts';
import { srvTargetOf, type TargetAddress } from './srv-targets.ts';

interface WantedPort extends Wanted {
  readonly endpoint: Endpoint;
  readonly address: TargetAddress | undefined;
}

/**
 * SRV records in the host agents' own form, of every running port with a name to which no entry of that
 * name leads; and the address of each target that any of them points at, needed where an entry is there already.
 */
export function desiredServices(context: DesiredContext): DesiredOfKind {
  const wanted = inOrder(context.inventory.endpoints.flatMap((endpoint) => wantedOf(endpoint, context)));
  const isReached = reachedRule(context);
  const there = new Set(
    wanted.filter(
      ({ endpoint, name, type, value }) =>
        isReached(endpoint, name) || context.zone.hasValue(name, type, value),
    ),
  );
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
    desiredRecords: [...targets, ...services],
    overrides: requestedForms([...there], context),
  };
}

/** Of two ports of one container, the lower comes first. */
function wantedOf(endpoint: Endpoint, { zoneName, overridesOf }: DesiredContext): readonly WantedPort[] {
  const { serviceName, container, port, protocol } = endpoint;
  if (serviceName === undefined || container.id === undefined || !runs(container)) return [];
  const overrides = overridesOf(endpoint);
  if (overrides.ignored === true) return [];
  const { priority = 1, weight = 1 } = overrides;
  const name = `${serviceName}.${zoneName}`;
  const srv = srvTargetOf(endpoint, zoneName);
  // As an agent writes it; with the port behind it where another port of the container has that one.
  const own = `${srv?.host}:${container.id}`;
  const ports = [endpoint.containerPort, port].map((one) => String(one).padStart(5, '0'));
  const addressKeys = srv?.address === undefined ? [] : [recordSetKey(addressHead(srv.address))];
  return [
    {
      endpoint,
      address: srv?.address,
      name,
      type: 'SRV',
      value: `${priority} ${weight} ${port} ${srv?.target ?? '?'}`,
      routing: 'weighted',
      overrides,
      order: [name, srv?.target, container.id, ...ports, protocol].join(' '),
      identifiers: srv === undefined ? [] : [own, `${own}/${port}`],
      allTaken: `${name} has other values under the identifiers of ${container.id}`,
      unknown:
        srv === undefined
          ? `neither EC2 nor ECS tells a name or address of where ${container.name} runs`
          : undefined,
      after: addressKeys,
      // A name of the zone leads nowhere without its record; every other one the VPC answers for.
      requires: srv?.address?.name === srv?.target ? addressKeys : [],
    },
  ];
}

/** What ECS still lists on a host that is no more runs no longer. */
export function runs({ phase, host }: Container): boolean {
  return phase === 'running' && host?.state !== 'gone' && host?.state !== 'unreachable';
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
  const { name, setIdentifier, address } = target;
  const others = zone.sets(name, 'A');
  const isKnown =
    zone.hasValue(name, 'A', address) ||
    others.some(({ SetIdentifier }) => normalizeName(SetIdentifier ?? '') === setIdentifier);
  const hasRoom = zone.obstacle(name, 'A', 'weighted') === undefined && others.length < MAX_SETS_OF_NAME;
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

function addressHead({ name, setIdentifier }: TargetAddress) {
  return { Name: `${name}.`, Type: 'A', SetIdentifier: setIdentifier } as const;
}
