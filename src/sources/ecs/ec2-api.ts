import {
  DescribeInstancesCommand,
  DescribeNetworkInterfacesCommand,
  DescribeVpcsCommand,
  type EC2Client,
  type Instance,
  type NetworkInterface,
  type Vpc,
} from '@aws-sdk/client-ec2';
import { sendOptions } from '../../aws/send-options.ts';
import { requiredList } from '../../aws/unreadable-answer.ts';
import type { Page } from './read-pages.ts';

/** How many values one filter is given. EC2 documents 200; failures were seen at exactly 200. */
export const EC2_FILTER_SIZE = 199;

const EC2_PAGE_SIZE = 1_000;

/** One page of what has one of the values of a filter. */
type ReadFiltered<F, T> = (
  filter: F,
  values: readonly string[],
  token: string | undefined,
  signal: AbortSignal | undefined,
) => Promise<Page<T>>;

/** What the inventory needs of EC2: one request a call, at most `EC2_FILTER_SIZE` values each. */
export interface Ec2Api {
  /** By the filter and not by the parameter: an unknown id drops out instead of failing the call. */
  readonly describeInstances: ReadFiltered<InstanceFilter, Instance>;
  /** The network interfaces with one of the given ids, or of the given private addresses, as a first or a further one. */
  readonly interfacesBy: ReadFiltered<AddressFilter | 'network-interface-id', NetworkInterface>;
  readonly describeVpcs: ReadFiltered<'vpc-id', Vpc>;
  /** The private DNS names of the network interfaces that have one of the given names. */
  interfaceNames(
    names: readonly string[],
    token: string | undefined,
    signal: AbortSignal | undefined,
  ): Promise<Page<string>>;
}

/** An address may be that of any interface, and not only the first one there. */
export type InstanceFilter =
  | 'instance-id'
  | 'private-dns-name'
  | 'network-interface.addresses.private-ip-address'
  | 'network-interface.ipv6-addresses.ipv6-address';

/** Addresses of the two families are looked for apart. */
export type AddressFilter = 'addresses.private-ip-address' | 'ipv6-addresses.ipv6-address';

/**
 * The real EC2. Managed instances, and their network interfaces, are asked for explicitly: they are hidden otherwise.
 *
 * @example
 * const ec2 = ec2Api(new EC2Client({}));
 */
export function ec2Api(client: EC2Client): Ec2Api {
  const inputOf = (filter: string, values: readonly string[], token: string | undefined) => ({
    Filters: [{ Name: filter, Values: [...values] }],
    MaxResults: EC2_PAGE_SIZE,
    NextToken: token,
  });
  const withManaged = (...asked: Parameters<typeof inputOf>) => ({
    ...inputOf(...asked),
    IncludeManagedResources: true,
  });
  const interfaces: ReadFiltered<string, NetworkInterface> = async (filter, values, token, signal) => {
    const command = new DescribeNetworkInterfacesCommand(withManaged(filter, values, token));
    const { NetworkInterfaces, NextToken } = await client.send(command, sendOptions(signal));
    return { items: requiredList(NetworkInterfaces, 'networkInterfaceSet'), nextToken: NextToken };
  };
  return {
    async describeInstances(filter, values, token, signal) {
      const command = new DescribeInstancesCommand(withManaged(filter, values, token));
      const answer = await client.send(command, sendOptions(signal));
      const reservations = requiredList(answer.Reservations, 'reservationSet');
      const items = reservations.flatMap(({ Instances }) => Instances ?? []);
      return { items, nextToken: answer.NextToken };
    },
    interfacesBy: interfaces,
    async describeVpcs(filter, values, token, signal) {
      const command = new DescribeVpcsCommand(inputOf(filter, values, token));
      const { Vpcs: items = [], NextToken } = await client.send(command, sendOptions(signal));
      return { items, nextToken: NextToken };
    },
    async interfaceNames(names, token, signal) {
      const { items, nextToken } = await interfaces('private-dns-name', names, token, signal);
      return { items: items.flatMap(({ PrivateDnsName }) => PrivateDnsName ?? []), nextToken };
    },
  };
}
