import type { RecordSet } from '../../model/record-set.ts';
import type {
  LaunchType,
  NetworkMode,
  PortMapping,
  Service,
  Task,
  TaskDefinition,
} from '../world/ecs-shapes.ts';
import type { HostedZone } from '../world/hosted-zone.ts';
import type { LoadBalancer, LoadBalancerKind } from '../world/load-balancer.ts';
import type { Machine } from '../world/machine.ts';
import type { ContainerOptions, OverrideOptions } from '../world/new-task.ts';
import type { World } from '../world/world.ts';
import type { Cluster } from '../world/world-cluster.ts';
import { agentHostRecord, agentSrvRecord } from './agent-records.ts';
import { type Behaviour, endpointKey } from './behaviour.ts';
import { type Expectation, type Planted, plantedEntries } from './planted.ts';
import { type Fate, type Registrable, registrableValues } from './registrable.ts';

/** A service of the fleet: where it runs, under which name, and what its containers look like. */
export interface FleetService {
  /** Relative to the zone, such as `_orders._tcp`. */
  readonly name: string;
  readonly mode: NetworkMode;
  readonly cluster: Cluster;
  readonly definition: TaskDefinition;
  readonly members: Member[];
}

/** One running task of a service, and where it is reached. */
export interface Member {
  readonly task: Task;
  readonly containerId: string;
  readonly host: string;
  readonly address: string;
  readonly port: number;
}

export interface ServiceOptions {
  readonly name: string;
  readonly mode: NetworkMode;
  readonly cluster: Cluster;
  /** By default EC2. */
  readonly launchType?: LaunchType;
  readonly portMappings: readonly (number | PortMapping)[];
  /** The container ports that carry the service's name; by default the first one. */
  readonly namedPorts?: readonly number[];
  /** Whether the name is a docker label instead of an environment variable. */
  readonly labels?: boolean;
  readonly sidecar?: boolean;
  /** Containers that run next to the one that carries the service. */
  readonly sidecars?: readonly { readonly name: string; readonly portMappings: readonly number[] }[];
  /** In addition to the names of its ports. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly dockerLabels?: Readonly<Record<string, string>>;
  /** Whether its name is out of sight: a secret, in a file, or in its image. */
  readonly hidesName?: 'secrets' | 'environmentFiles' | 'image';
}

/** An ECS service behind a load balancer. */
export interface BalancedService {
  readonly service: Service;
  readonly balancer: LoadBalancer;
}

export interface MemberOptions {
  readonly machine?: Machine;
  readonly launchType?: LaunchType;
  readonly address?: string;
  readonly availabilityZone?: string;
  readonly subnetId?: string;
  readonly hasPrivateDnsName?: boolean;
  readonly ipv6?: boolean;
  readonly injected?: readonly string[];
  readonly overrides?: Readonly<Record<string, OverrideOptions>>;
  readonly lastStatus?: string;
  readonly desiredStatus?: string;
  /** Epoch seconds. */
  readonly startedAt?: number;
  /** By container name; the one that carries the service is `app`. */
  readonly containers?: Readonly<Record<string, ContainerOptions>>;
}

/** The parts from which a fleet is put together: what runs, and what the zone says about it. */
export class FleetBuilder {
  readonly world: World;
  readonly zone: HostedZone;
  readonly planted: Planted[] = [];
  readonly registrable: Registrable[] = [];
  readonly behaviours = new Map<string, Behaviour>();
  readonly machines = new Map<Cluster, Machine[]>();

  constructor(world: World, zone: HostedZone) {
    this.world = world;
    this.zone = zone;
  }

  addService(options: ServiceOptions): FleetService {
    const family = options.name.replace(/^_(.*)\._(?:tcp|udp)$/, '$1');
    const ports = options.namedPorts ?? [firstPort(options.portMappings)];
    const names = Object.fromEntries(ports.map((port) => [`SERVICE_${port}_NAME`, options.name]));
    const told = options.hidesName === undefined ? names : {};
    const [labels, variables] = options.labels === true ? [told, {}] : [{}, told];
    const dockerLabels = { ...labels, ...options.dockerLabels };
    const app = {
      portMappings: options.portMappings,
      environment: { ...variables, ...options.environment },
      ...(options.hidesName === 'secrets' ? { secrets: Object.keys(names) } : {}),
      ...(options.hidesName === 'environmentFiles' ? { environmentFiles: [ENVIRONMENT_FILE] } : {}),
      ...(Object.keys(dockerLabels).length === 0 ? {} : { dockerLabels }),
    };
    const definition = this.world.addTaskDefinition({
      family,
      networkMode: options.mode,
      containers: [
        app,
        ...(options.sidecar === true ? [{ name: 'log-router' }] : []),
        ...(options.sidecars ?? []),
      ],
    });
    const { name, mode, cluster, launchType = 'EC2' } = options;
    this.world.addService({ cluster, serviceName: family, taskDefinition: definition, launchType });
    return { name, mode, cluster, definition, members: [] };
  }

  /** Adds an ECS service behind a load balancer of its own; nothing in it has a name in the zone. */
  addBalancedService(options: {
    readonly serviceName: string;
    readonly cluster: Cluster;
    readonly kind: LoadBalancerKind;
    readonly balancerName?: string;
  }): BalancedService {
    const { serviceName, cluster, kind, balancerName: name } = options;
    const taskDefinition = this.world.addTaskDefinition({
      family: serviceName,
      containers: [{ portMappings: [80] }],
    });
    const service = this.world.addService({ cluster, serviceName, taskDefinition });
    const balancer = this.world.addLoadBalancer({ kind, ...(name === undefined ? {} : { name }) });
    this.world.balance(service, balancer);
    return { service, balancer };
  }

  /** Runs one more task of a service, without any record of it in the zone. */
  run(service: FleetService, options: MemberOptions): Member {
    const task = this.world.addTask({
      cluster: service.cluster,
      taskDefinition: service.definition,
      service: service.definition.family,
      ...options,
    });
    const member = memberOf(service, task, options.machine);
    service.members.push(member);
    return member;
  }

  /** Runs a task and registers it, with what is to be made of its entry. */
  runAndRegister(service: FleetService, options: MemberOptions, expectation: Expectation): Member {
    const member = this.run(service, options);
    this.register(service, member, expectation);
    return member;
  }

  register(service: FleetService, member: Member, expectation: Expectation): void {
    this.plantSrv(service.name, member, [member.port], expectation);
  }

  behave(member: Member, behaviour: Behaviour, port: number = member.port): void {
    this.behaviours.set(endpointKey(member.address, port), behaviour);
  }

  /** Plants an entry in the agents' form, whether such a container exists or not. */
  plantSrv(
    name: string,
    owner: { readonly host: string; readonly containerId: string },
    ports: readonly number[],
    expectations: Expectation | readonly Expectation[],
  ): void {
    const set = agentSrvRecord({ name, zoneName: this.zone.name, ...owner, ports });
    this.plant(set, expectations);
  }

  /** Plants the agents' A record of a host. */
  plantHost(host: string, address: string, expectation: Expectation): void {
    this.plant(agentHostRecord(host, address, this.zone.name), expectation);
  }

  plant(set: RecordSet, expectations: Expectation | readonly Expectation[]): void {
    this.zone.put(set);
    this.planted.push(...plantedEntries(set, expectations));
  }

  /** Tells what is to become of a set under `sync`, where the zone has nothing of the fleet yet. */
  expect(recordSet: RecordSet, fate: Fate = { fate: 'registered' }): void {
    this.registrable.push(...registrableValues(recordSet, fate));
  }

  /** The same for the set that an agent would write for a member. */
  expectSrv({ name }: FleetService, member: Member, fate?: Fate): void {
    const record = { name, zoneName: this.zone.name, ...member, ports: [member.port] };
    this.expect(agentSrvRecord(record), fate);
  }

  /** The id of a container that no longer exists. */
  deadContainerId(): string {
    return this.world.random.hex(64);
  }

  machinesOf(cluster: Cluster): readonly Machine[] {
    return this.machines.get(cluster) ?? [];
  }

  /** One of the machines of a cluster; counts round when `index` is more than there are. */
  machine(cluster: Cluster, index: number): Machine {
    const machines = this.machinesOf(cluster);
    const machine = machines[index % machines.length];
    if (machine === undefined)
      throw new RangeError(
        `cluster ${cluster.name} has no machine: give it more instances, or fewer clusters`,
      );
    return machine;
  }
}

const ENVIRONMENT_FILE = 'arn:aws:s3:::settings/app.env';

/** Where the special cases run. */
export function firstCluster({ world }: FleetBuilder): Cluster {
  for (const cluster of world.clusters.values()) return cluster;
  throw new TypeError('a fleet needs a cluster');
}

function firstPort([mapping]: readonly (number | PortMapping)[]): number {
  return typeof mapping === 'number' ? mapping : (mapping?.containerPort ?? 0);
}

function memberOf(service: FleetService, task: Task, machine: Machine | undefined): Member {
  const [container] = task.containers;
  const [attachment] = task.attachments;
  const detail = (name: string) => attachment?.details.find((one) => one.name === name)?.value;
  const [mapping] = service.definition.containerDefinitions[0]?.portMappings ?? [];
  return {
    task,
    containerId: container?.runtimeId ?? '',
    host: detail('privateDnsName') ?? machine?.privateDnsName ?? '',
    address: detail('privateIPv4Address') ?? detail('ipv6Address') ?? machine?.address ?? '',
    port: container?.networkBindings[0]?.hostPort ?? mapping?.containerPort ?? 0,
  };
}
