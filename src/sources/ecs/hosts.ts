import type { Instance } from '@aws-sdk/client-ec2';
import type { ContainerInstance } from '@aws-sdk/client-ecs';
import type { LimitFunction } from 'p-limit';
import { normalizeName } from '../../model/dns-name.ts';
import type { Host, IncompleteScope } from '../../model/inventory.ts';
import { EC2_FILTER_SIZE, type Ec2Api } from './ec2-api.ts';
import type { ClusterReading } from './read-cluster.ts';
import { inBatches, readPages } from './read-pages.ts';
import { batchScope, unreadScope } from './unread.ts';

/** The hosts of all clusters by container instance ARN, and what could not be read of them. */
export interface HostReading {
  readonly hosts: ReadonlyMap<string, Host>;
  readonly incomplete: readonly IncompleteScope[];
}

/** ECS Anywhere registers machines under their Systems Manager id; EC2 cannot know them. */
const MANAGED_INSTANCE_PREFIX = 'mi-';
const DRAINING = 'DRAINING';
const GONE_STATES: ReadonlySet<string | undefined> = new Set(['shutting-down', 'terminated']);

/** Looks the instances of all clusters up in EC2, in as few calls as its filter allows. */
export async function readHosts(
  clusters: readonly Pick<ClusterReading, 'cluster' | 'instances'>[],
  ec2: Ec2Api,
  limit: LimitFunction,
  signal: AbortSignal | undefined,
): Promise<HostReading> {
  const registered = clusters.flatMap(({ cluster, instances }) =>
    instances.map((instance) => ({ cluster, instance })),
  );
  const ids = registered.flatMap(({ instance }) => instance.ec2InstanceId ?? []).filter(isEc2Id);
  const { known, unasked, incomplete } = await readInstances(ids, ec2, limit, signal);
  const isAnswered = ({ ec2InstanceId: id = '' }: ContainerInstance) => isEc2Id(id) && !unasked.has(id);
  const isContradicted = (instance: ContainerInstance) =>
    isAnswered(instance) && instance.agentConnected === true && !known.has(instance.ec2InstanceId ?? '');
  // An answer that is wrong about one instance may be as wrong about the next.
  const isTrusted = !registered.some(({ instance }) => isContradicted(instance));
  const hosts = registered.map(({ cluster, instance }) => {
    const id = instance.ec2InstanceId ?? '';
    const state = isAnswered(instance) ? stateOf(known.get(id), isTrusted) : 'unknown';
    const registration = { containerInstance: instance.containerInstanceArn ?? '', instanceId: id, cluster };
    const host = {
      ...registration,
      state,
      ...described(known.get(id)),
      taskCount: taskCountOf(instance),
      isDraining: instance.status === DRAINING,
    };
    return [registration.containerInstance, host] as const;
  });
  const contradicted = registered.flatMap(({ instance }) =>
    isContradicted(instance) ? [contradiction(instance.ec2InstanceId ?? '')] : [],
  );
  return { hosts: new Map(hosts), incomplete: [...incomplete, ...contradicted] };
}

/** Instances by their ids, and by the ids that could not be asked for, why. */
export interface InstanceReading {
  readonly known: ReadonlyMap<string, Instance>;
  readonly unasked: ReadonlyMap<string, IncompleteScope>;
  readonly incomplete: readonly IncompleteScope[];
}

/** Asks EC2 for instances by id, in as few calls as its filter allows. */
export async function readInstances(
  ids: readonly string[],
  ec2: Ec2Api,
  limit: LimitFunction,
  signal: AbortSignal | undefined,
): Promise<InstanceReading> {
  const known = new Map<string, Instance>();
  const unasked = new Map<string, IncompleteScope>();
  const incomplete: IncompleteScope[] = [];
  const readBatch = async (batch: readonly string[]) => {
    const reading = await readPages(
      (token) => limit(() => ec2.describeInstances('instance-id', batch, token, signal)),
      signal,
    );
    for (const instance of reading.items) known.set(instance.InstanceId ?? '', instance);
    if (reading.error === undefined) return;
    const scope = unreadScope(batchScope('instances', batch), 'ec2:DescribeInstances', reading.error);
    for (const id of batch) if (!known.has(id)) unasked.set(id, scope);
    incomplete.push(scope);
  };
  await Promise.all(inBatches([...new Set(ids)].toSorted(), EC2_FILTER_SIZE).map(readBatch));
  return { known, unasked, incomplete };
}

/** The states of `Host`; EC2's silence counts only as long as it contradicts no agent. */
function stateOf(instance: Instance | undefined, isTrusted: boolean): Host['state'] {
  if (instance !== undefined) return isGone(instance) ? 'gone' : 'present';
  return isTrusted ? 'unreachable' : 'unknown';
}

/** Whether EC2 says that the instance has ended, or is about to. */
export function isGone(instance: Instance): boolean {
  return GONE_STATES.has(instance.State?.Name);
}

function described(instance: Instance | undefined): Pick<Host, 'privateDnsName' | 'address' | 'vpcId'> {
  const name = instance?.PrivateDnsName;
  return {
    privateDnsName: name === undefined || name === '' ? undefined : normalizeName(name),
    address: instance?.PrivateIpAddress,
    vpcId: instance?.VpcId,
  };
}

/** As ECS counts them: tasks that are to run, whether they do already or not yet. */
export function taskCountOf({ runningTasksCount, pendingTasksCount }: ContainerInstance): number | undefined {
  return runningTasksCount === undefined ? undefined : runningTasksCount + (pendingTasksCount ?? 0);
}

function contradiction(id: string): IncompleteScope {
  return {
    scope: `instance/${id}`,
    operation: 'ec2:DescribeInstances',
    error: 'EC2 does not describe this instance although its ECS agent is connected',
    hides: 'host-names',
  };
}

function isEc2Id(id: string): boolean {
  return id !== '' && !id.startsWith(MANAGED_INSTANCE_PREFIX);
}
