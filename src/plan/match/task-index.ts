import { taskKey } from '../../model/confirmation.ts';
import type { Cluster, Container, Inventory, TaskInterface } from '../../model/inventory.ts';
import { canonicalAddress, networkOf } from '../../model/ip-address.ts';
import { clusterKey, taskIdOf } from '../../model/managed-identifier.ts';
import { groupBy, Multimap } from '../../model/multimap.ts';

/** A task of a cluster that was read, by its id. */
export interface TaskRef {
  readonly cluster: Cluster;
  readonly taskId: string;
}

/** A task of which at least one container has not stopped. */
export interface KnownTask {
  readonly arn: string;
  /** In the order of their names, whatever their phase. */
  readonly containers: readonly Container[];
  /** Those that have not stopped. */
  readonly alive: readonly [Container, ...Container[]];
  readonly networkInterface: TaskInterface | undefined;
}

/** The tasks of the inventory, indexed for matching addresses. */
export interface TaskIndex {
  /** The cluster of an identifier, if it was read. */
  clusterOf(key: string): Cluster | undefined;
  taskOf(ref: TaskRef): KnownTask | undefined;
  /** The tasks that have an address (canonical), in the order of their ARNs. */
  tasksAt(address: string): readonly KnownTask[];
  /** Those that may have any address, because ECS has not said yet which. */
  readonly unaddressed: readonly KnownTask[];
  /** Whether a task or a host is known in the network of an address. */
  isKnownNetwork(address: string): boolean;
}

/** Builds the index when it is first asked for: most zones hold no address of a task. */
export function lazyTaskIndex(inventory: Inventory): () => TaskIndex {
  let built: TaskIndex | undefined;
  return () => {
    built ??= buildTaskIndex(inventory);
    return built;
  };
}

/** Builds the index. Tasks that have ended are left out: nothing can lead to them. */
export function buildTaskIndex(inventory: Inventory): TaskIndex {
  const tasks = knownTasks(inventory);
  const byKey = new Map(tasks.map((task) => [keyOf(task), task]));
  const byAddress = new Multimap<string, KnownTask>();
  for (const task of tasks) for (const address of addressesOf(task)) byAddress.add(address, task);
  const clusters = clustersByKey(inventory);
  const networks = new Set(
    [...[...byAddress].map(([address]) => address), ...hostAddresses(inventory)].map(networkOf),
  );
  return {
    clusterOf: (key) => clusters.get(key),
    taskOf: ({ cluster, taskId }) => byKey.get(taskKey(cluster, taskId)),
    tasksAt: (address) => byAddress.get(address),
    unaddressed: tasks.filter(isUnaddressed),
    isKnownNetwork: (address) => networks.has(networkOf(address)),
  };
}

function knownTasks({ containers }: Inventory): readonly KnownTask[] {
  const tasks: KnownTask[] = [];
  for (const [arn, own] of groupBy(containers, ({ taskArn }) => taskArn)) {
    const inOrder = own.toSorted((a, b) => compare(a.name, b.name));
    const [first, ...others] = inOrder.filter(({ phase }) => phase !== 'stopped');
    if (first === undefined) continue;
    const { networkInterface } = first;
    tasks.push({ arn, containers: inOrder, alive: [first, ...others], networkInterface });
  }
  return tasks.toSorted((a, b) => compare(a.arn, b.arn));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : 1;
}

function keyOf({ arn, alive: [{ cluster }] }: KnownTask): string {
  return taskKey({ name: cluster }, taskIdOf(arn));
}

/** All that is known, each once. */
function addressesOf({ networkInterface }: KnownTask): ReadonlySet<string> {
  const { address, ipv6, publicAddress } = networkInterface ?? NO_INTERFACE;
  return new Set([address, ipv6, publicAddress].flatMap((text) => canonicalAddress(text ?? '') ?? []));
}

const NO_INTERFACE: TaskInterface = { id: undefined, address: undefined, ipv6: undefined };

function hostAddresses({ hosts }: Inventory): readonly string[] {
  return hosts.flatMap(({ address }) => canonicalAddress(address ?? '') ?? []);
}

/** A task that has started without an interface never gets one. */
function isUnaddressed({ alive, networkInterface }: KnownTask): boolean {
  if (networkInterface?.address !== undefined || networkInterface?.ipv6 !== undefined) return false;
  const phases = new Set(alive.map(({ phase }) => phase));
  return phases.has('starting') || (phases.has('running') && networkInterface !== undefined);
}

/**
 * The clusters by their keys in identifiers. One that was configured by its name has no ARN here; its region
 * and account are those of all the others, or of anything that was found in them.
 */
function clustersByKey({ region, clusters, containers, hosts }: Inventory): ReadonlyMap<string, Cluster> {
  const arns = [
    ...clusters.map(({ arn }) => arn),
    ...containers.slice(0, 1).map(({ taskArn }) => taskArn),
    ...hosts.slice(0, 1).map(({ containerInstance }) => containerInstance),
  ];
  const parts = arns.map((arn) => ARN.exec(arn)).find((found) => found !== null);
  const keys = clusters.flatMap((cluster): readonly (readonly [string, Cluster])[] => {
    const guessed = parts && `${parts[1]}:${region}:${parts[2]}:cluster/${cluster.name}`;
    const key = clusterKey(cluster.arn) ?? clusterKey(guessed ?? '');
    return key === undefined ? [] : [[key, cluster]];
  });
  return new Map(keys);
}

const ARN = /^(arn:aws[a-z-]*:ecs):[a-z0-9-]+:(\d{12}):/;
