import type { Endpoint, HiddenIn, Notice } from '../../model/inventory.ts';
import type { NameClaim, TaskNames } from './name-claims.ts';
import type { SelfDescription } from './self-description.ts';

/** What is to be known of a container apart from what it says of itself. */
export interface ClaimedContainer {
  readonly said: SelfDescription;
  /** Its own ports, bound or mapped. */
  readonly ports: readonly number[];
  /** The claims that are for it. */
  readonly claims: readonly NameClaim[];
  /** Whether its task may have other names than are known, and this container with it. */
  readonly isOpen: boolean;
  /** For notices. */
  readonly subject: string;
}

type PortSaid = ReturnType<SelfDescription['portOf']>;
type NameOfPort = Pick<Endpoint, 'serviceName' | 'nameIssue' | 'isNamedByRegistry' | 'overrides'>;

/** A container as its metadata and its registries name it, the first of both in the order of the settings. */
export function claimedNames({ order }: TaskNames, container: ClaimedContainer): SelfDescription {
  const { said, ports, isOpen } = container;
  const hasMetadata = order.includes('metadata');
  const isFirst = order[0] === 'metadata';
  const isUnread = said.serviceNames === 'unknown';
  // Metadata that were not read may name first, or ask for another weight, or for no record at all.
  const claims = isUnread ? [] : container.claims;
  const portOf = lastKnown((port) => namedPort(said.portOf(port), claimOf(port, claims), order, isOpen));
  const addressClaim = claims.find(({ kind }) => kind === 'address');
  const own = hasMetadata && isNamed(said.addressName, said.hiddenAddressName);
  const address = own && (isFirst || addressClaim === undefined) ? undefined : addressClaim;
  const asked = ports[0] === undefined ? {} : said.portOf(ports[0]).overrides;
  const claimedPorts = new Set(claims.flatMap(({ kind, port }) => (kind === 'port' ? (port ?? []) : [])));
  return {
    ...said,
    ...(own && address === undefined
      ? {}
      : {
          addressName: address?.name,
          hiddenAddressName: address !== undefined && address.name === undefined ? 'registries' : undefined,
        }),
    addressOverrides: { ...asked, ...address?.overrides },
    serviceNames:
      isOpen || isUnread
        ? 'unknown'
        : namesOf(hasMetadata ? said.serviceNames : [], said, claimedPorts, portOf),
    notices: [...said.notices, ...clashes(container, order, addressClaim)],
    portOf,
  };
}

function claimOf(port: number, claims: readonly NameClaim[]): NameClaim | undefined {
  return claims.find((one) => one.kind === 'port' && (one.port === undefined || one.port === port));
}

/** Whether metadata name something, or may do so where no API tells. */
function isNamed(name: string | undefined, hidden: string | undefined): boolean {
  return name !== undefined || hidden === 'secrets' || hidden === 'environmentFiles';
}

function namedPort(
  said: PortSaid,
  claim: NameClaim | undefined,
  order: TaskNames['order'],
  isOpen: boolean,
): PortSaid {
  const hasMetadata = order.includes('metadata');
  const isOwn = hasMetadata && isNamed(said.serviceName, said.nameIssue);
  if (claim === undefined || (isOwn && order[0] === 'metadata'))
    return hasMetadata ? said : { ...said, serviceName: undefined, nameIssue: undefined };
  return { ...said, ...nameOf(claim, said, isOpen) };
}

function nameOf({ name, overrides }: NameClaim, said: PortSaid, isOpen: boolean): NameOfPort {
  const hidden: HiddenIn = 'registries';
  return {
    serviceName: name,
    nameIssue: name === undefined || isOpen ? hidden : undefined,
    isNamedByRegistry: said.serviceName === undefined,
    overrides: name === undefined ? said.overrides : { ...said.overrides, ...overrides },
  };
}

/** All names of its ports, those that it does not bind with them; a name that another one has pushed aside is none. */
function namesOf(
  own: readonly string[],
  said: SelfDescription,
  claimed: ReadonlySet<number>,
  portOf: SelfDescription['portOf'],
): readonly string[] {
  const aside = new Set<string>();
  const names = new Set(own);
  for (const port of claimed) {
    const [before, now] = [said.portOf(port).serviceName, portOf(port).serviceName];
    if (before !== undefined && before !== now) aside.add(before);
    if (now !== undefined) names.add(now);
  }
  return [...names].filter((name) => !aside.has(name)).toSorted();
}

/** What both name, each in its way: one name of the two is not in the zone. */
function clashes(
  { said, ports, claims, subject }: ClaimedContainer,
  order: TaskNames['order'],
  address: NameClaim | undefined,
): readonly Notice[] {
  if (order.length < 2) return [];
  const clash = (what: string, own: string | undefined, claimed: string | undefined): readonly Notice[] => {
    if (own === undefined || claimed === undefined || own === claimed) return [];
    const detail = `${what} is ${own} by its metadata and ${claimed} by its registry: \`names\` has ${order[0]} first`;
    return [{ subject, detail }];
  };
  return [
    ...ports.flatMap((port) =>
      clash(`port ${port}`, said.portOf(port).serviceName, claimOf(port, claims)?.name),
    ),
    ...clash('its address', said.addressName, address?.name),
  ];
}

function lastKnown<T>(read: (port: number) => T): (port: number) => T {
  const known = new Map<number, T>();
  return (port) => {
    const found = known.get(port) ?? read(port);
    known.set(port, found);
    return found;
  };
}
