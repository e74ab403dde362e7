import { isIPv4 } from 'node:net';
import { deploymentId } from './deployment-id.ts';
import type {
  Attachment,
  Container,
  ContainerDefinition,
  ContainerOverride,
  LaunchType,
  NetworkBinding,
  PortMapping,
  Task,
  TaskDefinition,
} from './ecs-shapes.ts';
import type { Machine } from './machine.ts';
import { environmentFile } from './new-task-definition.ts';
import type { Random } from './random.ts';
import type { Cluster } from './world-cluster.ts';

/** What a test wants special about one container; everything else follows from the task definition. */
export interface ContainerOptions {
  /** `null` leaves it out, as ECS does for a container it has not heard of yet. */
  readonly runtimeId?: string | null;
  /** Host ports by container port, or by container port range. */
  readonly hostPorts?: Readonly<Record<string, number>>;
  readonly networkBindings?: readonly NetworkBinding[];
  readonly lastStatus?: string;
  readonly healthStatus?: string;
}

export interface TaskOptions {
  readonly cluster: string | Cluster;
  readonly taskDefinition: TaskDefinition;
  /** The machine it was placed on; without one it is a Fargate task. */
  readonly machine?: Machine;
  readonly launchType?: LaunchType;
  readonly taskId?: string;
  /** The address of the task's own network interface (awsvpc); one of IPv6 is its only one. */
  readonly address?: string;
  /** A second address of that interface. */
  readonly ipv6Address?: string;
  /** The address at which the internet reaches that interface; EC2 tells of it, and ECS does not. */
  readonly publicAddress?: string;
  /** By default where the machine is, or the first of the region. */
  readonly availabilityZone?: string;
  readonly subnetId?: string;
  /** Whether the VPC has a private DNS name for that interface; by default it has. */
  readonly hasPrivateDnsName?: boolean;
  readonly lastStatus?: string;
  readonly desiredStatus?: string;
  /** Epoch seconds. */
  readonly startedAt?: number;
  readonly service?: string;
  /** Whether Docker publishes each port a second time, on `::`. */
  readonly ipv6?: boolean;
  /** By container name; what AWS has put into the task may be among them. */
  readonly containers?: Readonly<Record<string, ContainerOptions>>;
  /** The names of containers that AWS puts into the task, and that no definition names. */
  readonly injected?: readonly string[];
  /** What the task was started with, by container name. */
  readonly overrides?: Readonly<Record<string, OverrideOptions>>;
}

export interface OverrideOptions {
  readonly environment?: Readonly<Record<string, string>>;
  /** The ARNs of objects in S3. */
  readonly environmentFiles?: readonly string[];
}

/** The world's part in making a task. */
export interface TaskContext {
  readonly random: Random;
  readonly region: string;
  readonly privateDnsNameOf: (address: string) => string;
}

const NOT_STARTED = ['PROVISIONING', 'PENDING', 'ACTIVATING'];

/** 2024-01-01T00:00:00Z, in epoch seconds: when everything started unless a test says otherwise. */
export const LONG_AGO = 1_704_067_200;

/** What a service has started bears the id of its last deployment. */
function startedBy(cluster: Cluster, { service }: TaskOptions): Pick<Task, 'startedBy'> {
  if (service === undefined) return {};
  const arn = cluster.arnOf('service', service);
  const known = cluster.services.get(arn)?.deployments?.find(({ status }) => status === 'PRIMARY')?.id;
  return { startedBy: known ?? deploymentId(arn, 1) };
}

/** A task in the shape in which ECS describes it, its ports and interfaces as its network mode has them. */
export function newTask(context: TaskContext, cluster: Cluster, options: TaskOptions): Task {
  const taskId = options.taskId ?? context.random.hex(32);
  const lastStatus = options.lastStatus ?? 'RUNNING';
  const startedAt = options.startedAt ?? (NOT_STARTED.includes(lastStatus) ? undefined : LONG_AGO);
  const containerInstanceArn = options.machine?.containerInstance?.containerInstanceArn;
  const attachment = isAwsvpc(options) ? networkInterface(context, options) : undefined;
  const task: Task = {
    taskArn: cluster.arnOf('task', taskId),
    clusterArn: cluster.arn,
    taskDefinitionArn: options.taskDefinition.taskDefinitionArn,
    launchType: options.launchType ?? (options.machine === undefined ? 'FARGATE' : 'EC2'),
    lastStatus,
    desiredStatus: options.desiredStatus ?? 'RUNNING',
    healthStatus: 'UNKNOWN',
    group: groupOf(options),
    ...startedBy(cluster, options),
    createdAt: (startedAt ?? LONG_AGO) - 5,
    version: 3,
    availabilityZone:
      options.availabilityZone ?? options.machine?.ec2?.availabilityZone ?? `${context.region}a`,
    attachments: attachment === undefined ? [] : [attachment],
    overrides: { containerOverrides: containerOverrides(options) },
    containers: [],
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(containerInstanceArn === undefined ? {} : { containerInstanceArn }),
  };
  for (const definition of options.taskDefinition.containerDefinitions)
    task.containers.push(newContainer(context, task, definition, options, attachment));
  for (const name of options.injected ?? [])
    task.containers.push(newContainer(context, task, { name, portMappings: [] }, options, attachment));
  return task;
}

function containerOverrides({ overrides = {} }: TaskOptions): ContainerOverride[] {
  return Object.entries(overrides).map(([name, { environment = {}, environmentFiles }]) => ({
    name,
    environment: Object.entries(environment).map(([variable, value]) => ({ name: variable, value })),
    ...(environmentFiles === undefined ? {} : { environmentFiles: environmentFiles.map(environmentFile) }),
  }));
}

function isAwsvpc(options: TaskOptions): boolean {
  return options.taskDefinition.networkMode === 'awsvpc';
}

function groupOf(options: TaskOptions): string {
  return options.service === undefined
    ? `family:${options.taskDefinition.family}`
    : `service:${options.service}`;
}

function networkInterface(context: TaskContext, options: TaskOptions): Attachment {
  const address = options.address ?? `10.1.${context.random.below(256)}.${1 + context.random.below(254)}`;
  const hasName = options.hasPrivateDnsName !== false && isIPv4(address);
  const details = {
    subnetId: options.subnetId ?? options.machine?.ec2?.subnetId ?? 'subnet-0a1b2c3d4e5f60718',
    networkInterfaceId: `eni-${context.random.hex(17)}`,
    macAddress: `0a:${(context.random.hex(10).match(/../g) ?? []).join(':')}`,
    ...(hasName ? { privateDnsName: context.privateDnsNameOf(address) } : {}),
    ...(isIPv4(address) ? { privateIPv4Address: address } : { ipv6Address: address }),
  };
  return {
    id: uuid(context.random),
    type: 'ElasticNetworkInterface',
    status: 'ATTACHED',
    details: Object.entries(details).map(([name, value]) => ({ name, value })),
  };
}

type DefinedContainer = Pick<ContainerDefinition, 'name' | 'portMappings'>;

function newContainer(
  context: TaskContext,
  task: Task,
  definition: DefinedContainer,
  options: TaskOptions,
  attachment: Attachment | undefined,
): Container {
  const own = options.containers?.[definition.name] ?? {};
  const isStarted = !['PROVISIONING', 'PENDING'].includes(task.lastStatus);
  const runtimeId = own.runtimeId === undefined && isStarted ? newRuntimeId(context, task) : own.runtimeId;
  const lastStatus = own.lastStatus ?? (isStarted ? containerStatus(task.lastStatus) : 'PENDING');
  return {
    containerArn: `${task.taskArn.replace(':task/', ':container/')}/${uuid(context.random)}`,
    taskArn: task.taskArn,
    name: definition.name,
    lastStatus,
    healthStatus: own.healthStatus ?? 'UNKNOWN',
    networkBindings: isStarted ? bindings(definition, options, own) : [],
    networkInterfaces: attachment === undefined ? [] : [interfaceOf(attachment, options.ipv6Address)],
    ...(typeof runtimeId === 'string' ? { runtimeId } : {}),
  };
}

function containerStatus(taskStatus: string): string {
  return ['DEPROVISIONING', 'STOPPED', 'DELETED'].includes(taskStatus) ? 'STOPPED' : 'RUNNING';
}

// Fargate runs containers without Docker: their id is the task's with a number behind it.
function newRuntimeId(context: TaskContext, task: Task): string {
  if (task.launchType !== 'FARGATE') return context.random.hex(64);
  return `${task.taskArn.slice(task.taskArn.lastIndexOf('/') + 1)}-${context.random.decimal(10)}`;
}

function interfaceOf(
  attachment: Attachment,
  ipv6Address: string | undefined,
): Container['networkInterfaces'][number] {
  const detail = (wanted: string) => attachment.details.find(({ name }) => name === wanted)?.value;
  const [address, onlyAddress] = [detail('privateIPv4Address'), detail('ipv6Address')];
  const long = ipv6Address ?? onlyAddress;
  return {
    attachmentId: attachment.id,
    ...(address === undefined ? {} : { privateIpv4Address: address }),
    ...(long === undefined ? {} : { ipv6Address: long }),
  };
}

function bindings(
  definition: DefinedContainer,
  options: TaskOptions,
  own: ContainerOptions,
): NetworkBinding[] {
  if (own.networkBindings !== undefined) return [...own.networkBindings];
  const mode = options.taskDefinition.networkMode;
  if (mode === 'awsvpc' || mode === 'none') return [];
  const published = definition.portMappings.map((mapping) => binding(mapping, mode, options.machine, own));
  if (options.ipv6 !== true) return published;
  return [...published, ...published.map((one) => ({ ...one, bindIP: '::' }))];
}

function binding(
  mapping: PortMapping,
  mode: 'bridge' | 'host',
  machine: Machine | undefined,
  own: ContainerOptions,
): NetworkBinding {
  const shared = { bindIP: '0.0.0.0', protocol: mapping.protocol ?? 'tcp' };
  if (mapping.containerPortRange !== undefined)
    return { ...shared, ...rangeBinding(mapping.containerPortRange, mode, machine, own) };
  const containerPort = mapping.containerPort ?? 0;
  const fixed = own.hostPorts?.[containerPort] ?? (mapping.hostPort === 0 ? undefined : mapping.hostPort);
  const hostPort = mode === 'host' ? containerPort : (fixed ?? machine?.takePorts() ?? containerPort);
  return { ...shared, containerPort, hostPort };
}

function rangeBinding(
  range: string,
  mode: 'bridge' | 'host',
  machine: Machine | undefined,
  own: ContainerOptions,
): Pick<NetworkBinding, 'containerPortRange' | 'hostPortRange'> {
  const [first = 0, last = first] = range.split('-').map(Number);
  const count = last - first + 1;
  const start = mode === 'host' ? first : (own.hostPorts?.[range] ?? machine?.takePorts(count) ?? first);
  return { containerPortRange: range, hostPortRange: `${start}-${start + count - 1}` };
}

function uuid(random: Random): string {
  return [8, 4, 4, 4, 12].map((digits) => random.hex(digits)).join('-');
}
