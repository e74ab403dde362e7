import type { Container as EcsContainer, Task } from '@aws-sdk/client-ecs';
import { normalizeName } from '../../model/dns-name.ts';
import type { Container, Endpoint } from '../../model/inventory.ts';
import { canonicalAddress } from '../../model/ip-address.ts';
import { boundPorts, type Port } from './container-ports.ts';
import { placed } from './placements.ts';

/** What the inventory keeps of a task until its host and its task definition are known. */
export type TaskSummary = Readonly<ReturnType<typeof keepTask>>;

/** What the inventory keeps of a container. */
export type ContainerSummary = Readonly<TaskSummary['containers'][number]>;

/** Where the ports of a container are reached. */
export interface Reach extends Pick<Endpoint, 'hostNames' | 'address'> {
  readonly reachedAt: Container['reachedAt'];
}

/** Names and addresses together, as far as they are known. */
export function reachOf(name: string | undefined, address: string | undefined): Reach {
  const hostNames = name === undefined || name === '' ? [] : [normalizeName(name)];
  return { hostNames, address, reachedAt: address === undefined ? hostNames : [...hostNames, address] };
}

/** Keeps of a task, as ECS describes it, what the inventory is made of: large fleets are read whole. */
export function keepTask(task: Task) {
  const detailOf = interfaceDetails(task);
  const own = detailOf && interfaceAddresses(detailOf, task.containers?.[0]);
  return {
    arn: task.taskArn ?? '',
    definitionArn: task.taskDefinitionArn ?? '',
    instanceArn: task.containerInstanceArn ?? '',
    group: task.group,
    /** The deployment or the task set, where a service has started it. */
    startedBy: task.startedBy,
    lastStatus: task.lastStatus,
    desiredStatus: task.desiredStatus,
    /** Epoch milliseconds. */
    startedAt: (task.startedAt ?? task.createdAt)?.getTime(),
    stoppingAt: task.stoppingAt?.getTime(),
    /** Its own, if it has one. */
    networkInterface: detailOf && {
      id: detailOf('networkInterfaceId'),
      address: own?.address,
      ipv6: own?.ipv6,
      placement: placed(task.availabilityZone, detailOf('subnetId')),
    },
    containers: (task.containers ?? []).map((container) => keepContainer(container, task, detailOf)),
  };
}

const NO_PORTS: readonly Port[] = [];

function keepContainer(container: EcsContainer, { overrides }: Task, detailOf: InterfaceDetails) {
  const own = detailOf && interfaceAddresses(detailOf, container);
  return {
    name: container.name ?? '',
    id: container.runtimeId?.toLowerCase(),
    lastStatus: container.lastStatus,
    health: container.healthStatus ?? 'UNKNOWN',
    bound: container.networkBindings?.length ? boundPorts(container.networkBindings) : NO_PORTS,
    /** Where its task's own network interface is reached, if there is one. */
    reach: detailOf && reachOf(detailOf('privateDnsName'), own?.address ?? own?.ipv6),
    override: overrides?.containerOverrides?.find(({ name }) => name === container.name),
  };
}

/** Of both families, as far as ECS tells them: in the details of the attachment, or of a container. */
function interfaceAddresses(
  detailOf: NonNullable<InterfaceDetails>,
  container: EcsContainer | undefined,
): { readonly address: string | undefined; readonly ipv6: string | undefined } {
  const [reported] = container?.networkInterfaces ?? [];
  const ipv6 = detailOf('ipv6Address') ?? reported?.ipv6Address;
  return {
    address: detailOf('privateIPv4Address') ?? reported?.privateIpv4Address,
    ipv6: ipv6 && (canonicalAddress(ipv6) ?? ipv6),
  };
}

type InterfaceDetails = ReturnType<typeof interfaceDetails>;

/** What ECS says of the network interface of a task's own, by name; `undefined` for a task without one. */
function interfaceDetails({ attachments }: Task) {
  const details = attachments?.find(({ type }) => type === 'ElasticNetworkInterface')?.details;
  return details && ((wanted: string) => details.find(({ name }) => name === wanted)?.value);
}
