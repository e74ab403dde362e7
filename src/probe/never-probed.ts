import { BlockList, type SocketAddress } from 'node:net';
import { isIpv6 } from '../model/ip-address.ts';

/**
 * Addresses at which no task ever listens, and where an answer would be that of the machine itself or of AWS's own
 * services on it, which hand out credentials. None is ever connected to, whatever the settings allow.
 *
 * | range           | what is there                                                                      |
 * |-----------------|------------------------------------------------------------------------------------|
 * | 169.254.0.0/16  | instance metadata, task metadata and credentials, the VPC's DNS, time, Lambda's API |
 * | fd00:ec2::/32   | the same of EC2 over IPv6                                                          |
 * | fe80::/10       | link-local                                                                         |
 * | 0.0.0.0/8, ::   | the machine itself, under the address of none                                      |
 * | 224.0.0.0/3     | multicast, reserved and broadcast                                                  |
 * | ff00::/8        | multicast                                                                          |
 *
 * Source: EC2 User Guide, "Link-local addresses"; IANA special-purpose address registries.
 */
const NEVER: readonly (readonly [address: string, prefixLength: number])[] = [
  ['169.254.0.0', 16],
  ['fd00:ec2::', 32],
  ['fe80::', 10],
  ['0.0.0.0', 8],
  ['::', 128],
  ['224.0.0.0', 3],
  ['ff00::', 8],
];

const never = { ipv4: new BlockList(), ipv6: new BlockList() };
for (const [address, prefixLength] of NEVER) {
  const family = familyOf(address);
  never[family].addSubnet(address, prefixLength, family);
}

/** Whether an address must not be connected to. */
export function isNeverProbed(address: SocketAddress): boolean {
  return never[address.family].check(address);
}

export function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIpv6(address) ? 'ipv6' : 'ipv4';
}
