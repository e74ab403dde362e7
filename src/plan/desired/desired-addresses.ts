import type { Container, Endpoint } from '../../model/inventory.ts';
import { groupBy } from '../../model/multimap.ts';
import {
  type DesiredContext,
  type DesiredOfKind,
  desiredFrom,
  inOrder,
  requestedForms,
  type Wanted,
} from './desired-context.ts';
import { runs } from './desired-services.ts';
import { taskIdentifier } from './srv-targets.ts';

/**
 * An A record, and where asked for an AAAA record, of every running task with a network interface of its own
 * and a name for its address, one a task, unless the zone has it already.
 */
export function desiredAddresses(context: DesiredContext): DesiredOfKind {
  const wanted = inOrder(wantedAddresses(context));
  const isThere = ({ name, type, value }: Wanted) => context.zone.hasValue(name, type, value);
  return { ...desiredFrom(wanted, isThere, context), overrides: requestedForms(wanted, context) };
}

/** Several containers of a task may bear one name: the first counts. */
function wantedAddresses(context: DesiredContext): readonly Wanted[] {
  const endpoints = groupBy(context.inventory.endpoints, ({ container }) => container);
  const wanted = new Map<string, Wanted>();
  for (const container of context.inventory.containers.filter(runs)) {
    for (const one of wantedOf(container, endpoints.get(container), context)) {
      if (!wanted.has(one.order)) wanted.set(one.order, one);
    }
  }
  return [...wanted.values()];
}

function wantedOf(
  container: Container,
  [first]: readonly Endpoint[],
  { zoneName, options, overridesOf }: DesiredContext,
): readonly Wanted[] {
  const { addressName, taskArn } = container;
  if (addressName === undefined) return [];
  const overrides = overridesOf({ serviceName: addressName, overrides: first?.overrides ?? {} });
  if (overrides.ignored === true) return [];
  const name = `${addressName}.${zoneName}`;
  const identifier = taskIdentifier(container);
  return addressesOf(container, options).map(([type, value]) => ({
    name,
    type,
    value,
    routing: options.routing,
    overrides,
    order: [name, type, taskArn].join(' '),
    identifiers: identifier === undefined ? [] : [identifier],
    allTaken: `${name} has another address under the identifier of ${taskArn}`,
    after: [],
    requires: [],
  }));
}

function addressesOf(
  { networkInterface }: Container,
  { ipv6, addresses }: DesiredContext['options'],
): readonly (readonly ['A' | 'AAAA', string])[] {
  const { address: own, publicAddress, isPublicUnknown, ipv6: long } = networkInterface ?? {};
  const isUnknown = addresses === 'public' && isPublicUnknown === true;
  const address = addresses === 'public' ? (publicAddress ?? own) : own;
  return [
    ...(address === undefined || isUnknown ? [] : [['A', address] as const]),
    ...(long === undefined || !ipv6 ? [] : [['AAAA', long] as const]),
  ];
}
