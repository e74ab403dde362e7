import { isIPv4 } from 'node:net';
import {
  type CloudMapService,
  type CloudMapServiceOptions,
  linkedService,
  type Namespace,
} from './cloud-map.ts';
import type { Service, ServiceLoadBalancer, Task, TaskDefinition } from './ecs-shapes.ts';
import { HostedZone, type HostedZoneOptions } from './hosted-zone.ts';
import { EventBus } from './kept-events.ts';
import {
  type LoadBalancer,
  type LoadBalancerOptions,
  newLoadBalancer,
  newTargetGroup,
  type TargetGroup,
} from './load-balancer.ts';
import { type Ec2Instance, Machine } from './machine.ts';
import { MessageQueue } from './message-queue.ts';
import { type MachineOptions, newEc2Instance, registerInstance } from './new-machine.ts';
import { newTask, type TaskOptions } from './new-task.ts';
import { newTaskDefinition, type TaskDefinitionOptions } from './new-task-definition.ts';
import type { PublishedMessage } from './published-message.ts';
import { Random } from './random.ts';
import { Sequence } from './sequence.ts';
import { DEFAULT_VPC, type Vpc, type VpcOptions } from './vpc.ts';
import { Cluster } from './world-cluster.ts';

export interface WorldOptions {
  readonly region?: string;
  readonly account?: string;
  /** All ids of the world follow from it. */
  readonly seed?: number;
}

/** An applied change batch; `pendingReads` is how often GetChange will still answer PENDING. */
export interface AppliedChange {
  readonly id: string;
  readonly submittedAt: string;
  readonly comment: string | undefined;
  pendingReads: number;
}

/**
 * Creates an empty account in one region.
 *
 * @example
 * const world = createWorld({ region: 'eu-west-1' });
 * const cluster = world.addCluster('blue');
 * const machine = world.addMachine({ cluster });
 */
export function createWorld(options: WorldOptions = {}): World {
  return new World(options);
}

/**
 * One account in one region: clusters, machines, tasks, zones. Everything in it is mutable, and what
 * is changed shows in the next answer of the server.
 */
export class World {
  readonly region: string;
  readonly account: string;
  readonly random: Random;
  /** How often GetChange answers PENDING before INSYNC, for changes yet to come. */
  pendingReads = 0;
  readonly clusters = new Sequence<Cluster>();
  readonly instances = new Sequence<Ec2Instance>();
  readonly machines = new Sequence<Machine>();
  readonly taskDefinitions = new Map<string, TaskDefinition>();
  readonly latestRevisions = new Map<string, number>();
  /** Of network interfaces that have one, by their ids. */
  readonly publicAddresses = new Map<string, string>();
  readonly hostedZones = new Map<string, HostedZone>();
  /** The VPCs that EC2 shows this account: its own, and those of which another account shares subnets with it. */
  readonly vpcs = new Map<string, Vpc>();
  /** By ARN, Classic ones by name. */
  readonly loadBalancers = new Sequence<LoadBalancer>();
  readonly targetGroups = new Sequence<TargetGroup>();
  /** Of Cloud Map, by id. */
  readonly namespaces = new Sequence<Namespace>();
  readonly cloudMapServices = new Sequence<CloudMapService>();
  /** The change batches that were applied, by their change id. */
  readonly changes = new Map<string, AppliedChange>();
  /** By name; every account has the default one. */
  readonly eventBuses = new Map<string, EventBus>();
  readonly queues = new Map<string, MessageQueue>();
  /** By ARN: what was published to each topic. */
  readonly topics = new Map<string, PublishedMessage[]>();
  /** Told of each task that starts, is told to stop, or has stopped. */
  readonly taskListeners = new Set<(task: Task) => void>();
  /** Told of each service that is updated, and whether all of its tasks are to be replaced. */
  readonly serviceListeners = new Set<(service: Service, isAnew: boolean) => void>();
  /** Told of each machine that begins to shut down. */
  readonly machineListeners = new Set<(machine: Machine) => void>();
  /** How the tasks are to run that do not yet. */
  readonly #starting = new Map<Task, TaskOptions>();
  #freshAddresses = 0;

  constructor(options: WorldOptions = {}) {
    this.region = options.region ?? 'us-east-1';
    this.account = options.account ?? '123456789012';
    this.random = new Random(options.seed ?? 1);
    this.addEventBus('default');
    this.addVpc({ vpcId: DEFAULT_VPC, cidrs: ['10.0.0.0/8', '127.0.0.0/8'] });
  }

  /** Adds a VPC, this account's unless its owner is said; ranges may be wider than EC2 allows, as loopback's is. */
  addVpc({ vpcId, ownerId = this.account, cidrs = [], ipv6Cidrs = [] }: VpcOptions): Vpc {
    const vpc = { vpcId, ownerId, cidrs, ipv6Cidrs };
    this.vpcs.set(vpcId, vpc);
    return vpc;
  }

  addCluster(name: string): Cluster {
    const cluster = new Cluster(name, this.#arn('ecs', `cluster/${name}`));
    this.clusters.add(name, cluster);
    return cluster;
  }

  /** A cluster by its name or ARN; TypeError when a test names one that was never added. */
  cluster(reference: string | Cluster): Cluster {
    if (typeof reference !== 'string') return reference;
    const cluster = this.findCluster(reference);
    if (cluster === undefined) throw new TypeError(`the world has no cluster ${reference}`);
    return cluster;
  }

  findCluster(reference: string): Cluster | undefined {
    if (!reference.startsWith('arn:')) return this.clusters.get(reference);
    const cluster = this.clusters.get(reference.slice(reference.lastIndexOf('/') + 1));
    return cluster?.arn === reference ? cluster : undefined;
  }

  /** Adds a machine: its EC2 instance, and its registration when a cluster is given. */
  addMachine(options: MachineOptions = {}): Machine {
    const address = options.address ?? `10.0.${this.random.below(256)}.${1 + this.random.below(254)}`;
    const prefix = options.external === true ? 'mi-' : 'i-';
    const instanceId = options.instanceId ?? prefix + this.random.hex(17);
    const isNamedById = !isIPv4(address) || options.privateDnsNameOptions?.hostnameType === 'resource-name';
    const label = isNamedById ? instanceId : `ip-${address.replaceAll('.', '-')}`;
    const privateDnsName = options.privateDnsName ?? this.#inRegion(label);
    const cluster = options.cluster === undefined ? undefined : this.cluster(options.cluster);
    const ec2 =
      options.external === true
        ? undefined
        : newEc2Instance(instanceId, address, privateDnsName, {
            availabilityZone: `${this.region}a`,
            ...options,
          });
    const containerInstance = cluster && registerInstance(cluster, this.random, instanceId, ec2, options);
    const machine = new Machine({ instanceId, address, privateDnsName, ec2, cluster, containerInstance });
    if (ec2 !== undefined) this.instances.add(instanceId, ec2);
    this.machines.add(instanceId, machine);
    return machine;
  }

  addTaskDefinition(options: TaskDefinitionOptions): TaskDefinition {
    const revision = (this.latestRevisions.get(options.family) ?? 0) + 1;
    const arn = this.#arn('ecs', `task-definition/${options.family}:${revision}`);
    const definition = newTaskDefinition(arn, revision, options);
    this.latestRevisions.set(options.family, revision);
    this.taskDefinitions.set(arn, definition);
    return definition;
  }

  addTask(options: TaskOptions): Task {
    const cluster = this.cluster(options.cluster);
    const privateDnsNameOf = (address: string) => this.privateDnsNameOf(address);
    const context = { random: this.random, region: this.region, privateDnsNameOf };
    const task = newTask(context, cluster, options);
    cluster.addTask(task);
    const id = detailOf(task, 'networkInterfaceId');
    if (id !== undefined && options.publicAddress !== undefined)
      this.publicAddresses.set(id, options.publicAddress);
    this.#announce(task);
    return task;
  }

  /** Adds a task that is to run, and is on its way there: `startTask` says when it does. */
  beginTask(options: TaskOptions, now?: number): Task {
    const lastStatus = options.taskDefinition.networkMode === 'awsvpc' ? 'PROVISIONING' : 'PENDING';
    const task = this.addTask({ ...options, lastStatus });
    if (now !== undefined) task.createdAt = now;
    this.#starting.set(task, options);
    return task;
  }

  /** A task on its way goes on; from RUNNING on its containers have ids and ports. */
  advanceTask(task: Task, lastStatus: 'PENDING' | 'RUNNING' | 'STOPPING', now: number): void {
    const options = this.#starting.get(task);
    if (lastStatus === 'RUNNING' && options !== undefined) {
      this.#starting.delete(task);
      this.#run(task, { ...options, startedAt: now });
    }
    Object.assign(task, { lastStatus, version: task.version + 1 });
    this.#announce(task);
  }

  #run(task: Task, options: TaskOptions): void {
    const privateDnsNameOf = (address: string) => this.privateDnsNameOf(address);
    const context = { random: this.random, region: this.region, privateDnsNameOf };
    const running = newTask(context, this.cluster(task.clusterArn), { ...options, lastStatus: 'RUNNING' });
    task.startedAt = running.startedAt ?? task.createdAt;
    for (const [i, container] of task.containers.entries()) {
      const { runtimeId, networkBindings = [] } = running.containers[i] ?? {};
      Object.assign(container, { lastStatus: 'RUNNING', networkBindings });
      if (runtimeId !== undefined) container.runtimeId = runtimeId;
    }
  }

  /** An address that nothing has, in the block of the machines and beyond what they began with. */
  freshAddress(): string {
    const [first] = this.machines.values();
    const [a, b] = (first?.address ?? '10.1.0.0').split('.');
    const index = this.#freshAddresses++ % 10_000;
    return `${a}.${b}.${200 + Math.floor(index / 250)}.${1 + (index % 250)}`;
  }

  announceService(service: Service, isAnew: boolean): void {
    for (const tell of this.serviceListeners) tell(service, isAnew);
  }

  /** Shuts a machine down: it is gone once `terminateMachine` says so. */
  tellToTerminate(machine: Machine): void {
    if (machine.ec2 === undefined || machine.ec2.state === 'terminated') return;
    machine.ec2.state = 'shutting-down';
    for (const tell of this.machineListeners) tell(machine);
  }

  addService(options: {
    readonly cluster: string | Cluster;
    readonly serviceName: string;
    readonly taskDefinition: TaskDefinition;
    readonly launchType?: Service['launchType'];
    readonly desiredCount?: number;
  }): Service {
    const cluster = this.cluster(options.cluster);
    const service: Service = {
      serviceArn: cluster.arnOf('service', options.serviceName),
      serviceName: options.serviceName,
      clusterArn: cluster.arn,
      status: 'ACTIVE',
      taskDefinition: options.taskDefinition.taskDefinitionArn,
      launchType: options.launchType ?? 'EC2',
      desiredCount: options.desiredCount ?? 1,
      loadBalancers: [],
    };
    cluster.services.add(service.serviceArn, service);
    return service;
  }

  /** Deletes a service, as ECS does once its tasks are gone: no longer listed, described as inactive. */
  deleteService(service: Service): void {
    service.status = 'INACTIVE';
  }

  /** Removes every trace of a service. */
  removeService(service: Service): void {
    this.cluster(service.clusterArn).services.delete(service.serviceArn);
  }

  addLoadBalancer(options: LoadBalancerOptions): LoadBalancer {
    const balancer = newLoadBalancer(this, options);
    this.loadBalancers.add(balancer.id, balancer);
    return balancer;
  }

  /** Deletes a load balancer; its target groups stay, and belong to none. */
  removeLoadBalancer(balancer: LoadBalancer): void {
    this.loadBalancers.delete(balancer.id);
    for (const group of this.targetGroups.values())
      group.loadBalancerArns = group.loadBalancerArns.filter((arn) => arn !== balancer.id);
  }

  /** A target group behind the load balancer, or behind none. */
  addTargetGroup(balancer: LoadBalancer | undefined): TargetGroup {
    const group = newTargetGroup(this, balancer);
    this.targetGroups.add(group.targetGroupArn, group);
    return group;
  }

  /** Puts a service behind a load balancer, by a target group of its own where the balancer has such. */
  balance(
    service: Service,
    balancer: LoadBalancer,
    place: Pick<ServiceLoadBalancer, 'containerName' | 'containerPort'> = {
      containerName: 'app',
      containerPort: 80,
    },
  ): void {
    const entry =
      balancer.kind === 'classic'
        ? { loadBalancerName: balancer.name }
        : { targetGroupArn: this.addTargetGroup(balancer).targetGroupArn };
    service.loadBalancers.push({ ...entry, ...place });
  }

  addHostedZone(options: HostedZoneOptions): HostedZone {
    const id = options.id ?? `Z${this.random.hex(20).toUpperCase()}`;
    const zone = new HostedZone(id, options);
    this.hostedZones.set(id, zone);
    return zone;
  }

  /** Adds a namespace of Cloud Map; one of DNS has a zone, which Cloud Map alone may change. */
  addNamespace(name: string, type: Namespace['type'] = 'DNS_PRIVATE'): Namespace {
    const id = `ns-${this.random.hex(16)}`;
    const arn = this.#arn('servicediscovery', `namespace/${id}`);
    const options = { name, private: type === 'DNS_PRIVATE', linkedService: linkedService(arn) };
    const zone = type === 'HTTP' ? undefined : this.addHostedZone(options);
    const namespace = { id, arn, name, type, zone };
    this.namespaces.add(id, namespace);
    return namespace;
  }

  addCloudMapService({
    routingPolicy = 'MULTIVALUE',
    dnsRecords = {},
    ...options
  }: CloudMapServiceOptions): CloudMapService {
    const id = `srv-${this.random.hex(16)}`;
    const arn = this.#arn('servicediscovery', `service/${id}`);
    const service = { id, arn, routingPolicy, dnsRecords, ...options };
    this.cloudMapServices.add(id, service);
    return service;
  }

  /** Adds an SNS topic, which keeps what is published; its ARN. */
  addTopic(name: string): string {
    const arn = this.#arn('sns', name);
    this.topics.set(arn, []);
    return arn;
  }

  addEventBus(name: string): EventBus {
    const bus = new EventBus(name, this.#arn('events', `event-bus/${name}`));
    this.eventBuses.set(name, bus);
    return bus;
  }

  addQueue(name: string, visibilityMs?: number): MessageQueue {
    const queue = new MessageQueue(name, this.#arn('sqs', name), visibilityMs);
    this.queues.set(name, queue);
    return queue;
  }

  /** A queue by its URL, the last part of which is its name. */
  findQueue(url: string): MessageQueue | undefined {
    return this.queues.get(url.slice(url.lastIndexOf('/') + 1));
  }

  /** A bus by its name or ARN. */
  findEventBus(reference: string): EventBus | undefined {
    return [...this.eventBuses.values()].find(({ name, arn }) => reference === name || reference === arn);
  }

  /** Tells a task to stop: it is on its way out, and gone once `stopTask` says so. */
  tellToStop(task: Task, stoppedReason: string, stoppingAt: number, stopCode = 'UserInitiated'): void {
    const desired = { desiredStatus: 'STOPPED', lastStatus: 'DEACTIVATING', stopCode };
    Object.assign(task, desired, { stoppedReason, stoppingAt, version: task.version + 1 });
    this.#announce(task);
  }

  /** A container has ended by itself: where its task cannot do without, the task is told to stop. */
  endContainer(task: Task, name: string, exitCode: number, now: number): void {
    const container = task.containers.find((one) => one.name === name);
    if (container === undefined || container.lastStatus === 'STOPPED') return;
    Object.assign(container, { lastStatus: 'STOPPED', exitCode });
    const defined = this.taskDefinitions.get(task.taskDefinitionArn)?.containerDefinitions ?? [];
    const isEssential = defined.find((one) => one.name === name)?.essential === true;
    if (!isEssential || task.desiredStatus === 'STOPPED') return;
    this.tellToStop(task, 'Essential container in task exited', now, 'EssentialContainerExited');
  }

  /** Stops a task: ECS still describes it, but no listing of running tasks has it any more. */
  stopTask(task: Task, stoppedAt: number = task.createdAt + 3600): void {
    Object.assign(task, {
      lastStatus: 'STOPPED',
      desiredStatus: 'STOPPED',
      stoppedAt,
      stopCode: task.stopCode ?? 'UserInitiated',
    });
    for (const container of task.containers) container.lastStatus = 'STOPPED';
    this.#announce(task);
  }

  /** Forgets a task, as ECS does an hour or more after it stopped. */
  removeTask(task: Task): void {
    this.cluster(task.clusterArn).removeTask(task);
  }

  /** Takes a machine out of its cluster, its tasks stopped; EC2 keeps it. */
  deregisterMachine(machine: Machine, stoppedAt?: number): void {
    const { cluster, containerInstance } = machine;
    if (cluster === undefined || containerInstance === undefined) return;
    const { containerInstanceArn } = containerInstance;
    for (const task of cluster.tasksOf(containerInstanceArn).values())
      if (task.lastStatus !== 'STOPPED') this.stopTask(task, stoppedAt);
    cluster.containerInstances.delete(containerInstanceArn);
  }

  /** Terminates a machine: EC2 still describes it, without names and addresses, and its cluster lost it. */
  terminateMachine(machine: Machine, stoppedAt?: number): void {
    this.deregisterMachine(machine, stoppedAt);
    if (machine.ec2 === undefined) return;
    Object.assign(machine.ec2, {
      state: 'terminated',
      privateDnsName: '',
      privateIpAddress: undefined,
      secondaryAddresses: [],
    });
    machine.ec2.ipv6Address = undefined;
  }

  /** Removes every trace of a machine from ECS and EC2, the way it is an hour after its termination. */
  removeMachine(machine: Machine): void {
    const { cluster, containerInstance } = machine;
    this.deregisterMachine(machine);
    if (cluster !== undefined && containerInstance !== undefined)
      for (const task of cluster.tasksOf(containerInstance.containerInstanceArn).values())
        cluster.removeTask(task);
    this.instances.delete(machine.instanceId);
    this.machines.delete(machine.instanceId);
  }

  /** The name EC2 gives an address here; us-east-1 has a form of its own. */
  privateDnsNameOf(address: string): string {
    return this.#inRegion(`ip-${address.replaceAll('.', '-')}`);
  }

  #announce(task: Task): void {
    for (const tell of this.taskListeners) tell(task);
  }

  #inRegion(label: string): string {
    return this.region === 'us-east-1' ? `${label}.ec2.internal` : `${label}.${this.region}.compute.internal`;
  }

  #arn(service: string, resource: string): string {
    return `arn:aws:${service}:${this.region}:${this.account}:${resource}`;
  }
}

function detailOf({ attachments }: Task, name: string): string | undefined {
  return attachments.flatMap(({ details }) => details).find((detail) => detail.name === name)?.value;
}
