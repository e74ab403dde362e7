import { firstLabel, parentDomain } from './dns-name.ts';
import { canonicalAddress } from './ip-address.ts';

const IP_LABEL = /^ip-(\d{1,3})-(\d{1,3})-(\d{1,3})-(\d{1,3})$/;
const INSTANCE_LABEL = /^i-(?:[0-9a-f]{8}|[0-9a-f]{17})$/;
const EC2_DOMAIN = /^(?:ec2\.internal|[a-z0-9-]+\.compute\.internal)$/;

/** The private address that a name made of one says, such as `ip-10-0-1-2.ec2.internal`. */
export function addressInName(name: string): string | undefined {
  const octets = IP_LABEL.exec(firstLabel(name))?.slice(1);
  return octets && canonicalAddress(octets.join('.'));
}

/** AWS answers for a name of EC2's form with the address in it, whichever of its host's addresses EC2 calls the first. */
export function addressInEc2Name(name: string): string | undefined {
  return isEc2Name(name) ? addressInName(name) : undefined;
}

/** The name made of an IPv4 address, in a domain. */
export function nameOfAddress(address: string, domain: string): string {
  return `ip-${address.replaceAll('.', '-')}.${domain}`;
}

/** The id that a name made of an instance's id says, such as `i-0123456789abcdef0.ec2.internal`. */
export function instanceInName(name: string): string | undefined {
  const label = firstLabel(name);
  return INSTANCE_LABEL.test(label) ? label : undefined;
}

/** Whether EC2 gives out names of that form (normalised), in any region. */
export function isEc2Name(name: string): boolean {
  return EC2_DOMAIN.test(parentDomain(name));
}

/**
 * The domain in which EC2 names the hosts of a region.
 * Source: Amazon VPC User Guide, "DNS attributes for your VPC".
 */
export function domainOfRegion(region: string): string {
  return region === 'us-east-1' ? 'ec2.internal' : `${region}.compute.internal`;
}
