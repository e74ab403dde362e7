import { firstLabel } from './dns-name.ts';
import { canonicalAddress } from './ip-address.ts';

const IP_LABEL = /^ip-(\d{1,3})-(\d{1,3})-(\d{1,3})-(\d{1,3})$/;

/** The private address that a name made of one says, such as `ip-10-0-1-2.ec2.internal`. */
export function addressInName(name: string): string | undefined {
  const octets = IP_LABEL.exec(firstLabel(name))?.slice(1);
  return octets && canonicalAddress(octets.join('.'));
}
