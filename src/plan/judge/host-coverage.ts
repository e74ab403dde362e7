import { parentDomain } from '../../model/dns-name.ts';
import type { Inventory, UnknownHost, UnknownHostLookup } from '../../model/inventory.ts';
import { domainOfRegion, isEc2Name } from '../../model/private-dns-name.ts';

/** Says why a host that no cluster has registered lies outside of what the inventory covers; else `undefined`. */
export type Outside = (host: UnknownHost) => string | undefined;

/**
 * A host that no cluster has registered is not thereby gone: it may be of another account that writes to the zone too.
 *
 * | the host                                                        | outside |
 * |-----------------------------------------------------------------|---------|
 * | exists, in no VPC in which a registered host is                 | yes     |
 * | exists otherwise                                                | no      |
 * | is described as terminated, or was registered in an earlier run | no      |
 * | is named in another region                                      | yes     |
 * | may be in a network of the zone that this role does not see     | yes     |
 * | has no address, or one in no VPC of the zone                    | yes     |
 * | has an address at which EC2 has a network interface             | yes     |
 * | otherwise                                                       | no      |
 */
export function outsideOf(inventory: Inventory, unknownHosts: UnknownHostLookup): Outside {
  const covered = new Set(inventory.hosts.flatMap(({ vpcId }) => vpcId ?? []));
  return (host) => {
    const { hostName } = host;
    if (!unknownHosts.existing.has(hostName)) {
      return isKnownGone(hostName, unknownHosts) ? undefined : outOfSight(host, inventory, unknownHosts);
    }
    const vpcs = (unknownHosts.instances.get(hostName) ?? []).map(({ vpcId }) => vpcId);
    const isElsewhere = covered.size > 0 && vpcs.length > 0 && !vpcs.some((vpc) => isWithin(vpc, covered));
    return isElsewhere
      ? `${hostName} is in ${vpcs[0]}, in which no cluster that was read has a host`
      : undefined;
  };
}

/** The hosts about which only the networks of the zone can tell whether they are gone. */
export function hostsToCover(
  hosts: readonly UnknownHost[],
  { region }: Pick<Inventory, 'region'>,
  unknownHosts: UnknownHostLookup,
): readonly UnknownHost[] {
  return hosts.filter(
    ({ hostName, address }) =>
      address !== undefined &&
      !unknownHosts.existing.has(hostName) &&
      !isKnownGone(hostName, unknownHosts) &&
      !isOfOtherRegion(hostName, region),
  );
}

/**
 * Those of the hosts that an earlier run has seen registered, by their names. One that EC2 did not name is known by its
 * address: its name was made up elsewhere, and bears nothing of the account.
 */
export function seenHosts(
  hosts: readonly UnknownHost[],
  known: ReadonlyMap<string, unknown>,
): ReadonlySet<string> {
  const isSeen = ({ hostName, address }: UnknownHost) =>
    known.has(hostName) || (address !== undefined && !isEc2Name(hostName) && known.has(address));
  return new Set(hosts.filter(isSeen).map(({ hostName }) => hostName));
}

/** A VPC that EC2 did not name may be any. */
function isWithin(vpc: string | undefined, covered: ReadonlySet<string>): boolean {
  return vpc === undefined || covered.has(vpc);
}

function isKnownGone(hostName: string, { terminated, seen }: UnknownHostLookup): boolean {
  return terminated?.has(hostName) === true || seen?.has(hostName) === true;
}

function outOfSight(
  { hostName, address }: UnknownHost,
  { region }: Inventory,
  { coverage }: UnknownHostLookup,
): string | undefined {
  if (isOfOtherRegion(hostName, region)) return `${hostName} is not a private DNS name of ${region}`;
  if (address === undefined) return `${hostName} does not tell its address, nor does the zone`;
  if (coverage === undefined) return `it was not asked in which network ${hostName} would be`;
  if (coverage.gap !== undefined) return `${hostName} may be out of sight: ${coverage.gap}`;
  const interfaces = coverage.interfaces.get(address);
  if (interfaces === undefined) return `${hostName} is at ${address}, which is in no VPC of the zone`;
  const [first] = interfaces;
  return first && `EC2 has ${first} at ${address}, the address of ${hostName}`;
}

/** Whether a name is one of those that EC2 gives, in another region. */
function isOfOtherRegion(hostName: string, region: string): boolean {
  return isEc2Name(hostName) && parentDomain(hostName) !== domainOfRegion(region);
}
