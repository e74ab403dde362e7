import type { NetworkInterface } from '@aws-sdk/client-ec2';
import type { LimitFunction } from 'p-limit';
import type { ConfirmationReads, SightedInterface } from '../../model/confirmation.ts';
import type { IncompleteScope } from '../../model/inventory.ts';
import { canonicalAddress, isIpv6 } from '../../model/ip-address.ts';
import { type AddressFilter, EC2_FILTER_SIZE, type Ec2Api } from './ec2-api.ts';
import { inBatches, readPages } from './read-pages.ts';
import { batchScope, unreadScope } from './unread.ts';

/** What was seen of addresses. */
export interface AddressesSeen {
  readonly interfaces: ConfirmationReads['addresses'];
  /** By address. */
  readonly unasked: ReadonlyMap<string, IncompleteScope>;
}

/** Asks EC2 which network interfaces have the given addresses (canonical), 199 a call. */
export async function confirmAddresses(
  addresses: readonly string[],
  ec2: Ec2Api,
  limit: LimitFunction,
  signal: AbortSignal | undefined,
): Promise<AddressesSeen> {
  const interfaces = new Map<string, readonly SightedInterface[]>();
  const unasked = new Map<string, IncompleteScope>();
  const ask = async (filter: AddressFilter, batch: readonly string[]) => {
    const readPage = (token: string | undefined) =>
      limit(() => ec2.interfacesBy(filter, batch, token, signal));
    const { items, error } = await readPages(readPage, signal);
    const scope = unreadScope(batchScope('addresses', batch), 'ec2:DescribeNetworkInterfaces', error);
    for (const address of batch) {
      if (error === undefined) interfaces.set(address, sightedAt(address, items));
      else unasked.set(address, scope);
    }
  };
  const [ipv6, ipv4] = [addresses.filter(isIpv6), addresses.filter((address) => !isIpv6(address))];
  await Promise.all([
    ...inBatches(ipv4, EC2_FILTER_SIZE).map((batch) => ask('addresses.private-ip-address', batch)),
    ...inBatches(ipv6, EC2_FILTER_SIZE).map((batch) => ask('ipv6-addresses.ipv6-address', batch)),
  ]);
  return { interfaces, unasked };
}

function sightedAt(address: string, items: readonly NetworkInterface[]): readonly SightedInterface[] {
  return items
    .filter((one) => addressesOf(one).includes(address))
    .map(({ NetworkInterfaceId = '', VpcId }) => ({ id: NetworkInterfaceId, vpcId: VpcId }));
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
