import type { Task } from '@aws-sdk/client-ecs';
import type { ClusterQuery, Machine } from '../../model/confirmation.ts';
import type { IncompleteScope } from '../../model/inventory.ts';
import type { Access } from './access.ts';
import { type Descriptions, describeAll } from './describe-batch.ts';
import { ECS_PAGE_SIZE, type TaskFilter } from './ecs-api.ts';
import { taskCountOf } from './hosts.ts';
import { readPages } from './read-pages.ts';
import { taskEndpoints } from './task-endpoints.ts';
import { phaseOf } from './task-phase.ts';
import { keepTask } from './task-summary.ts';
import { unreadScope } from './unread.ts';

/**
 * Looks once more at the hosts of one cluster: what ECS counts on each, what it lists there, and every task of the
 * listing that the inventory does not have.
 */
export async function confirmMachines(look: ClusterQuery, access: Access) {
  const { cluster, hosts: asked } = look;
  const [instances, running, stopping] = await Promise.all([
    describeInstances(look, access),
    listRunning(look, access),
    listStopping(look, access),
  ]);
  const tasks = await describeUnknown(running, stopping, look, access);
  const listedOn = countByInstance(running, tasks, look);
  const machines = instances.items.map((one) => {
    const [arn, agentConnected] = [one.containerInstanceArn ?? '', one.agentConnected === true];
    const machine: Machine = { agentConnected, tasks: taskCountOf(one), listed: listedOn(arn) };
    return [arn, machine] as const;
  });
  const unlisted = machines.flatMap(([, { listed }]) => (typeof listed === 'number' ? [] : listed));
  const hosts = new Map(asked.map((host) => [host.containerInstance, host]));
  const onHosts = tasks.items.filter(({ containerInstanceArn = '' }) => hosts.has(containerInstanceArn));
  return {
    found: onHosts.flatMap((task) => taskEndpoints(keepTask(task), cluster, { ...access, hosts })),
    machines,
    unasked: instances.unasked,
    incomplete: [...instances.unasked.values(), ...unlisted],
  };
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

/** The tasks of one container instance, or else of the whole cluster. */
interface Listing {
  readonly containerInstance: string | undefined;
  readonly arns: ReadonlySet<string>;
  readonly error?: unknown;
}

/** The tasks that are to run: host by host, or of the whole cluster where that takes fewer calls. */
function listRunning(look: ClusterQuery, access: Access): Promise<readonly Listing[]> {
  const { hosts, knownTasks } = look;
  const known = new Map<string | undefined, number>();
  for (const on of knownTasks.values()) known.set(on, (known.get(on) ?? 0) + 1);
  const ofHosts = hosts.map(({ containerInstance }) => pagesOf(known.get(containerInstance) ?? 0));
  const isWhole = pagesOf(knownTasks.size) < ofHosts.reduce((sum, pages) => sum + pages, 0);
  const instances = isWhole ? [undefined] : hosts.map(({ containerInstance }) => containerInstance);
  return Promise.all(instances.map((one) => listTasks('RUNNING', one, look, access)));
}

function pagesOf(tasks: number): number {
  return Math.max(1, Math.ceil(tasks / ECS_PAGE_SIZE));
}

/**
 * Tasks that are asked to stop, as far as the entries that wait for them pay for it. Any part of them will do: they
 * only tell why an entry is stale.
 */
function listStopping(look: ClusterQuery, access: Access): Promise<readonly Listing[]> {
  const { hosts } = look;
  const allowed = allowance(look);
  const isWhole = hosts.length > allowed;
  const pages = isWhole ? allowed : Math.floor(allowed / hosts.length);
  const instances = isWhole ? [undefined] : hosts.map(({ containerInstance }) => containerInstance);
  return Promise.all(instances.map((one) => listTasks('STOPPED', one, look, access, pages)));
}

/** How many calls of a kind the entries that wait for the answer pay for. */
function allowance({ candidates }: ClusterQuery): number {
  return Math.ceil(candidates / ECS_PAGE_SIZE);
}

async function listTasks(
  desiredStatus: TaskFilter['desiredStatus'],
  containerInstance: string | undefined,
  { cluster }: ClusterQuery,
  { ecs, ecsLimit, signal }: Access,
  pages = Number.POSITIVE_INFINITY,
): Promise<Listing> {
  const filter = { desiredStatus, ...(containerInstance === undefined ? {} : { containerInstance }) };
  let left = pages;
  const readPage = async (token: string | undefined) => {
    const page = await ecsLimit(() => ecs.listTasks(cluster.arn, token, signal, filter));
    left--;
    return left > 0 ? page : { ...page, nextToken: undefined };
  };
  const { items, error } = await readPages(readPage, signal);
  return { containerInstance, arns: new Set(items), error };
}

/** Every running task that is not known, and of the stopping ones as many as there is room for. */
function describeUnknown(
  running: readonly Listing[],
  stopping: readonly Listing[],
  look: ClusterQuery,
  { ecs, ecsLimit, signal }: Access,
): Promise<Descriptions<Task>> {
  const { cluster, knownTasks } = look;
  const unknownIn = (listings: readonly Listing[]) =>
    listings.flatMap(({ arns }) => [...arns]).filter((arn) => !knownTasks.has(arn));
  const toRun = [...new Set(unknownIn(running))];
  const room = Math.max(0, allowance(look) * ECS_PAGE_SIZE - toRun.length);
  const ids = [...new Set([...toRun, ...unknownIn(stopping).slice(0, room)])];
  const describe = (batch: readonly string[]) => ecs.describeTasks(cluster.arn, batch, signal);
  return describeAll(ids, describe, ecsLimit, signal);
}

/** Tells how many of the tasks that are listed are there on a container instance, or what was not read of them. */
function countByInstance(
  listings: readonly Listing[],
  { items, missing, faults }: Descriptions<Task>,
  { cluster, knownTasks }: ClusterQuery,
): (containerInstance: string) => Machine['listed'] {
  const described = new Map(items.map((task) => [task.taskArn ?? '', task]));
  const ended = new Set(missing);
  for (const [arn, task] of described) if (phaseOf(task, undefined) === 'stopped') ended.add(arn);
  const isTold = (arn: string) => knownTasks.has(arn) || described.has(arn) || ended.has(arn);
  const instanceOf = (arn: string) => knownTasks.get(arn) ?? described.get(arn)?.containerInstanceArn;
  const counts = new Map<string | undefined, number>();
  const unread = new Map<string | undefined, IncompleteScope>();
  for (const { containerInstance, arns, error } of listings) {
    const there = [...arns].filter((arn) => !ended.has(arn));
    for (const arn of there) {
      const on = containerInstance ?? instanceOf(arn);
      counts.set(on, (counts.get(on) ?? 0) + 1);
    }
    const [operation, cause] =
      error === undefined ? (['ecs:DescribeTasks', faults[0]] as const) : (['ecs:ListTasks', error] as const);
    if (error !== undefined || !there.every(isTold)) {
      unread.set(containerInstance, unreadScope(`cluster/${cluster.name}`, operation, cause));
    }
  }
  return (arn) => unread.get(arn) ?? unread.get(undefined) ?? counts.get(arn) ?? 0;
}
