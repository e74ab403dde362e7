import { isIPv4 } from 'node:net';
import type { ContainerInstance } from './ecs-shapes.ts';
import type { Ec2Instance, InstanceState, PrivateDnsNameOptions } from './machine.ts';
import type { Random } from './random.ts';
import { DEFAULT_VPC } from './vpc.ts';
import type { Cluster } from './world-cluster.ts';

export interface MachineOptions {
  readonly instanceId?: string;
  /** One of IPv6 is its only one; then EC2 names it after its id. */
  readonly address?: string;
  readonly privateDnsName?: string;
  /** By default it is named after its address. */
  readonly privateDnsNameOptions?: PrivateDnsNameOptions;
  readonly secondaryAddresses?: readonly string[];
  readonly state?: InstanceState;
  readonly managed?: boolean;
  readonly vpcId?: string;
  readonly subnetId?: string;
  /** By default the first of the region. */
  readonly availabilityZone?: string;
  /** The cluster it is registered with; without one it is an instance that runs no containers. */
  readonly cluster?: string | Cluster;
  readonly status?: string;
  readonly agentConnected?: boolean;
  /** ECS Anywhere: a machine with an `mi-` id that EC2 has never heard of. */
  readonly external?: boolean;
}

/** A machine as EC2 has it. */
export function newEc2Instance(
  instanceId: string,
  address: string,
  privateDnsName: string,
  options: MachineOptions & Required<Pick<MachineOptions, 'availabilityZone'>>,
): Ec2Instance {
  return {
    instanceId,
    state: options.state ?? 'running',
    privateDnsName,
    privateIpAddress: isIPv4(address) ? address : undefined,
    secondaryAddresses: options.secondaryAddresses ?? [],
    privateDnsNameOptions: options.privateDnsNameOptions ?? NAMED_BY_ADDRESS,
    ipv6Address: isIPv4(address) ? undefined : address,
    vpcId: options.vpcId ?? DEFAULT_VPC,
    subnetId: options.subnetId ?? 'subnet-0a1b2c3d4e5f60718',
    availabilityZone: options.availabilityZone,
    managed: options.managed ?? false,
  };
}

const NAMED_BY_ADDRESS: PrivateDnsNameOptions = {
  hostnameType: 'ip-name',
  enableResourceNameDnsARecord: false,
};

/** Registers a machine with a cluster; returns what ECS has of it then. */
export function registerInstance(
  cluster: Cluster,
  random: Random,
  instanceId: string,
  ec2: Ec2Instance | undefined,
  options: MachineOptions,
): ContainerInstance {
  const containerInstance: ContainerInstance = {
    containerInstanceArn: cluster.arnOf('container-instance', random.hex(32)),
    ec2InstanceId: instanceId,
    status: options.status ?? 'ACTIVE',
    agentConnected: options.agentConnected ?? true,
    version: 3,
    registeredAt: 1_704_000_000,
    attributes: attributesOf(ec2),
  };
  cluster.containerInstances.add(containerInstance.containerInstanceArn, containerInstance);
  return containerInstance;
}

/** What the agent tells of its machine; one of ECS Anywhere stands in no zone. */
function attributesOf(ec2: Ec2Instance | undefined): ContainerInstance['attributes'] {
  const general = [{ name: 'ecs.capability.task-eni' }, { name: 'ecs.os-type', value: 'linux' }];
  if (ec2 === undefined) return general;
  return [
    ...general,
    { name: 'ecs.availability-zone', value: ec2.availabilityZone },
    { name: 'ecs.subnet-id', value: ec2.subnetId },
    { name: 'ecs.vpc-id', value: ec2.vpcId },
  ];
}
