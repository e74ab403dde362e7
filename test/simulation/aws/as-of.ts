import type { Container, ContainerInstance, Task } from '../../../src/sandbox/world/ecs-shapes.ts';
import type { Ec2Instance } from '../../../src/sandbox/world/machine.ts';
import { DEFAULT_VPC } from '../../../src/sandbox/world/vpc.ts';
import type { World as Account } from '../../../src/sandbox/world/world.ts';
import { Cluster } from '../../../src/sandbox/world/world-cluster.ts';
import type { HostSpec } from '../history.ts';
import { availabilityZone, definitionArn, serviceName, TWIN_VPC } from '../world/account.ts';
import { isAlive, type SimHost, type SimTask, zoneOf } from '../world/entities.ts';
import type { World } from '../world/world.ts';

/** What one answer of ECS is made of. */
export interface Look {
  /** As of when instances and tasks are there, and as of when the tasks are in the state that is told. */
  readonly instances: number;
  readonly tasks: number;
  readonly states: number;
  /** Which tasks matter for the answer. */
  readonly isAsked: (task: SimTask) => boolean;
}

/** The account with one cluster in it, as ECS tells of it; good until the next look. */
export function clusterAsOf(world: World, name: string, look: Look): Account {
  const { account, views, hosts, tasks, now } = world;
  const known = account.findCluster(name);
  if (known === undefined) return account;
  const cluster = new Cluster(known.name, known.arn);
  views.ecs.clusters.add(cluster.name, cluster);
  for (const service of known.services.values()) cluster.services.add(service.serviceArn, service);
  for (const host of hosts) {
    if (host.cluster !== cluster.name) continue;
    // What is not there keeps its place in the order, so that listings in pages go on where they were.
    cluster.containerInstances.add(host.instanceArn, instanceOf(host, now));
    if (!isRegistered(host, look.instances)) cluster.containerInstances.delete(host.instanceArn);
  }
  for (const one of tasks) {
    if (one.cluster !== cluster.name || !look.isAsked(one)) continue;
    const task = taskAsOf(one, cluster, look.states);
    cluster.addTask(task);
    if (!isThere(one, look.tasks)) cluster.removeTask(task);
  }
  return views.ecs;
}

/** The account as EC2 tells of it at a time, with the network interfaces of tasks; good until the next look. */
export function machinesAsOf({ views: { ec2 }, hosts, tasks }: World, at: number): Account {
  for (const host of hosts) {
    if (isKnown(host, at)) ec2.instances.add(host.instanceId, ec2InstanceAsOf(host, at));
    else ec2.instances.delete(host.instanceId);
  }
  const cluster = ec2.addCluster('all');
  for (const task of tasks) {
    const isSeen = task.interfaceName !== undefined && task.service.of !== 'other-account';
    if (isSeen && isThere(task, at)) cluster.addTask(taskAsOf(task, cluster, at));
  }
  // The owner of a shared subnet sees the interfaces of the participants' instances, and not the instances.
  for (const host of hosts) {
    const isThereNow = host.launchedAt <= at && (host.terminatedAt === undefined || host.terminatedAt > at);
    if (host.spec.cluster === 'participant' && isThereNow) cluster.addTask(interfaceOfHost(host, cluster));
  }
  return ec2;
}

/** Whether EC2 here may know of an instance: it is neither in another region nor in another account. */
function isOfThisAccount({ cluster }: HostSpec): boolean {
  return typeof cluster === 'number' || cluster === 'outside';
}

function isThere({ createdAt, forgottenAt }: SimTask, at: number): boolean {
  return createdAt <= at && (forgottenAt === undefined || forgottenAt > at);
}

function isRegistered({ registeredAt, deregisteredAt }: SimHost, at: number): boolean {
  return registeredAt <= at && (deregisteredAt === undefined || deregisteredAt > at);
}

function isKnown({ spec, launchedAt, forgottenAt }: SimHost, at: number): boolean {
  return isOfThisAccount(spec) && launchedAt <= at && (forgottenAt === undefined || forgottenAt > at);
}

/** A task in every state in which it was told of: it has a few, and is looked at all the time. */
const TASKS = new WeakMap<SimTask, Map<string, Task>>();

function taskAsOf(sim: SimTask, cluster: Cluster, at: number): Task {
  const isStopped = sim.stoppedAt !== undefined && sim.stoppedAt <= at;
  const isStopping = isStopped || (sim.stopDesiredAt !== undefined && sim.stopDesiredAt <= at);
  const state: TaskState = {
    lastStatus: isStopped ? 'STOPPED' : sim.runningAt <= at ? 'RUNNING' : 'PENDING',
    desiredStatus: isStopping ? 'STOPPED' : 'RUNNING',
    isStarted: sim.runningAt <= at,
    isReported: sim.reportedAt <= at,
  };
  const key = `${state.lastStatus} ${state.desiredStatus} ${state.isStarted} ${state.isReported}`;
  const known = TASKS.get(sim) ?? new Map<string, Task>();
  TASKS.set(sim, known);
  const task = known.get(key) ?? taskIn(state, sim, cluster);
  known.set(key, task);
  return task;
}

interface TaskState {
  readonly lastStatus: string;
  readonly desiredStatus: string;
  readonly isStarted: boolean;
  readonly isReported: boolean;
}

function taskIn(state: TaskState, sim: SimTask, cluster: Cluster): Task {
  const { lastStatus, desiredStatus, isStarted, isReported } = state;
  const { arn, host, interfaceName, address, runningAt } = sim;
  const container: Container = {
    containerArn: `${arn}/app`,
    taskArn: arn,
    name: 'app',
    lastStatus,
    healthStatus: 'UNKNOWN',
    networkBindings: isReported ? bindingsOf(sim) : [],
    networkInterfaces: [],
  };
  const task: Task = {
    taskArn: arn,
    clusterArn: cluster.arn,
    taskDefinitionArn: definitionArn(sim.serviceIndex),
    launchType: host === undefined ? 'FARGATE' : 'EC2',
    lastStatus,
    desiredStatus,
    healthStatus: 'UNKNOWN',
    createdAt: sim.createdAt / 1_000,
    group: `service:${serviceName(sim.serviceIndex)}`,
    version: 1,
    availabilityZone: availabilityZone(zoneOf(sim)),
    attachments: [],
    overrides: { containerOverrides: [] },
    containers: [container],
  };
  if (sim.startedBy !== undefined) task.startedBy = sim.startedBy;
  if (isReported) container.runtimeId = sim.containerId;
  if (isStarted) task.startedAt = runningAt / 1_000;
  if (host !== undefined) task.containerInstanceArn = host.instanceArn;
  if (interfaceName !== undefined) {
    task.attachments.push(attachmentOf(arn, interfaceName, address, zoneOf(sim)));
    container.networkInterfaces.push({ attachmentId: arn, privateIpv4Address: address });
  }
  return task;
}

function bindingsOf({ ports, service: { mode, containerPorts, hasUdp } }: SimTask) {
  if (mode !== 'bridge') return [];
  return ports.flatMap((hostPort, index) =>
    (hasUdp === true ? ['udp', 'tcp'] : ['tcp']).map((protocol) => ({
      bindIP: '0.0.0.0',
      containerPort: containerPorts[index] ?? 0,
      hostPort,
      protocol,
    })),
  );
}

/** Every availability zone has one subnet. */
function subnetOf(zone: number): string {
  return `subnet-0a1b2c3d4e5f6071${zone}`;
}

function attachmentOf(id: string, name: string, address: string, zone: number) {
  const details = [
    { name: 'subnetId', value: subnetOf(zone) },
    { name: 'networkInterfaceId', value: `eni-${name}` },
    { name: 'privateDnsName', value: name },
    { name: 'privateIPv4Address', value: address },
  ];
  return { id, type: 'ElasticNetworkInterface', status: 'ATTACHED', details };
}

function interfaceOfHost({ instanceArn, ec2Name, address, zone }: SimHost, cluster: Cluster): Task {
  return {
    taskArn: instanceArn,
    clusterArn: cluster.arn,
    taskDefinitionArn: '',
    launchType: 'EC2',
    lastStatus: 'RUNNING',
    desiredStatus: 'RUNNING',
    healthStatus: 'UNKNOWN',
    createdAt: 0,
    group: '',
    version: 1,
    availabilityZone: '',
    attachments: [attachmentOf(instanceArn, ec2Name, address, zone)],
    overrides: { containerOverrides: [] },
    containers: [],
  };
}

/** ECS describes machines as they are now. */
function instanceOf(host: SimHost, now: number): ContainerInstance {
  const isLost = host.lostAt !== undefined && host.lostAt <= now;
  return {
    containerInstanceArn: host.instanceArn,
    ec2InstanceId: host.instanceId,
    status: host.drainingAt !== undefined && host.drainingAt <= now ? 'DRAINING' : 'ACTIVE',
    agentConnected: !isLost && (isAlive(host) ? (host.flapsUntil ?? 0) <= now : true),
    version: 1,
    registeredAt: host.registeredAt / 1_000,
    attributes: [
      { name: 'ecs.availability-zone', value: availabilityZone(host.zone) },
      { name: 'ecs.subnet-id', value: subnetOf(host.zone) },
    ],
  };
}

function ec2InstanceAsOf(host: SimHost, at: number): Ec2Instance {
  const isDead = host.diedAt !== undefined && host.diedAt <= at;
  const isTerminated = host.terminatedAt !== undefined && host.terminatedAt <= at;
  return {
    instanceId: host.instanceId,
    state: isTerminated ? 'terminated' : isDead ? 'shutting-down' : 'running',
    // A terminated machine has given both back.
    privateDnsName: isTerminated ? '' : host.ec2Name,
    privateIpAddress: isTerminated ? undefined : host.address,
    secondaryAddresses: isTerminated || host.second === undefined ? [] : [host.second],
    ipv6Address: undefined,
    vpcId: host.spec.twinOf === undefined ? DEFAULT_VPC : TWIN_VPC,
    subnetId: subnetOf(host.zone),
    availabilityZone: availabilityZone(host.zone),
    managed: false,
  };
}
