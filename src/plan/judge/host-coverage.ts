import { parentDomain } from '../../model/dns-name.ts';
import type { Inventory, UnknownHostLookup } from '../../model/inventory.ts';
import { domainOfRegion } from '../../model/private-dns-name.ts';

/** Says why a host that no cluster has registered lies outside of what the inventory covers; else `undefined`. */
export type Outside = (hostName: string) => string | undefined;

/**
 * | the host                                              | outside |
 * |-------------------------------------------------------|---------|
 * | exists, in no VPC in which a registered host is       | yes     |
 * | exists otherwise                                      | no      |
 * | does not exist, and its name is not one of the region | yes     |
 * | does not exist, and its name is                       | no      |
 */
export function outsideOf(inventory: Inventory, unknownHosts: UnknownHostLookup): Outside {
  const { region } = inventory;
  // Every name of a fleet stands in them, and most runs meet no unknown host.
  let domains: ReadonlySet<string> | undefined;
  const covered = new Set(inventory.hosts.flatMap(({ vpcId }) => vpcId ?? []));
  return (hostName) => {
    if (unknownHosts.existing.has(hostName)) {
      const vpcs = (unknownHosts.instances.get(hostName) ?? []).map(({ vpcId }) => vpcId);
      const isElsewhere = covered.size > 0 && vpcs.length > 0 && !vpcs.some((vpc) => isWithin(vpc, covered));
      return isElsewhere
        ? `${hostName} is in ${vpcs[0]}, in which no cluster that was read has a host`
        : undefined;
    }
    const domain = parentDomain(hostName);
    domains ??= coveredDomains(inventory);
    if (domains.has(domain)) return undefined;
    if (domain === '') return `${hostName} does not tell its region`;
    return `${hostName} is not a private DNS name of ${region}`;
  };
}

/** A VPC that EC2 did not name may be any. */
function isWithin(vpc: string | undefined, covered: ReadonlySet<string>): boolean {
  return vpc === undefined || covered.has(vpc);
}

/**
 * The domains under which EC2 names the hosts of this inventory: the region's own, and whatever the
 * hosts that were read bear (a VPC may have a domain of its own); and `hosts.domains`.
 */
function coveredDomains({ region, hosts, endpoints, hostDomains = [] }: Inventory): ReadonlySet<string> {
  const names = [
    ...hosts.flatMap(({ privateDnsName }) => privateDnsName ?? []),
    ...endpoints.flatMap(({ hostNames }) => hostNames),
  ];
  return new Set([domainOfRegion(region), ...hostDomains, ...names.map(parentDomain)]);
}
