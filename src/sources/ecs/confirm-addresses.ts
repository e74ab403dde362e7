import type { NetworkInterface } from '@aws-sdk/client-ec2';
import type { SightedInterface } from '../../model/confirmation.ts';
import { canonicalAddress, isIpv6 } from '../../model/ip-address.ts';
import type { Ec2Access } from './access.ts';
import { askEc2 } from './ask-ec2.ts';
import type { AddressFilter } from './ec2-api.ts';

/** Asks EC2, 199 a call, which network interfaces have the given addresses (canonical); all it tells is by address. */
export async function confirmAddresses(addresses: readonly string[], access: Ec2Access) {
  const ask = (filter: AddressFilter, values: readonly string[]) =>
    askEc2(access, {
      kind: 'addresses',
      operation: 'ec2:DescribeNetworkInterfaces',
      values,
      readPage: (batch, token) => access.ec2.interfacesBy(filter, batch, token, access.signal),
    });
  const ipv4 = addresses.filter((address) => !isIpv6(address));
  const answers = await Promise.all([
    ask('addresses.private-ip-address', ipv4),
    ask('ipv6-addresses.ipv6-address', addresses.filter(isIpv6)),
  ]);
  const unasked = new Map(answers.flatMap((answer) => [...answer.unasked]));
  const asked = addresses.filter((address) => !unasked.has(address));
  const sighted = new Map(asked.map((address) => [address, new Map<string, SightedInterface>()]));
  for (const one of answers.flatMap(({ items }) => items)) {
    const { NetworkInterfaceId: id = '', VpcId: vpcId } = one;
    for (const address of addressesOf(one)) sighted.get(address)?.set(id, { id, vpcId });
  }
  return {
    interfaces: new Map([...sighted].map(([address, byId]) => [address, [...byId.values()]])),
    unasked,
    errors: answers.flatMap(({ errors }) => errors),
  };
}

function addressesOf(one: NetworkInterface): readonly string[] {
  const { PrivateIpAddress, PrivateIpAddresses = [], Ipv6Addresses = [] } = one;
  const written = [
    PrivateIpAddress,
    ...PrivateIpAddresses.map(({ PrivateIpAddress: further }) => further),
    ...Ipv6Addresses.map(({ Ipv6Address }) => Ipv6Address),
  ];
  return written.flatMap((text) => canonicalAddress(text ?? '') ?? []);
}
