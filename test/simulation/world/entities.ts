import type { HostSpec, ServiceSpec } from '../history.ts';

/** A machine, for as long as anybody can still remember it. Times in milliseconds; absent: not yet. */
export interface SimHost {
  readonly spec: HostSpec;
  /** The number of its specification: machines that come back have it again, and with it name and address. */
  readonly slot: number;
  readonly instanceId: string;
  readonly instanceArn: string;
  readonly cluster: string | undefined;
  /** What its agent calls it, and what EC2 does. */
  readonly name: string;
  readonly ec2Name: string;
  readonly address: string;
  /** The second address of its network interface, if that has one. */
  readonly second: string | undefined;
  /** The number of its availability zone. */
  readonly zone: number;
  readonly launchedAt: number;
  readonly registeredAt: number;
  diedAt?: number;
  /** When EC2 says `terminated`, and when it has forgotten the machine. */
  terminatedAt?: number;
  forgottenAt?: number;
  /** When ECS has noticed that the agent is lost, and when it gives the machine up, if it ever does. */
  lostAt?: number;
  deregisteredAt?: number;
  flapsUntil?: number;
  /** Since when it takes no new tasks and is to lose those it has. */
  drainingAt?: number;
  /** When it was last made active again. */
  activeAgainAt?: number;
}

export type Behaviour = 'ok' | 'status' | 'refuse' | 'hang';

/** A task with its one container. Times in milliseconds; absent: not yet, or never. */
export interface SimTask {
  readonly arn: string;
  readonly containerId: string;
  readonly service: ServiceSpec;
  readonly serviceIndex: number;
  readonly cluster: string | undefined;
  readonly host: SimHost | undefined;
  /** Of the network interface of its own, if it has one. */
  readonly interfaceName: string | undefined;
  readonly address: string;
  /** By the container's own ports, in their order. */
  readonly ports: readonly number[];
  /** What its ports are called, in their order, and what its address is: by what it was started with. */
  readonly portNames: readonly (string | undefined)[];
  readonly addressName: string | undefined;
  /** The deployment that has started it, where ECS tells that. */
  readonly startedBy: string | undefined;
  readonly createdAt: number;
  /** When its process runs, when ECS calls it RUNNING, and when ECS tells its container id and ports. */
  readonly startedAt: number;
  readonly runningAt: number;
  readonly reportedAt: number;
  /** When its process begins to answer. */
  readonly readyAt: number;
  behaviour: Behaviour;
  stopDesiredAt?: number;
  /** When its process has ended. */
  exitedAt?: number;
  /** When ECS calls it STOPPED, and when ECS has forgotten it. */
  stoppedAt?: number;
  forgottenAt?: number;
  /** Since when it has run and answered without a break. */
  upSince?: number;
  /** Whenever it was up before, and whenever anything about it changed. */
  readonly upBefore: Span[];
  readonly turns: number[];
}

/** From one time to another. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Whether a host, or what a service starts, is of an account whose ECS and EC2 the worker does not see. */
export function isOfOtherAccount({ of }: Pick<ServiceSpec, 'of'>): boolean {
  return of === 'other-account' || of === 'participant';
}

/** The number of the availability zone that a task is in: an interface of its own tells it by its address. */
export function zoneOf({ host, address }: Pick<SimTask, 'host' | 'address'>): number {
  return host?.zone ?? Math.max(0, Math.floor((Number(address.split('.')[2]) - 9) / 10));
}

export function isAlive(host: SimHost): boolean {
  return host.diedAt === undefined;
}

/** Whether its process runs, on a machine that runs. */
export function isRunning(task: SimTask, now: number): boolean {
  return (
    task.startedAt <= now && task.exitedAt === undefined && (task.host === undefined || isAlive(task.host))
  );
}

/** Whether it is there for its clients: running, answering, and not being stopped. */
export function isUp(task: SimTask, now: number): boolean {
  const answers = task.readyAt <= now && task.behaviour === 'ok';
  return isRunning(task, now) && answers && task.stopDesiredAt === undefined;
}

/** Whether it was up at any time since then. */
export function wasUpSince({ upSince, upBefore }: SimTask, since: number): boolean {
  return upSince !== undefined || upBefore.some(({ to }) => to >= since);
}

/** Whether it still holds its ports or its address, or is about to. */
export function holdsPlace(task: SimTask): boolean {
  const onMachine = task.host === undefined || isAlive(task.host);
  return onMachine && task.exitedAt === undefined && task.stoppedAt === undefined;
}
