import type { ContainerInstance } from './ecs-shapes.ts';
import type { Cluster } from './world-cluster.ts';

export type InstanceState = 'pending' | 'running' | 'shutting-down' | 'terminated' | 'stopping' | 'stopped';

/** As EC2 tells them. */
export interface PrivateDnsNameOptions {
  readonly hostnameType: 'ip-name' | 'resource-name';
  readonly enableResourceNameDnsARecord: boolean;
}

/** What EC2 tells of an instance; mutable, like the whole world. */
export interface Ec2Instance {
  readonly instanceId: string;
  state: InstanceState;
  privateDnsName: string;
  privateIpAddress: string | undefined;
  /** Further addresses of IPv4 of its network interface; none by default. */
  secondaryAddresses?: readonly string[];
  /** How its subnet names it, and whether AWS answers for the name made of its id. */
  privateDnsNameOptions?: PrivateDnsNameOptions;
  ipv6Address: string | undefined;
  vpcId: string;
  subnetId: string;
  availabilityZone: string;
  /** Run by another service (ECS Managed Instances): hidden unless IncludeManagedResources is asked for. */
  managed: boolean;
}

/**
 * Docker hands out ports from 32768 up; these lie below, because real servers listen on them here and
 * the machine's own outgoing connections use the range above.
 */
export const FIRST_HOST_PORT = 20_000;

/** A machine as both services see it: either side can be missing. */
export class Machine {
  readonly instanceId: string;
  readonly address: string;
  readonly privateDnsName: string;
  readonly ec2: Ec2Instance | undefined;
  readonly cluster: Cluster | undefined;
  readonly containerInstance: ContainerInstance | undefined;
  #nextPort = FIRST_HOST_PORT;

  constructor(parts: {
    readonly instanceId: string;
    readonly address: string;
    readonly privateDnsName: string;
    readonly ec2: Ec2Instance | undefined;
    readonly cluster: Cluster | undefined;
    readonly containerInstance: ContainerInstance | undefined;
  }) {
    this.instanceId = parts.instanceId;
    this.address = parts.address;
    this.privateDnsName = parts.privateDnsName;
    this.ec2 = parts.ec2;
    this.cluster = parts.cluster;
    this.containerInstance = parts.containerInstance;
  }

  /** The first of `count` host ports in a row that nothing here has been given yet. */
  takePorts(count = 1): number {
    const port = this.#nextPort;
    this.#nextPort += count;
    return port;
  }
}
