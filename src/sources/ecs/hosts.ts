import type { Instance } from '@aws-sdk/client-ec2';
import type { ContainerInstance } from '@aws-sdk/client-ecs';
import { normalizeName, parentDomain } from '../../model/dns-name.ts';
import type { Host, IncompleteScope } from '../../model/inventory.ts';
import { canonicalAddress, isIpv6 } from '../../model/ip-address.ts';
import { nameOfAddress } from '../../model/private-dns-name.ts';
import type { Ec2Access } from './access.ts';
import { askEc2 } from './ask-ec2.ts';
import { placed } from './placements.ts';
import type { ClusterReading } from './read-cluster.ts';

/** ECS Anywhere registers machines under their Systems Manager id; EC2 cannot know them. */
const MANAGED_INSTANCE_PREFIX = 'mi-';
const DRAINING = 'DRAINING';
const GONE_STATES: ReadonlySet<string | undefined> = new Set(['shutting-down', 'terminated']);

/** The hosts of all clusters by container instance ARN, as EC2 describes them, and what could not be read of them. */
export async function readHosts(
  clusters: readonly Pick<ClusterReading, 'cluster' | 'instances'>[],
  access: Ec2Access,
) {
  const registered = clusters.flatMap(({ cluster, instances }) =>
    instances.map((instance) => ({ cluster, instance })),
  );
  const ids = registered.flatMap(({ instance }) => instance.ec2InstanceId ?? []).filter(isEc2Id);
  const { known, unasked, incomplete } = await readInstances(ids, access);
  const isAnswered = ({ ec2InstanceId: id = '' }: ContainerInstance) => isEc2Id(id) && !unasked.has(id);
  const isContradicted = (instance: ContainerInstance) =>
    isAnswered(instance) && instance.agentConnected === true && !known.has(instance.ec2InstanceId ?? '');
  // An answer that is wrong about one instance may be as wrong about the next.
  const isTrusted = !registered.some(({ instance }) => isContradicted(instance));
  const hosts = registered.map(({ cluster, instance }) => {
    const id = instance.ec2InstanceId ?? '';
    const state = isAnswered(instance) ? stateOf(known.get(id), isTrusted) : 'unknown';
    const registration = { containerInstance: instance.containerInstanceArn ?? '', instanceId: id, cluster };
    const host = {
      ...registration,
      state,
      ...described(known.get(id)),
      placement: placementOf(known.get(id), instance),
      isAgentConnected: instance.agentConnected === true,
      taskCount: taskCountOf(instance),
      isDraining: instance.status === DRAINING,
    };
    return [registration.containerInstance, host] as const;
  });
  const contradicted = registered.flatMap(({ instance }) =>
    isContradicted(instance) ? [contradiction(instance.ec2InstanceId ?? '')] : [],
  );
  return { hosts: new Map(hosts), incomplete: [...incomplete, ...contradicted] };
}

/** Asks EC2 for instances: they by their ids, and by the ids that could not be asked for, why. */
export async function readInstances(ids: readonly string[], access: Ec2Access) {
  const { items, unasked, incomplete } = await askEc2(access, {
    kind: 'instances',
    operation: 'ec2:DescribeInstances',
    values: [...new Set(ids)].toSorted(),
    readPage: (batch, token) => access.ec2.describeInstances('instance-id', batch, token, access.signal),
  });
  const known = new Map(items.map((instance) => [instance.InstanceId ?? '', instance]));
  return { known, unasked: new Map([...unasked].filter(([id]) => !known.has(id))), incomplete };
}

/** The states of `Host`; EC2's silence counts only as long as it contradicts no agent. */
function stateOf(instance: Instance | undefined, isTrusted: boolean): Host['state'] {
  if (instance !== undefined) return isGone(instance) ? 'gone' : 'present';
  return isTrusted ? 'unreachable' : 'unknown';
}

/** Whether EC2 says that the instance has ended, or is about to. */
export function isGone(instance: Instance): boolean {
  return GONE_STATES.has(instance.State?.Name);
}

type Described = Pick<Host, 'privateDnsName' | 'address' | 'secondaryAddresses' | 'vpcId'>;

function described(instance: Instance | undefined): Described {
  return {
    privateDnsName: instance && answeredName(instance),
    address: instance && firstAddress(instance),
    secondaryAddresses: secondaryAddressesOf(instance),
    vpcId: instance?.VpcId,
  };
}

/** One of IPv6 where it has no other. */
function firstAddress(instance: Instance): string | undefined {
  const { PrivateIpAddress, Ipv6Address = addressesOfInstance(instance).find(isIpv6) } = instance;
  return PrivateIpAddress ?? canonicalAddress(Ipv6Address ?? '');
}

/** A name made of the instance's id may have no A record; the one made of its address always has. */
function answeredName({
  PrivateDnsName,
  PrivateDnsNameOptions,
  PrivateIpAddress,
}: Instance): string | undefined {
  const name = normalizeName(PrivateDnsName ?? '');
  if (name === '') return undefined;
  const { HostnameType, EnableResourceNameDnsARecord } = PrivateDnsNameOptions ?? {};
  const isSilent = HostnameType === 'resource-name' && EnableResourceNameDnsARecord !== true;
  return isSilent && PrivateIpAddress !== undefined
    ? nameOfAddress(PrivateIpAddress, parentDomain(name))
    : name;
}

const NO_ADDRESSES: readonly string[] = [];

/** One empty list serves all hosts that have no address but the first. */
function secondaryAddressesOf(instance: Instance | undefined): readonly string[] {
  const all = instance === undefined ? NO_ADDRESSES : addressesOfInstance(instance);
  const others = all.filter((address) => address !== (instance?.PrivateIpAddress ?? instance?.Ipv6Address));
  return others.length === 0 ? NO_ADDRESSES : others;
}

/** Of all network interfaces that an instance has, first and further ones, of IPv4 and IPv6. */
export function addressesOfInstance({
  PrivateIpAddress,
  NetworkInterfaces = [],
}: Instance): readonly string[] {
  const found = new Set([PrivateIpAddress]);
  for (const { PrivateIpAddress: first, PrivateIpAddresses = [], Ipv6Addresses = [] } of NetworkInterfaces) {
    found.add(first);
    for (const { PrivateIpAddress: further } of PrivateIpAddresses) found.add(further);
    for (const { Ipv6Address } of Ipv6Addresses) found.add(Ipv6Address);
  }
  return [...found].filter((address) => address !== undefined);
}

/** EC2 tells it, and where it does not, the agent has told ECS. */
function placementOf(ec2: Instance | undefined, { attributes }: ContainerInstance): Host['placement'] {
  const told = (wanted: string) => attributes?.find(({ name }) => name === wanted)?.value;
  return placed(
    ec2?.Placement?.AvailabilityZone ?? told('ecs.availability-zone'),
    ec2?.SubnetId ?? told('ecs.subnet-id'),
  );
}

/** As ECS counts them: tasks that are to run, whether they do already or not yet. */
export function taskCountOf({ runningTasksCount, pendingTasksCount }: ContainerInstance): number | undefined {
  return runningTasksCount === undefined ? undefined : runningTasksCount + (pendingTasksCount ?? 0);
}

function contradiction(id: string): IncompleteScope {
  return {
    scope: `instance/${id}`,
    operation: 'ec2:DescribeInstances',
    error: 'EC2 does not describe this instance although its ECS agent is connected',
    hides: 'host-names',
  };
}

function isEc2Id(id: string): boolean {
  return id !== '' && !id.startsWith(MANAGED_INSTANCE_PREFIX);
}
