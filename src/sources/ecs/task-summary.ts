import type { ContainerOverride, Container as EcsContainer, Task } from '@aws-sdk/client-ecs';
import { normalizeName } from '../../model/dns-name.ts';
import type { Container, Endpoint, TaskInterface } from '../../model/inventory.ts';
import { boundPorts, type Port } from './container-ports.ts';

/** What the inventory keeps of a task until its host and its task definition are known. */
export interface TaskSummary {
  readonly arn: string;
  readonly definitionArn: string;
  readonly instanceArn: string;
  readonly group: string | undefined;
  readonly lastStatus: string | undefined;
  readonly desiredStatus: string | undefined;
  /** Epoch milliseconds. */
  readonly startedAt: number | undefined;
  /** Its own, if it has one. */
  readonly networkInterface: TaskInterface | undefined;
  readonly containers: readonly ContainerSummary[];
}

/** What the inventory keeps of a container. */
export interface ContainerSummary {
  readonly name: string;
  readonly id: string | undefined;
  readonly lastStatus: string | undefined;
  readonly health: Container['ecsHealth'];
  readonly bound: readonly Port[];
  /** Where its task's own network interface is reached, if there is one. */
  readonly reach: Reach | undefined;
  readonly override: ContainerOverride | undefined;
}

/** Where the ports of a container are reached. */
export interface Reach extends Pick<Endpoint, 'hostNames' | 'address'> {
  readonly reachedAt: Container['reachedAt'];
}

/** Names and addresses together, as far as they are known. */
export function reachOf(hostNames: readonly string[], address: string | undefined): Reach {
  return { hostNames, address, reachedAt: address === undefined ? hostNames : [...hostNames, address] };
}

/** Keeps of a task, as ECS describes it, what the inventory is made of: large fleets are read whole. */
export function keepTask(task: Task): TaskSummary {
  const details = interfaceDetails(task);
  return {
    arn: task.taskArn ?? '',
    definitionArn: task.taskDefinitionArn ?? '',
    instanceArn: task.containerInstanceArn ?? '',
    group: task.group,
    lastStatus: task.lastStatus,
    desiredStatus: task.desiredStatus,
    startedAt: (task.startedAt ?? task.createdAt)?.getTime(),
    networkInterface: interfaceOf(details, task.containers?.[0]),
    containers: keepContainers(task, details),
  };
}

type Details = ReturnType<typeof interfaceDetails>;

function keepContainers(task: Task, details: Details): readonly ContainerSummary[] {
  return (task.containers ?? []).map((container) => ({
    name: container.name ?? '',
    id: container.runtimeId?.toLowerCase(),
    lastStatus: container.lastStatus,
    health: container.healthStatus ?? 'UNKNOWN',
    bound: container.networkBindings?.length ? boundPorts(container.networkBindings) : NO_PORTS,
    reach: interfaceReach(details, container),
    override: task.overrides?.containerOverrides?.find(({ name }) => name === container.name),
  }));
}

const NO_PORTS: readonly Port[] = [];

/** The address of a task that has a network interface of its own; `undefined` for every other task. */
function interfaceReach(details: Details, { networkInterfaces }: EcsContainer): Reach | undefined {
  if (details === undefined) return undefined;
  const name = detailOf(details, 'privateDnsName');
  return reachOf(
    name === undefined || name === '' ? [] : [normalizeName(name)],
    detailOf(details, 'privateIPv4Address') ?? networkInterfaces?.[0]?.privateIpv4Address,
  );
}

function interfaceOf(details: Details, container: EcsContainer | undefined): TaskInterface | undefined {
  if (details === undefined) return undefined;
  const [reported] = container?.networkInterfaces ?? [];
  return {
    id: detailOf(details, 'networkInterfaceId'),
    address: detailOf(details, 'privateIPv4Address') ?? reported?.privateIpv4Address,
    ipv6: reported?.ipv6Address,
  };
}

function detailOf(details: NonNullable<Details>, name: string): string | undefined {
  return details.find((pair) => pair.name === name)?.value;
}

function interfaceDetails(task: Task) {
  return task.attachments?.find(({ type }) => type === 'ElasticNetworkInterface')?.details;
}
