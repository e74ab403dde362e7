import { parentDomain } from '../../model/dns-name.ts';
import type { Inventory } from '../../model/inventory.ts';
import type { Guardrail } from './guardrail.ts';

/**
 * Holds back stale removals for hosts that the inventory does not cover: instances that EC2 has but
 * no cluster that was read owns, and names that are not private DNS names of this region.
 */
export const hostNotCovered: Guardrail = {
  name: 'host-not-covered',
  examine: (_candidates, { inventory, strangers }) => {
    const domains = coveredDomains(inventory);
    return ({ match }) => {
      if (match.kind !== 'host-unknown') return undefined;
      const { hostName } = match;
      if (strangers.existing.has(hostName)) {
        return `EC2 has ${hostName}, but no cluster that was read has registered it`;
      }
      const domain = parentDomain(hostName);
      if (domains.has(domain)) return undefined;
      if (domain === '') return `${hostName} does not tell its region`;
      return `${hostName} is not a private DNS name of ${inventory.region}`;
    };
  },
};

/**
 * The domains under which EC2 names the hosts of this inventory: the region's own, and whatever the
 * hosts that were read bear (a VPC may have a domain of its own).
 * Source: Amazon VPC User Guide, "DNS attributes for your VPC".
 */
function coveredDomains({ region, hosts, endpoints }: Inventory): ReadonlySet<string> {
  const names = [
    ...hosts.flatMap(({ privateDnsName }) => privateDnsName ?? []),
    ...endpoints.flatMap(({ hostNames }) => hostNames),
  ];
  const regional = region === 'us-east-1' ? 'ec2.internal' : `${region}.compute.internal`;
  return new Set([regional, ...names.map(parentDomain)]);
}
