import type { Container, Endpoint, RecordOverrides } from '../../model/inventory.ts';
import { Multimap } from '../../model/multimap.ts';
import type { RecordSet } from '../../model/record-set.ts';
import type { DesiredRecord, Withheld } from '../../model/registration.ts';
import {
  type DesiredContext,
  type Drafts,
  desireEach,
  isWritable,
  overridesByTarget,
  placeKey,
  ttlRule,
  withholding,
} from './desired-context.ts';
import { runs } from './desired-services.ts';
import { taskIdentifier } from './srv-targets.ts';
import { isMultiValue } from './zone-index.ts';

/** An address under which a task is to be found. */
interface Wanted {
  readonly container: Container;
  /** Absolute, normalised. */
  readonly name: string;
  readonly type: 'A' | 'AAAA';
  readonly address: string;
  readonly setIdentifier: string | undefined;
  readonly overrides: RecordOverrides;
}

/**
 * An A record, and where asked for an AAAA record, of every running task with a network interface of its own
 * and a name for its address, one a task, unless the zone has it already.
 */
export function desiredAddresses(context: DesiredContext): Drafts {
  const wanted = wantedOf(context);
  const ttlOf = ttlRule(wanted, context);
  const isThere = ({ name, type, address }: Wanted) => context.zone.hasValue(name, type, address);
  const { desiredRecords, withheld } = desireEach(wanted, context.zone, (one) =>
    isThere(one) ? undefined : addressRecord(one, ttlOf(one), context),
  );
  return {
    desiredRecords,
    withheld,
    singleValueSets: singleValueSetsOf(wanted, ttlOf, context),
    overrides: overridesByTarget(
      wanted.map((one) => ({ ...one, value: one.address })),
      context,
    ),
  };
}

/** In an order that depends on the fleet alone. Several containers of a task may bear one name. */
function wantedOf({ inventory, zoneName, options, overridesOf }: DesiredContext): readonly Wanted[] {
  const endpoints = new Multimap<Container, Endpoint>();
  for (const endpoint of inventory.endpoints) endpoints.add(endpoint.container, endpoint);
  const wanted = new Map<string, Wanted>();
  for (const container of inventory.containers.filter(runs)) {
    if (container.addressName === undefined) continue;
    const [first] = endpoints.get(container);
    const overrides = overridesOf({ serviceName: container.addressName, overrides: first?.overrides ?? {} });
    if (overrides.ignored === true) continue;
    const name = `${container.addressName}.${zoneName}`;
    const setIdentifier = taskIdentifier(container);
    for (const { type, address } of addressesOf(container, options)) {
      const key = [name, type, container.taskArn].join(' ');
      if (!wanted.has(key)) wanted.set(key, { container, name, type, address, setIdentifier, overrides });
    }
  }
  return [...wanted].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}

function addressesOf(
  { networkInterface }: Container,
  { ipv6, addresses }: DesiredContext['options'],
): readonly Pick<Wanted, 'type' | 'address'>[] {
  const { address: own, publicAddress, isPublicUnknown, ipv6: long } = networkInterface ?? {};
  const isUnknown = addresses === 'public' && isPublicUnknown === true;
  const address = addresses === 'public' ? (publicAddress ?? own) : own;
  return [
    ...(address === undefined || isUnknown ? [] : [{ type: 'A', address } as const]),
    ...(long === undefined || !ipv6 ? [] : [{ type: 'AAAA', address: long } as const]),
  ];
}

function addressRecord(wanted: Wanted, ttl: number, context: DesiredContext): DesiredRecord | Withheld {
  const { name, type, address, overrides } = wanted;
  const { zone, zoneName, options } = context;
  const head = { Name: `${name}.`, Type: type };
  if (!isWritable(name, zoneName)) return withholding(head, address, 'invalid-name', `DNS takes no ${name}`);
  const obstacle = zone.obstacle(name, type, options.routing);
  if (obstacle !== undefined) return withholding(head, address, 'name-taken', obstacle);
  const recordSet = addressSet(wanted, ttl, context);
  if (recordSet === undefined) {
    const detail = `${name} has another address under the identifier of ${wanted.container.taskArn}`;
    return withholding(head, address, 'identifier-taken', detail);
  }
  const isTrusted = overrides.initialStatus === 'passing';
  return { recordSet, after: [], requires: [], isTrusted, role: 'entry', isNeeded: false };
}

/** `undefined` where the zone has another address under the task's identifier. */
function addressSet(
  { name, type, address, setIdentifier, overrides }: Wanted,
  ttl: number,
  { zone, options }: DesiredContext,
): RecordSet | undefined {
  if (setIdentifier === undefined || zone.hasIdentifier(name, type, setIdentifier)) return undefined;
  const routing =
    options.routing === 'multivalue' ? { MultiValueAnswer: true } : { Weight: overrides.weight ?? 1 };
  const ResourceRecords = [{ Value: address }];
  return {
    Name: `${name}.`,
    Type: type,
    SetIdentifier: setIdentifier,
    ...routing,
    TTL: ttl,
    ResourceRecords,
  };
}

/** For names whose values are merged: what each value would be on its own. */
function singleValueSetsOf(
  wanted: readonly Wanted[],
  ttlOf: (one: Wanted) => number,
  context: DesiredContext,
): ReadonlyMap<string, RecordSet> {
  const merged = wanted.filter(({ name, type }) => context.zone.sets(name, type).some(isMultiValue));
  return new Map(
    merged.flatMap((one) => {
      const single = addressSet(one, ttlOf(one), context);
      return single === undefined ? [] : [[placeKey(one.name, one.type, one.address), single] as const];
    }),
  );
}
