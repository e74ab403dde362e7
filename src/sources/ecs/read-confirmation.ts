import type { ContainerInstance, Task } from '@aws-sdk/client-ecs';
import type {
  ClusterQuery,
  ConfirmationQuery,
  ConfirmationReads,
  Machine,
} from '../../model/confirmation.ts';
import type { IncompleteScope } from '../../model/inventory.ts';
import { confirmAddresses } from './confirm-addresses.ts';
import { confirmTasks } from './confirm-tasks.ts';
import type { ConfirmationSources } from './confirmation-sources.ts';
import { ECS_PAGE_SIZE, type TaskFilter } from './ecs-api.ts';
import { isGone, readInstances, taskCountOf } from './hosts.ts';
import { describeAll } from './read-cluster.ts';
import { type Page, readPages } from './read-pages.ts';
import { type ContainerEndpoints, taskEndpoints } from './task-endpoints.ts';
import { lookUpUnknownHosts } from './unknown-hosts.ts';
import { unreadScope } from './unread.ts';

/**
 * Looks at the hosts, tasks and addresses of stale entries once more: at most one call of each kind per 100
 * entries and cluster, and one more to describe tasks that entries name.
 */
export async function readConfirmation(
  query: ConfirmationQuery,
  sources: ConfirmationSources,
): Promise<ConfirmationReads> {
  const { ec2, ec2Limit, signal } = sources;
  const [clusters, instances, named, tasks, addresses] = await Promise.all([
    Promise.all(query.clusters.map((look) => lookAtCluster(look, sources))),
    readInstances(query.instanceIds, ec2, ec2Limit, signal),
    lookUpUnknownHosts(query, ec2, ec2Limit, signal),
    confirmTasks(query.tasks, sources),
    confirmAddresses(query.addresses, ec2, ec2Limit, signal),
  ]);
  const found = distinct(
    clusters.flatMap((one) => one.found),
    tasks.found,
  );
  const unasked = [...clusters, tasks, addresses].flatMap((one) => [...one.unasked]);
  return {
    containers: found.map(({ container }) => container),
    endpoints: found.flatMap(({ endpoints }) => endpoints),
    machines: new Map(clusters.flatMap(({ machines }) => [...machines])),
    instances: new Set([...instances.known].filter(([, one]) => !isGone(one)).map(([id]) => id)),
    named,
    tasks: tasks.states,
    addresses: addresses.interfaces,
    unasked: new Map([...unasked, ...instances.unasked]),
    incomplete: [
      ...new Set([...unasked.map(([, scope]) => scope), ...instances.incomplete, ...named.incomplete]),
    ],
  };
}

/** What was found on a host is known better than the same task found by its id. */
function distinct(
  onHosts: readonly ContainerEndpoints[],
  byId: readonly ContainerEndpoints[],
): readonly ContainerEndpoints[] {
  const known = new Set(onHosts.map(({ container }) => container.taskArn));
  return [...onHosts, ...byId.filter(({ container }) => !known.has(container.taskArn))];
}

async function lookAtCluster(look: ClusterQuery, sources: ConfirmationSources) {
  const [instances, running, stopping] = await Promise.all([
    describeInstances(look, sources),
    listTasks(look, 'RUNNING', sources),
    listTasks(look, 'STOPPED', sources),
  ]);
  const hosts = new Map(look.hosts.map((host) => [host.containerInstance, host]));
  const listed = new Set([...running.arns, ...stopping.arns]);
  const unknown = [...listed].filter((arn) => !look.knownTasks.has(arn));
  // Running ones come first, and are never more than this.
  const described = await describeTasks(unknown.slice(0, allowance(look) * ECS_PAGE_SIZE), look, sources);
  const tasks = described.items.filter(({ containerInstanceArn = '' }) => hosts.has(containerInstanceArn));
  const found = tasks.flatMap((task) => taskEndpoints(task, look.cluster, hosts, sources.definitions));
  const isListed = running.isComplete && described.isComplete;
  const machines = instances.items.map(
    (one) => [one.containerInstanceArn ?? '', machineOf(one, isListed)] as const,
  );
  return { found, machines, unasked: instances.unasked };
}

function machineOf(instance: ContainerInstance, isListed: boolean): Machine {
  return { agentConnected: instance.agentConnected === true, tasks: taskCountOf(instance), isListed };
}

/** What could not be asked is known by the ARN of its container instance. */
async function describeInstances(
  { cluster, hosts }: ClusterQuery,
  { ecs, ecsLimit, signal }: ConfirmationSources,
) {
  const arns = hosts.map(({ containerInstance }) => containerInstance);
  const { items, faults } = await describeAll(
    arns,
    (batch) => ecs.describeContainerInstances(cluster.arn, batch, signal),
    ecsLimit,
    signal,
  );
  const described = new Set(items.map(({ containerInstanceArn }) => containerInstanceArn));
  const [fault] = faults;
  const unasked = new Map<string, IncompleteScope>();
  if (fault !== undefined) {
    const scope = unreadScope(`cluster/${cluster.name}`, 'ecs:DescribeContainerInstances', fault);
    for (const arn of arns) if (!described.has(arn)) unasked.set(arn, scope);
  }
  return { items, unasked };
}

/** How many calls of a kind the entries that wait for the answer pay for. */
function allowance({ candidates }: ClusterQuery): number {
  return Math.ceil(candidates / ECS_PAGE_SIZE);
}

/**
 * The tasks of the hosts, as far as the entries that wait for them pay for it: host by host where there
 * are few, or else of the whole cluster where that is little. Of what is stopping, any part will do: it
 * only tells why an entry is stale.
 */
async function listTasks(
  look: ClusterQuery,
  desiredStatus: TaskFilter['desiredStatus'],
  { ecs, ecsLimit, signal }: ConfirmationSources,
): Promise<TaskListing> {
  const { cluster, hosts, knownTasks } = look;
  const allowed = allowance(look);
  const hasFewHosts = hosts.length <= allowed;
  const isLarge = Math.ceil(knownTasks.size / ECS_PAGE_SIZE) > allowed;
  if (desiredStatus === 'RUNNING' && !hasFewHosts && isLarge) return { arns: [], isComplete: false };
  const pages = hasFewHosts ? Math.floor(allowed / hosts.length) : allowed;
  const filters = hasFewHosts
    ? hosts.map(({ containerInstance }): TaskFilter => ({ desiredStatus, containerInstance }))
    : [{ desiredStatus }];
  const listings = await Promise.all(
    filters.map((filter) =>
      readFirstPages(
        pages,
        (token) => ecsLimit(() => ecs.listTasks(cluster.arn, token, signal, filter)),
        signal,
      ),
    ),
  );
  return {
    arns: listings.flatMap(({ arns }) => arns),
    isComplete: listings.every(({ isComplete }) => isComplete),
  };
}

interface TaskListing {
  readonly arns: readonly string[];
  readonly isComplete: boolean;
}

/** So many pages of a listing; it is complete where it has no more of them. */
async function readFirstPages(
  count: number,
  readPage: (token: string | undefined) => Promise<Page<string>>,
  signal: AbortSignal | undefined,
): Promise<TaskListing> {
  let left = count;
  let isCut = false;
  const readNext = async (token: string | undefined) => {
    const { items, nextToken = '' } = await readPage(token);
    left--;
    isCut = left === 0 && nextToken !== '';
    return { items, nextToken: left > 0 ? nextToken : undefined };
  };
  const { items, error } = await readPages(readNext, signal);
  return { arns: items, isComplete: error === undefined && !isCut };
}

async function describeTasks(
  arns: readonly string[],
  { cluster }: ClusterQuery,
  { ecs, ecsLimit, signal }: ConfirmationSources,
): Promise<{ readonly items: readonly Task[]; readonly isComplete: boolean }> {
  const { items, faults } = await describeAll(
    arns,
    (batch) => ecs.describeTasks(cluster.arn, batch, signal),
    ecsLimit,
    signal,
  );
  return { items, isComplete: faults.length === 0 };
}
