import type { Instance, NetworkInterface, Vpc } from '@aws-sdk/client-ec2';
import type { Container, ContainerInstance, Service, Task, TaskDefinition } from '@aws-sdk/client-ecs';
import type { ServiceSummary } from '@aws-sdk/client-servicediscovery';
import type { CloudMapApi } from '../../../src/sources/ecs/cloud-map-api.ts';
import type { Ec2Api, InstanceFilter } from '../../../src/sources/ecs/ec2-api.ts';
import type { Described, EcsApi, TaskFilter } from '../../../src/sources/ecs/ecs-api.ts';
import { addressesOfInstance } from '../../../src/sources/ecs/hosts.ts';
import type { Page } from '../../../src/sources/ecs/read-pages.ts';
import { createInventory, type InventorySources } from '../../../src/sources/ecs/take-inventory.ts';
import { awsError } from '../../aws/support.ts';

/** One request, as a world may answer it with an error. */
export interface Call {
  readonly operation: string;
  readonly cluster?: string;
  readonly token?: string | undefined;
  readonly values?: readonly string[];
  /** Of ListTasks, where not all of the cluster is listed. */
  readonly filter?: TaskFilter;
}

interface Faults {
  /** The error that a request ends with; none by default. */
  readonly fault?: (call: Call) => Error | undefined;
  /** Items a page; what the service allows by default. */
  readonly pageSize?: number;
  /** Runs while a request is under way. */
  readonly latency?: (call: Call) => Promise<void>;
}

/** What the ECS of a test holds. */
export interface EcsWorld extends Faults {
  readonly clusters?: Readonly<Record<string, ClusterWorld>>;
  readonly definitions?: readonly TaskDefinition[];
  /** Ids that a Describe answers with a failure of this reason. */
  readonly failing?: Readonly<Record<string, string>>;
  /** Ids that a Describe leaves out without a word. */
  readonly omitted?: readonly string[];
}

export interface ClusterWorld {
  readonly tasks?: readonly Task[];
  readonly instances?: readonly ContainerInstance[];
  readonly services?: readonly Service[];
}

/** What the EC2 of a test holds. */
export interface Ec2World extends Faults {
  readonly instances?: readonly Instance[];
  readonly interfaceNames?: readonly string[];
  readonly interfaces?: readonly NetworkInterface[];
  readonly vpcs?: readonly Vpc[];
}

const ECS_LIMIT = 100;
const SERVICES_LIMIT = 10;
const EC2_FILTER_LIMIT = 199;

/** ECS in memory, with the page and batch limits of the real one. */
export function inMemoryEcs(world: EcsWorld): EcsApi & { readonly calls: readonly Call[] } {
  const { calls, receive } = recorder(world);
  const page = (ids: readonly (string | undefined)[], token: string | undefined) =>
    pageOf(
      ids.filter((id) => id !== undefined),
      token,
      world.pageSize ?? ECS_LIMIT,
    );
  const receiveFor = async (call: Call & { readonly cluster: string }) => {
    await receive(call);
    return clusterOf(world, call.cluster);
  };
  const api = {
    calls,
    listClusters: async (token: string | undefined) => {
      await receive({ operation: 'ListClusters', token });
      return page(Object.keys(world.clusters ?? {}).map(clusterArn), token);
    },
    listTasks: async (
      cluster: string,
      token: string | undefined,
      _signal: AbortSignal | undefined,
      filter?: TaskFilter,
    ) => {
      const call = { operation: 'ListTasks', cluster, token };
      const { tasks = [] } = await receiveFor(filter === undefined ? call : { ...call, filter });
      const listed = filter === undefined ? tasks : tasks.filter(fits(filter));
      return page(
        listed.map(({ taskArn: arn }) => arn),
        token,
      );
    },
    listContainerInstances: async (cluster: string, token: string | undefined) => {
      const { instances = [] } = await receiveFor({ operation: 'ListContainerInstances', cluster, token });
      return page(
        instances.map(({ containerInstanceArn }) => containerInstanceArn),
        token,
      );
    },
    listServices: async (cluster: string, token: string | undefined) => {
      const { services = [] } = await receiveFor({ operation: 'ListServices', cluster, token });
      return page(
        services
          .filter(({ status }) => status === undefined || status === 'ACTIVE')
          .map(serviceArnOf(cluster)),
        token,
      );
    },
    describeTasks: async (cluster: string, values: readonly string[]) => {
      const { tasks = [] } = await receiveFor({ operation: 'DescribeTasks', cluster, values });
      checkLimit('DescribeTasks', values, ECS_LIMIT);
      return described(values, tasks, ({ taskArn: arn }) => arn, world);
    },
    describeContainerInstances: async (cluster: string, values: readonly string[]) => {
      const { instances = [] } = await receiveFor({
        operation: 'DescribeContainerInstances',
        cluster,
        values,
      });
      checkLimit('DescribeContainerInstances', values, ECS_LIMIT);
      return described(values, instances, ({ containerInstanceArn }) => containerInstanceArn, world);
    },
    describeServices: async (cluster: string, values: readonly string[]) => {
      const { services = [] } = await receiveFor({ operation: 'DescribeServices', cluster, values });
      checkLimit('DescribeServices', values, SERVICES_LIMIT);
      return described(values, services, ({ serviceName }) => serviceName, world);
    },
    describeTaskDefinition: async (arn: string) => {
      await receive({ operation: 'DescribeTaskDefinition', values: [arn] });
      const found = world.definitions?.find(({ taskDefinitionArn }) => taskDefinitionArn === arn);
      if (found !== undefined) return found;
      throw awsError('ClientException', { message: 'no such revision', status: 400 });
    },
  };
  return api;
}

/** EC2 in memory, with the filter limit that was seen to hold. */
export function inMemoryEc2(world: Ec2World): Ec2Api & { readonly calls: readonly Call[] } {
  const { calls, receive } = recorder(world);
  const filtered = async <T>(
    call: Call,
    items: readonly T[],
    key: (item: T) => string | readonly string[] | undefined,
  ) => {
    await receive(call);
    checkLimit(call.operation, call.values ?? [], EC2_FILTER_LIMIT);
    const patterns = (call.values ?? []).map(globPattern);
    const isFitting = (item: T) =>
      [key(item) ?? []].flat().some((value) => patterns.some((one) => one.test(value)));
    const fitting = items.filter(isFitting);
    return pageOf(fitting, call.token, world.pageSize ?? 1_000);
  };
  return {
    calls,
    describeInstances: (filter, values, token) =>
      filtered({ operation: 'DescribeInstances', values, token }, world.instances ?? [], (instance) =>
        instanceField(filter, instance),
      ),
    interfacesBy: (filter, values, token) =>
      filtered({ operation: 'DescribeNetworkInterfaces', values, token }, world.interfaces ?? [], (one) =>
        filter === 'addresses.private-ip-address'
          ? one.PrivateIpAddress
          : one.Ipv6Addresses?.[0]?.Ipv6Address,
      ),
    describeVpcs: (_filter, values, token) =>
      filtered({ operation: 'DescribeVpcs', values, token }, world.vpcs ?? [], ({ VpcId }) => VpcId),
    interfaceNames: (values, token) =>
      filtered(
        { operation: 'DescribeNetworkInterfaces', values, token },
        world.interfaceNames ?? [],
        (name) => name,
      ),
  };
}

/** What the Cloud Map of a test holds: services by the name of their namespace. */
export interface CloudMapWorld extends Faults {
  readonly namespaces: Readonly<Record<string, readonly ServiceSummary[]>>;
  /** The names of those that DNS does not know. */
  readonly http?: readonly string[];
  /** The namespace whose own listing lies: it is empty. */
  readonly leftOutOf?: string;
}

/** Cloud Map in memory. */
export function inMemoryCloudMap(world: CloudMapWorld): CloudMapApi & { readonly calls: readonly Call[] } {
  const { calls, receive } = recorder(world);
  const size = world.pageSize ?? ECS_LIMIT;
  return {
    calls,
    namespaces: async (token) => {
      await receive({ operation: 'ListNamespaces', token });
      const all = Object.keys(world.namespaces).map((Name) => {
        const Type = world.http?.includes(Name) === true ? ('HTTP' as const) : ('DNS_PRIVATE' as const);
        return { Name, Id: `ns-${Name}`, Type };
      });
      return pageOf(all, token, size);
    },
    services: async (namespaceId, token) => {
      await receive({ operation: 'ListServices', token, values: [namespaceId ?? 'all'] });
      const listed = Object.entries(world.namespaces).filter(
        ([name]) => namespaceId === undefined || (namespaceId === `ns-${name}` && name !== world.leftOutOf),
      );
      return pageOf(
        listed.flatMap(([, services]) => services),
        token,
        size,
      );
    },
  };
}

function instanceField(filter: InstanceFilter, instance: Instance): string | readonly string[] | undefined {
  if (filter === 'instance-id') return instance.InstanceId;
  return filter === 'private-dns-name' ? instance.PrivateDnsName : addressesOfInstance(instance);
}

function serviceArnOf(cluster: string): (service: Service) => string {
  const name = cluster.slice(cluster.lastIndexOf('/') + 1);
  return ({ serviceName }) => `arn:aws:ecs:eu-west-1:1:service/${name}/${serviceName}`;
}

function fits({ desiredStatus, containerInstance }: TaskFilter): (task: Task) => boolean {
  return (one) =>
    one.desiredStatus === desiredStatus &&
    (containerInstance === undefined || one.containerInstanceArn === containerInstance);
}

function recorder({ fault, latency }: Faults) {
  const calls: Call[] = [];
  const receive = async (call: Call) => {
    calls.push(call);
    await latency?.(call);
    const error = fault?.(call);
    if (error !== undefined) throw error;
  };
  return { calls, receive };
}

function clusterOf({ clusters = {} }: EcsWorld, id = 'default'): ClusterWorld {
  const cluster = clusters[id.slice(id.lastIndexOf('/') + 1)];
  if (cluster === undefined)
    throw awsError('ClusterNotFoundException', { message: 'Cluster not found.', status: 400 });
  return cluster;
}

function pageOf<T>(items: readonly T[], token: string | undefined, size: number): Page<T> {
  const start = Number(token ?? 0);
  const end = start + size;
  return { items: items.slice(start, end), nextToken: end < items.length ? String(end) : undefined };
}

function described<T>(
  asked: readonly string[],
  all: readonly T[],
  idOf: (item: T) => string | undefined,
  { failing = {}, omitted = [] }: EcsWorld,
): Described<T> {
  const byId = new Map(all.map((item) => [idOf(item), item]));
  const failures = asked.flatMap((arn) => {
    const reason = failing[arn] ?? (byId.has(arn) ? undefined : 'MISSING');
    return reason === undefined ? [] : [{ arn, reason }];
  });
  const hidden = new Set([...failures.map(({ arn }) => arn), ...omitted]);
  return { items: asked.flatMap((arn) => (hidden.has(arn) ? [] : (byId.get(arn) ?? []))), failures };
}

function checkLimit(operation: string, values: readonly string[], limit: number): void {
  if (values.length >= 1 && values.length <= limit) return;
  throw awsError('InvalidParameterException', { message: `${operation} of ${values.length}`, status: 400 });
}

function globPattern(glob: string): RegExp {
  return new RegExp(
    `^${glob
      .split('*')
      .map((part) => part.replaceAll('.', '\\.'))
      .join('.*')}$`,
  );
}

/** How often each operation was called. */
export function countCalls(
  ...apis: readonly { readonly calls: readonly Call[] }[]
): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { operation } of apis.flatMap(({ calls }) => calls))
    counts[operation] = (counts[operation] ?? 0) + 1;
  return counts;
}

export function clusterArn(name: string): string {
  return `arn:aws:ecs:eu-west-1:1:cluster/${name}`;
}

export function taskArn(id: string | number): string {
  return `arn:aws:ecs:eu-west-1:1:task/blue/${id}`;
}

export function instanceArn(id: string | number): string {
  return `arn:aws:ecs:eu-west-1:1:container-instance/blue/${id}`;
}

export const DEFINITION_ARN = 'arn:aws:ecs:eu-west-1:1:task-definition/calc:7';

/** A running task of one container on no host in particular. */
export function task(id: string | number, fields: Partial<Task> = {}): Task {
  return {
    taskArn: taskArn(id),
    lastStatus: 'RUNNING',
    desiredStatus: 'RUNNING',
    containers: [ecsContainer()],
    ...fields,
  };
}

export function ecsContainer(fields: Partial<Container> = {}): Container {
  return { name: 'app', lastStatus: 'RUNNING', runtimeId: 'ab12cd34ef56', networkBindings: [], ...fields };
}

/** The registration of an EC2 instance with a connected agent. */
export function registration(
  id: string | number,
  fields: Partial<ContainerInstance> = {},
): ContainerInstance {
  return { containerInstanceArn: instanceArn(id), ec2InstanceId: `i-${id}`, agentConnected: true, ...fields };
}

/** A running EC2 instance; `id` is also in its address and its name. */
export function ec2Instance(id: string | number, fields: Partial<Instance> = {}): Instance {
  return {
    InstanceId: `i-${id}`,
    State: { Name: 'running' },
    PrivateDnsName: `ip-10-0-0-${id}.eu-west-1.compute.internal`,
    PrivateIpAddress: `10.0.0.${id}`,
    ...fields,
  };
}

/** `count` things, built from the numbers that follow 0. */
export function many<T>(count: number, build: (index: number) => T, from = 0): readonly T[] {
  return Array.from({ length: count }, (_, index) => build(from + index));
}

/** Takes one inventory of these worlds, of all clusters unless some are named. */
export function takeFrom(
  ecs: EcsApi,
  ec2: Ec2Api,
  options: Partial<Pick<InventorySources, 'clusters' | 'definitions' | 'cloudMap' | 'names'>> & {
    readonly signal?: AbortSignal;
  } = {},
) {
  const { signal, ...sources } = options;
  const inventory = createInventory({
    ecs,
    ec2,
    region: 'eu-west-1',
    clusters: [],
    definitions: new Map(),
    ...sources,
  });
  return inventory.take(() => {}, signal);
}
