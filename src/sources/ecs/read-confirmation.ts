import type { ContainerInstance } from '@aws-sdk/client-ecs';
import type {
  ClusterQuery,
  ConfirmationQuery,
  ConfirmationReads,
  Machine,
} from '../../model/confirmation.ts';
import type { IncompleteScope } from '../../model/inventory.ts';
import type { Access } from './access.ts';
import { confirmAddresses } from './confirm-addresses.ts';
import { confirmTasks } from './confirm-tasks.ts';
import { describeAll } from './describe-batch.ts';
import { ECS_PAGE_SIZE, type TaskFilter } from './ecs-api.ts';
import { isGone, readInstances, taskCountOf } from './hosts.ts';
import { readPages } from './read-pages.ts';
import { taskEndpoints } from './task-endpoints.ts';
import { keepTask } from './task-summary.ts';
import { lookUpUnknownHosts } from './unknown-hosts.ts';
import { unreadScope } from './unread.ts';

/**
 * Looks at the hosts, tasks and addresses of stale entries once more: at most one call of each kind per 100
 * entries and cluster, and one more to describe tasks that entries name.
 */
export async function readConfirmation(query: ConfirmationQuery, access: Access): Promise<ConfirmationReads> {
  const [clusters, instances, named, tasks, addresses] = await Promise.all([
    Promise.all(query.clusters.map((look) => lookAtCluster(look, access))),
    readInstances(query.instanceIds, access),
    lookUpUnknownHosts(query, access),
    Promise.all(query.tasks.map((look) => confirmTasks(look, access))),
    confirmAddresses(query.addresses, access),
  ]);
  const onHosts = clusters.flatMap((one) => one.found);
  // What was found on a host is known better than the same task found by its id.
  const known = new Set(onHosts.map(({ container }) => container.taskArn));
  const byId = tasks.flatMap((one) => one.found).filter(({ container }) => !known.has(container.taskArn));
  const found = [...onHosts, ...byId];
  const unasked = [...clusters, ...tasks, addresses].flatMap((one) => [...one.unasked]);
  return {
    containers: found.map(({ container }) => container),
    endpoints: found.flatMap(({ endpoints }) => endpoints),
    machines: new Map(clusters.flatMap(({ machines }) => machines)),
    instances: new Set([...instances.known].filter(([, one]) => !isGone(one)).map(([id]) => id)),
    named,
    tasks: new Map(tasks.flatMap(({ states }) => [...states])),
    addresses: addresses.interfaces,
    unasked: new Map([...unasked, ...instances.unasked]),
    incomplete: [
      ...new Set([...unasked.map(([, scope]) => scope), ...instances.incomplete, ...named.incomplete]),
    ],
  };
}

async function lookAtCluster(look: ClusterQuery, access: Access) {
  const { cluster, hosts: asked, knownTasks } = look;
  const { ecs, ecsLimit, definitions, signal } = access;
  const [instances, running, stopping] = await Promise.all([
    describeInstances(look, access),
    listTasks(look, 'RUNNING', access),
    listTasks(look, 'STOPPED', access),
  ]);
  const hosts = new Map(asked.map((host) => [host.containerInstance, host]));
  const unknown = [...new Set([...running.arns, ...stopping.arns])].filter((arn) => !knownTasks.has(arn));
  const described = await describeAll(
    // Running ones come first, and are never more than this.
    unknown.slice(0, allowance(look) * ECS_PAGE_SIZE),
    (batch) => ecs.describeTasks(cluster.arn, batch, signal),
    ecsLimit,
    signal,
  );
  const tasks = described.items.filter(({ containerInstanceArn = '' }) => hosts.has(containerInstanceArn));
  const isListed = running.isComplete && described.faults.length === 0;
  return {
    found: tasks.flatMap((task) => taskEndpoints(keepTask(task), cluster, hosts, definitions)),
    machines: instances.items.map(
      (one) => [one.containerInstanceArn ?? '', machineOf(one, isListed)] as const,
    ),
    unasked: instances.unasked,
  };
}

function machineOf(instance: ContainerInstance, isListed: boolean): Machine {
  return { agentConnected: instance.agentConnected === true, tasks: taskCountOf(instance), isListed };
}

/** What could not be asked is known by the ARN of its container instance. */
async function describeInstances({ cluster, hosts }: ClusterQuery, { ecs, ecsLimit, signal }: Access) {
  const arns = hosts.map(({ containerInstance }) => containerInstance);
  const describe = (batch: readonly string[]) => ecs.describeContainerInstances(cluster.arn, batch, signal);
  const { items, faults } = await describeAll(arns, describe, ecsLimit, signal);
  const described = new Set(items.map(({ containerInstanceArn }) => containerInstanceArn));
  const unasked = new Map<string, IncompleteScope>();
  if (faults.length > 0) {
    const scope = unreadScope(`cluster/${cluster.name}`, 'ecs:DescribeContainerInstances', faults[0]);
    for (const arn of arns) if (!described.has(arn)) unasked.set(arn, scope);
  }
  return { items, unasked };
}

/** How many calls of a kind the entries that wait for the answer pay for. */
function allowance({ candidates }: ClusterQuery): number {
  return Math.ceil(candidates / ECS_PAGE_SIZE);
}

interface TaskListing {
  readonly arns: readonly string[];
  readonly isComplete: boolean;
}

/**
 * The tasks of the hosts, as far as the entries that wait for them pay for it: host by host where there
 * are few, or else of the whole cluster where that is little. Of what is stopping, any part will do: it
 * only tells why an entry is stale.
 */
async function listTasks(
  look: ClusterQuery,
  desiredStatus: TaskFilter['desiredStatus'],
  access: Access,
): Promise<TaskListing> {
  const { hosts, knownTasks } = look;
  const allowed = allowance(look);
  const hasFewHosts = hosts.length <= allowed;
  const isLarge = Math.ceil(knownTasks.size / ECS_PAGE_SIZE) > allowed;
  if (desiredStatus === 'RUNNING' && !hasFewHosts && isLarge) return { arns: [], isComplete: false };
  const pages = hasFewHosts ? Math.floor(allowed / hosts.length) : allowed;
  const filters = hasFewHosts
    ? hosts.map(({ containerInstance }): TaskFilter => ({ desiredStatus, containerInstance }))
    : [{ desiredStatus }];
  const listings = await Promise.all(filters.map((filter) => listFirstPages(pages, filter, look, access)));
  return {
    arns: listings.flatMap(({ arns }) => arns),
    isComplete: listings.every(({ isComplete }) => isComplete),
  };
}

/** So many pages of a listing; it is complete where it has no more of them. */
async function listFirstPages(
  count: number,
  filter: TaskFilter,
  { cluster }: ClusterQuery,
  { ecs, ecsLimit, signal }: Access,
): Promise<TaskListing> {
  let left = count;
  let isCut = false;
  const readNext = async (token: string | undefined) => {
    const page = await ecsLimit(() => ecs.listTasks(cluster.arn, token, signal, filter));
    left--;
    isCut = left === 0 && (page.nextToken ?? '') !== '';
    return left > 0 ? page : { ...page, nextToken: undefined };
  };
  const { items, error } = await readPages(readNext, signal);
  return { arns: items, isComplete: error === undefined && !isCut };
}
