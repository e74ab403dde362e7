import type { Container, Endpoint, HiddenIn } from '../../model/inventory.ts';
import { isIpv6 } from '../../model/ip-address.ts';
import { valuesOf } from '../../model/record-set.ts';
import type { Withheld, WithheldReason } from '../../model/registration.ts';
import { containerAddressIdentifier } from '../match/managed-hosts.ts';
import { containerOf, endedIn, type MatchKind } from '../match/match-kinds.ts';
import {
  type DesiredContext,
  type DesiredOfKind,
  desiredFrom,
  exceptionRule,
  inOrder,
  requestedForms,
  type Wanted,
} from './desired-context.ts';
import { runs } from './runs.ts';
import { ipv6Only, taskIdentifier } from './srv-targets.ts';
import { originOf } from './unnamed-ports.ts';

/**
 * An A record, and where asked for an AAAA record, of every running task with a network interface of its own
 * and a name for its address, one a task, unless the zone has it already.
 */
export function desiredAddresses(context: DesiredContext): DesiredOfKind {
  const wanted = inOrder(wantedAddresses(context));
  const stays = stayingRule(context);
  const isThere = ({ name, type, value }: Wanted) =>
    context.zone.hasValue(name, type, value) && stays(name, type, value);
  const { withheld, ...rest } = desiredFrom(wanted, isThere, context);
  return {
    ...rest,
    withheld: [...withheld, ...hiddenNames(context)],
    overrides: requestedForms(wanted, context),
  };
}

/**
 * Whether a value of the zone is to stay: several containers of a host have one address, and one of them may have ended; and
 * a task may have the address of one that is gone.
 */
function stayingRule({ matched, zone }: DesiredContext) {
  const ended = new Set(
    matched.flatMap(({ entry, match }) =>
      GONE.has(match.kind) || endedIn(match) !== undefined ? [entry.recordSet] : [],
    ),
  );
  return (name: string, type: string, value: string) =>
    ended.size === 0 || zone.sets(name, type).some((set) => !ended.has(set) && valuesOf(set).includes(value));
}

const GONE: ReadonlySet<MatchKind> = new Set(['container-gone', 'task-gone']);

/** Several containers of a task may bear one name: the first counts. */
function wantedAddresses(context: DesiredContext): readonly Wanted[] {
  const wanted = new Map<string, Wanted>();
  for (const container of context.inventory.containers.filter(runs)) {
    for (const one of wantedOf(container, context.endpoints.get(container), context)) {
      if (!wanted.has(one.order)) wanted.set(one.order, one);
    }
  }
  return [...wanted.values()];
}

function wantedOf(
  container: Container,
  [first]: readonly Endpoint[],
  { zone, zoneName, options, overridesOf, earlier }: DesiredContext,
): readonly Wanted[] {
  const { addressName, addressOverrides, taskArn } = container;
  if (addressName === undefined) return [];
  const asked = addressOverrides ?? first?.overrides ?? {};
  const overrides = overridesOf({ serviceName: addressName, overrides: asked });
  if (overrides.ignored === true) return [];
  const name = `${addressName}.${zoneName}`;
  const identifier = addressIdentifier(container);
  const isThere = identifier !== undefined && zone.hasIdentifier(name, 'A', identifier);
  if (!isThere && !exceptionRule({ options })(container, name)) return [];
  return addressesOf(container, options).map(({ type, value, obstacle }) => ({
    name,
    type,
    value,
    routing: zone.routing(name, type) ?? overrides.routing ?? options.routing,
    overrides,
    order: [name, type, taskArn].join(' '),
    identifiers: identifier === undefined ? [] : [identifier],
    allTaken: `${name} has another address under the identifier of ${taskArn}`,
    obstacle: obstacle ?? earlier.ofAddress(container, name),
    after: [],
    requires: [],
  }));
}

/** Where the engine of a host was asked, what has no address of its own is reached at that of the host. */
function isAtHost({ host, networkInterface }: Container): boolean {
  return networkInterface === undefined && host?.isEngineRead === true;
}

function addressIdentifier(container: Container): string | undefined {
  const { id, host } = container;
  const isKnown = id !== undefined && host?.privateDnsName !== undefined;
  return isAtHost(container) && isKnown
    ? containerAddressIdentifier(host.privateDnsName, id)
    : taskIdentifier(container);
}

type WantedAddress = Pick<Wanted, 'type' | 'value' | 'obstacle'>;

/** At least one of them: what has a name has a record, or is told of. */
function addressesOf(
  container: Container,
  { ipv6, addresses }: DesiredContext['options'],
): readonly WantedAddress[] {
  const { host } = container;
  const hostAddress = isAtHost(container) ? host?.address : undefined;
  if (hostAddress !== undefined && !isIpv6(hostAddress)) return [{ type: 'A', value: hostAddress }];
  const { address: own, publicAddress, isPublicUnknown, ipv6: long } = container.networkInterface ?? {};
  const longs: readonly WantedAddress[] = long === undefined || !ipv6 ? [] : [{ type: 'AAAA', value: long }];
  if (addresses === 'public' && isPublicUnknown === true)
    return [unknownAddress(container, 'EC2', 'public address'), ...longs];
  const address = addresses === 'public' ? (publicAddress ?? own) : own;
  if (address !== undefined) return [{ type: 'A', value: address }, ...longs];
  return longs.length > 0 ? longs : [withoutAddress(container)];
}

function withoutAddress(container: Container): WantedAddress {
  const { name, networkInterface } = container;
  if (networkInterface === undefined) {
    const detail = `the task of ${name} is reached at its host, and has no address of its own`;
    return { type: 'A', value: '?', obstacle: { reason: 'no-interface', detail } };
  }
  const { ipv6 } = networkInterface;
  return ipv6 === undefined
    ? unknownAddress(container, 'ECS', 'address')
    : { type: 'AAAA', value: ipv6, obstacle: ipv6Only(container) };
}

function unknownAddress({ name }: Container, service: string, what: string): WantedAddress {
  const detail = `${service} tells no ${what} of the network interface of ${name}`;
  return { type: 'A', value: '?', obstacle: { reason: 'host-name-unknown', detail } };
}

/** The addresses of tasks whose name is out of sight; of one that may stand in a file only where no port tells of that. */
function hiddenNames(context: DesiredContext): readonly Withheld[] {
  const { inventory, endpoints, zoneName, overridesOf, matched } = context;
  const reached = new Set(
    matched.flatMap(({ entry, match }) => (entry.type === 'SRV' ? [] : (containerOf(match)?.taskArn ?? []))),
  );
  return inventory.containers.flatMap((container) => {
    const { networkInterface, hiddenAddressName: hidden, taskArn } = container;
    const [first] = endpoints.get(container);
    const isTold = hidden === undefined || isToldOfPort(hidden, first);
    if (isTold || networkInterface === undefined || !runs(container) || reached.has(taskArn)) return [];
    if (overridesOf({ serviceName: undefined, overrides: first?.overrides ?? {} }).ignored === true)
      return [];
    const value = networkInterface.address ?? networkInterface.ipv6 ?? '?';
    const type = isIpv6(value) ? 'AAAA' : 'A';
    const named = { name: `?.${zoneName}.`, type, value, evidence: originOf(container) };
    const [reason, detail] = HIDDEN_IN[hidden];
    return [{ ...named, reason, detail }];
  });
}

/** Whether a port that has no name either is told of for the same reason. */
function isToldOfPort(hidden: HiddenIn, first: Endpoint | undefined): boolean {
  if (hidden === 'registries') return first?.nameIssue === 'registries';
  return hidden === 'environmentFiles' && first !== undefined;
}

const HIDDEN_IN: Readonly<Record<HiddenIn, readonly [WithheldReason, string]>> = {
  secrets: ['name-hidden', 'the name of its address is a secret'],
  environmentFiles: ['name-hidden', 'the name of its address may stand in an environment file'],
  registries: [
    'registry-unknown',
    'the name of its address may be that of a registry which was not read, or was deleted',
  ],
};
