import { AwsError } from '../error-answer.ts';
import type { Operation } from '../service.ts';
import { stringsOf } from '../wire/json.ts';
import type { Attachment, Task } from '../world/ecs-shapes.ts';
import type { Ec2Instance } from '../world/machine.ts';
import type { Page } from '../world/sequence.ts';
import { DEFAULT_VPC } from '../world/vpc.ts';
import type { World } from '../world/world.ts';
import { describePage, refuseMaxResults } from './describe-page.ts';
import { type FilterFields, passesFilters } from './filters.ts';

interface NetworkInterface
  extends Readonly<
    Record<'NetworkInterfaceId' | 'PrivateDnsName' | 'SubnetId' | 'VpcId' | 'Status', string>
  > {
  readonly PrivateIpAddress: string | undefined;
  readonly SecondaryAddresses: readonly string[];
  readonly Ipv6Address: string | undefined;
  readonly PublicIp: string | undefined;
  /** Of an instance that another service runs: hidden unless IncludeManagedResources is asked for. */
  readonly Operator: { readonly Managed: boolean };
}

const FIELDS: FilterFields<NetworkInterface> = {
  'network-interface-id': (one) => one.NetworkInterfaceId,
  'private-dns-name': (one) => one.PrivateDnsName,
  'private-ip-address': (one) => one.PrivateIpAddress,
  'addresses.private-ip-address': ipv4AddressesOf,
  'ipv6-addresses.ipv6-address': (one) => one.Ipv6Address,
  'association.public-ip': (one) => one.PublicIp,
  'subnet-id': (one) => one.SubnetId,
  'vpc-id': (one) => one.VpcId,
  status: (one) => one.Status,
};

/** The interfaces of instances and of tasks in awsvpc mode, whatever cluster those run in. */
export const describeNetworkInterfaces: Operation = ({ world }, input) => {
  const ids = stringsOf(input['NetworkInterfaceIds']);
  const passes = passesFilters(input['Filters'], FIELDS);
  const isVisible = ({ Operator }: NetworkInterface) =>
    !Operator.Managed || input['IncludeManagedResources'] === true;
  const matches = (one: NetworkInterface) => isVisible(one) && passes(one);
  if (ids.length > 0) {
    refuseMaxResults(input, 'networkInterfaceIdSet');
    return { NetworkInterfaces: byIds(world, ids).filter(matches) };
  }
  const found = networkInterfaces(world).filter(matches);
  const { items, nextToken } = describePage('DescribeNetworkInterfaces', input, (position, size) =>
    pageOf(found, position, size),
  );
  return { NetworkInterfaces: items, ...nextToken };
};

function pageOf<T>(items: readonly T[], position: number, size: number): Page<T> {
  const end = position + size;
  return { items: items.slice(position, end), next: end < items.length ? end : undefined };
}

function byIds(world: World, ids: readonly string[]): readonly NetworkInterface[] {
  const all = new Map(networkInterfaces(world).map((one) => [one.NetworkInterfaceId, one]));
  return ids.map((id) => {
    const found = all.get(id);
    if (found === undefined)
      throw new AwsError(
        'InvalidNetworkInterfaceID.NotFound',
        `The networkInterface ID '${id}' does not exist`,
      );
    return found;
  });
}

function networkInterfaces(world: World): readonly NetworkInterface[] {
  const found: NetworkInterface[] = [];
  for (const instance of world.instances.values()) found.push(...interfaceOfInstance(instance));
  for (const cluster of world.clusters.values())
    for (const task of cluster.tasks.values())
      if (task.lastStatus !== 'STOPPED') found.push(...interfacesOfTask(world, task));
  return found;
}

export function ipv4AddressesOf(one: NetworkInterface): readonly string[] {
  return one.PrivateIpAddress === undefined ? [] : [one.PrivateIpAddress, ...one.SecondaryAddresses];
}

/** The interface of an instance; none once it is terminated. */
export function interfaceOfInstance(instance: Ec2Instance): readonly NetworkInterface[] {
  if (instance.privateIpAddress === undefined && instance.ipv6Address === undefined) return [];
  return [
    {
      NetworkInterfaceId: `eni-${instance.instanceId.slice(2)}`,
      PrivateDnsName: instance.privateDnsName,
      PrivateIpAddress: instance.privateIpAddress,
      SecondaryAddresses: instance.secondaryAddresses ?? [],
      SubnetId: instance.subnetId,
      VpcId: instance.vpcId,
      Status: 'in-use',
      Ipv6Address: instance.ipv6Address,
      PublicIp: undefined,
      Operator: { Managed: instance.managed },
    },
  ];
}

function interfacesOfTask(
  world: World,
  { attachments, containers, launchType }: Task,
): readonly NetworkInterface[] {
  const reported = containers.flatMap((container) => container.networkInterfaces);
  return attachments.map((attachment) => {
    const own = reported.find(({ attachmentId }) => attachmentId === attachment.id);
    const Operator = { Managed: launchType === 'MANAGED_INSTANCES' };
    return { ...interfaceOfAttachment(world, attachment, own?.ipv6Address), Operator };
  });
}

/** ECS tells of no public address; only EC2 does. */
function interfaceOfAttachment(
  { publicAddresses }: World,
  attachment: Attachment,
  ipv6Address: string | undefined,
): Omit<NetworkInterface, 'Operator'> {
  const address = attachment.details.find(({ name }) => name === 'privateIPv4Address')?.value;
  const detail = (name: string) => attachment.details.find((one) => one.name === name)?.value ?? '';
  const id = detail('networkInterfaceId');
  return {
    NetworkInterfaceId: id,
    Ipv6Address: ipv6Address,
    PublicIp: publicAddresses.get(id),
    PrivateDnsName: detail('privateDnsName'),
    PrivateIpAddress: address,
    SecondaryAddresses: [],
    SubnetId: detail('subnetId'),
    VpcId: DEFAULT_VPC,
    Status: 'in-use',
  };
}
