import { BlockList } from 'node:net';
import type { Vpc } from '@aws-sdk/client-ec2';
import type { IncompleteScope, NetworkCoverage } from '../../model/inventory.ts';
import { isIpv6 } from '../../model/ip-address.ts';
import type { ZoneVpc } from '../../model/zone.ts';
import type { CoverageQuery } from '../inventory-port.ts';
import type { Ec2Access } from './access.ts';
import { askEc2 } from './ask-ec2.ts';
import { confirmAddresses } from './confirm-addresses.ts';

/**
 * Asks EC2 for the VPCs of a zone, and, where this account owns all of them, for the network interfaces at the
 * addresses: the owner of a VPC sees the interfaces of all accounts that share it, a participant only its own.
 * Source: Amazon VPC User Guide, "Share your VPC subnets with other accounts".
 */
export async function readCoverage(
  { addresses, vpcs, account }: CoverageQuery,
  region: string,
  access: Ec2Access,
): Promise<NetworkCoverage> {
  const distant = vpcs.find((vpc) => vpc.region !== region);
  if (vpcs.length === 0) return withGap('the zone is public, so that it says nothing of networks');
  if (distant !== undefined)
    return withGap(`the zone is answered in ${distant.id} of ${distant.region}, too`);
  const { items, incomplete } = await askEc2(access, {
    kind: 'vpcs',
    operation: 'ec2:DescribeVpcs',
    values: vpcs.map(({ id }) => id),
    readPage: (batch, token) => access.ec2.describeVpcs('vpc-id', batch, token, access.signal),
  });
  const unread = unreadCoverage(incomplete);
  if (unread !== undefined) return unread;
  const gap = ownerGap(vpcs, items, account);
  return gap === undefined ? interfacesIn(items, addresses, access) : withGap(gap);
}

function withGap(gap: string): NetworkCoverage {
  return { gap, interfaces: new Map(), incomplete: [] };
}

/** The coverage when something of it could not be read; `undefined` where everything could be. */
function unreadCoverage(scopes: readonly IncompleteScope[]): NetworkCoverage | undefined {
  const [first] = scopes;
  if (first === undefined) return undefined;
  const incomplete = scopes.map((scope) => ({ ...scope, hides: 'host-names' as const }));
  return { ...withGap(`${first.operation} ${first.error}`), incomplete };
}

function ownerGap(
  vpcs: readonly ZoneVpc[],
  described: readonly Vpc[],
  account: string | undefined,
): string | undefined {
  const owners = new Map(described.map(({ VpcId, OwnerId }) => [VpcId, OwnerId]));
  const other = vpcs.find(({ id }) => account === undefined || owners.get(id) !== account);
  if (other === undefined) return undefined;
  const owner = owners.get(other.id);
  const whose = owner === undefined || owner === account ? 'another account' : `account ${owner}`;
  return account === undefined
    ? 'no cluster tells in which account it is'
    : `the zone is answered in ${other.id} of ${whose}, too`;
}

async function interfacesIn(
  vpcs: readonly Vpc[],
  addresses: readonly string[],
  access: Ec2Access,
): Promise<NetworkCoverage> {
  const isWithin = rangesOf(vpcs);
  const ids = new Set(vpcs.map(({ VpcId }) => VpcId));
  const { interfaces, unasked } = await confirmAddresses(addresses.filter(isWithin), access);
  const unread = unreadCoverage([...new Set(unasked.values())]);
  if (unread !== undefined) return unread;
  const here = [...interfaces].map(
    ([address, all]) => [address, all.filter(({ vpcId }) => ids.has(vpcId)).map(({ id }) => id)] as const,
  );
  return { gap: undefined, interfaces: new Map(here), incomplete: [] };
}

/** Whether an address lies in one of the ranges of the VPCs. */
function rangesOf(vpcs: readonly Vpc[]): (address: string) => boolean {
  const ranges = new BlockList();
  for (const { CidrBlock, CidrBlockAssociationSet = [], Ipv6CidrBlockAssociationSet = [] } of vpcs) {
    for (const cidr of [CidrBlock, ...CidrBlockAssociationSet.map((one) => one.CidrBlock)])
      add(ranges, cidr, 'ipv4');
    for (const { Ipv6CidrBlock } of Ipv6CidrBlockAssociationSet) add(ranges, Ipv6CidrBlock, 'ipv6');
  }
  return (address) => ranges.check(address, isIpv6(address) ? 'ipv6' : 'ipv4');
}

function add(ranges: BlockList, cidr: string | undefined, family: 'ipv4' | 'ipv6'): void {
  const [network = '', length] = (cidr ?? '').split('/');
  if (length !== undefined) ranges.addSubnet(network, Number(length), family);
}
