import { AwsError } from '../error-answer.ts';
import type { Operation } from '../service.ts';
import { stringsOf } from '../wire/json.ts';
import type { Vpc } from '../world/vpc.ts';
import { describePage } from './describe-page.ts';
import { type FilterFields, passesFilters } from './filters.ts';

const FIELDS: FilterFields<Vpc> = {
  'vpc-id': ({ vpcId }) => vpcId,
  'owner-id': ({ ownerId }) => ownerId,
  'cidr-block-association.cidr-block': ({ cidrs }) => cidrs,
  cidr: ({ cidrs }) => cidrs[0],
};

/** The VPCs that the account owns, and those of which subnets are shared with it. */
export const describeVpcs: Operation = ({ world }, input) => {
  const matches = passesFilters(input['Filters'], FIELDS);
  const ids = stringsOf(input['VpcIds']);
  const unknown = ids.find((id) => !world.vpcs.has(id));
  if (unknown !== undefined)
    throw new AwsError('InvalidVpcID.NotFound', `The vpc ID '${unknown}' does not exist`);
  const found = [...world.vpcs.values()].filter(
    (vpc) => (ids.length === 0 || ids.includes(vpc.vpcId)) && matches(vpc),
  );
  const { items, nextToken } = describePage('DescribeVpcs', input, (position, size) => {
    const end = position + size;
    return { items: found.slice(position, end), next: end < found.length ? end : undefined };
  });
  return { Vpcs: items.map(describe), ...nextToken };
};

function describe({ vpcId, ownerId, cidrs, ipv6Cidrs }: Vpc) {
  return {
    VpcId: vpcId,
    OwnerId: ownerId,
    State: 'available',
    CidrBlock: cidrs[0],
    CidrBlockAssociationSet: cidrs.map((CidrBlock) => ({ CidrBlock })),
    Ipv6CidrBlockAssociationSet: ipv6Cidrs.map((Ipv6CidrBlock) => ({ Ipv6CidrBlock })),
  };
}
