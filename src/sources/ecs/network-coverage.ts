import { BlockList } from 'node:net';
import type { Vpc } from '@aws-sdk/client-ec2';
import { isAccessDenied } from '../../aws/aws-error.ts';
import type { HiddenVpc, IncompleteScope, NetworkCoverage } from '../../model/inventory.ts';
import { isIpv6 } from '../../model/ip-address.ts';
import type { ZoneVpc } from '../../model/zone.ts';
import type { CoverageQuery } from '../inventory-port.ts';
import type { Ec2Access } from './access.ts';
import { askEc2 } from './ask-ec2.ts';
import { confirmAddresses } from './confirm-addresses.ts';

/**
 * Asks EC2 for the VPCs of a zone, and, where this account owns all of them that are in this region, for the network
 * interfaces at the addresses: the owner of a VPC sees the interfaces of all accounts that share it, a participant only
 * its own. Source: Amazon VPC User Guide, "Share your VPC subnets with other accounts".
 */
export async function readCoverage(
  { addresses, vpcs, account }: CoverageQuery,
  region: string,
  access: Ec2Access,
): Promise<NetworkCoverage> {
  if (vpcs.length === 0) return withGap('the zone is public, so that it says nothing of networks');
  const distant = vpcs.filter((vpc) => vpc.region !== region).map((vpc) => ({ ...vpc, of: vpc.region }));
  const near = vpcs.filter((vpc) => vpc.region === region);
  const { items, incomplete, errors } = await askEc2(access, {
    kind: 'vpcs',
    operation: 'ec2:DescribeVpcs',
    values: near.map(({ id }) => id),
    readPage: (batch, token) => access.ec2.describeVpcs('vpc-id', batch, token, access.signal),
  });
  if (incomplete.length > 0) return unreadCoverage(incomplete, errors, distant);
  if (account === undefined) return withGap('no cluster tells in which account it is', distant);
  const foreign = near.flatMap((vpc) => hiddenBy(vpc, items, account));
  const [first] = [...foreign, ...distant];
  const gap = first && `the zone is answered in ${first.id} of ${first.of}, too`;
  const hidden = { ...withGap(gap, [...foreign, ...distant]) };
  return foreign.length > 0 ? hidden : { ...hidden, ...(await interfacesIn(items, addresses, access)) };
}

function withGap(gap: string | undefined, outOfSight: readonly HiddenVpc[] = []): NetworkCoverage {
  return { gap, outOfSight, unread: undefined, interfaces: new Map(), incomplete: [] };
}

/** The coverage when something of it could not be read. What the role may not ask for, no later run can tell, either. */
function unreadCoverage(
  scopes: readonly IncompleteScope[],
  errors: readonly unknown[],
  outOfSight: readonly HiddenVpc[],
): NetworkCoverage {
  const incomplete = scopes.map((scope) => ({ ...scope, hides: 'host-names' as const }));
  const [gap] = scopes.map(({ operation, error }) => `${operation} ${error}`);
  return { ...withGap(gap, outOfSight), unread: errors.every(isAccessDenied) ? undefined : gap, incomplete };
}

/** A VPC as one that this role does not see whole, unless its account owns it. */
function hiddenBy(vpc: ZoneVpc, described: readonly Vpc[], account: string): readonly HiddenVpc[] {
  const owner = described.find(({ VpcId }) => VpcId === vpc.id)?.OwnerId;
  if (owner === account) return [];
  return [{ ...vpc, of: owner === undefined ? 'another account' : `account ${owner}` }];
}

async function interfacesIn(
  vpcs: readonly Vpc[],
  addresses: readonly string[],
  access: Ec2Access,
): Promise<Partial<NetworkCoverage>> {
  const isWithin = rangesOf(vpcs);
  const ids = new Set(vpcs.map(({ VpcId }) => VpcId));
  const { interfaces, unasked, errors } = await confirmAddresses(addresses.filter(isWithin), access);
  if (unasked.size > 0) {
    const { outOfSight: _, ...unread } = unreadCoverage([...new Set(unasked.values())], errors, []);
    return unread;
  }
  const here = [...interfaces].map(
    ([address, all]) => [address, all.filter(({ vpcId }) => ids.has(vpcId)).map(({ id }) => id)] as const,
  );
  return { interfaces: new Map(here) };
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
