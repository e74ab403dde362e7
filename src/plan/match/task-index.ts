import { type Cluster, taskKey } from '../../model/cluster.ts';
import { type Container, type Inventory, isScope, type TaskInterface } from '../../model/inventory.ts';
import { canonicalAddress, networkOf } from '../../model/ip-address.ts';
import { clusterPart, taskIdOf } from '../../model/managed-identifier.ts';
import { groupBy, Multimap } from '../../model/multimap.ts';

/** A task of a cluster that was read, by its id. */
export interface TaskRef {
  readonly cluster: Cluster;
  readonly taskId: string;
}

/** A task of which at least one container has not stopped; in a scope, also one that has stopped. */
export interface KnownTask {
  readonly arn: string;
  /** In the order of their names, whatever their phase. */
  readonly containers: readonly Container[];
  /** Those that have not stopped; all of them, where none is left. */
  readonly alive: readonly [Container, ...Container[]];
  readonly networkInterface: TaskInterface | undefined;
}

/** The tasks of the inventory, indexed for matching addresses. */
export type TaskIndex = ReturnType<typeof buildTaskIndex>;

/** Builds the index when it is first asked for: most zones hold no address of a task. */
export function lazyTaskIndex(inventory: Inventory): () => TaskIndex {
  let built: TaskIndex | undefined;
  return () => {
    built ??= buildTaskIndex(inventory);
    return built;
  };
}

/** Builds the index. Tasks that have ended are left out: nothing can lead to them. */
export function buildTaskIndex(inventory: Inventory) {
  const tasks = knownTasks(inventory);
  const byKey = new Map(
    tasks.map((task) => [taskKey(task.alive[0].cluster, taskIdOf(task.arn)), task] as const),
  );
  const byAddress = new Multimap<string, KnownTask>();
  for (const task of tasks) {
    const { address, ipv6, publicAddress } = task.networkInterface ?? {};
    for (const one of new Set(canonical([address, ipv6, publicAddress]))) byAddress.add(one, task);
  }
  const clusters = new Map(inventory.clusters.map((cluster) => [clusterPart(cluster), cluster]));
  const hostAddresses = canonical(inventory.hosts.map(({ address }) => address));
  const networks = new Set([...[...byAddress].map(([address]) => address), ...hostAddresses].map(networkOf));
  return {
    /** Whether there are tasks that this run does not look at. */
    isPart: isScope(inventory),
    /** The cluster of an identifier, if it was read. */
    clusterOf: (part: string) => clusters.get(part),
    taskOf: ({ cluster, taskId }: TaskRef) => byKey.get(taskKey(cluster, taskId)),
    /** In the order of their ARNs. */
    all: tasks,
    /** The tasks that have an address (canonical), in the order of their ARNs. */
    tasksAt: (address: string) => byAddress.get(address),
    /** Those that may have any address, because ECS has not said yet which. */
    unaddressed: tasks.filter(isUnaddressed),
    /** Whether a task or a host is known in the network of an address. */
    isKnownNetwork: (address: string) => networks.has(networkOf(address)),
  };
}

function knownTasks({ containers, coverage }: Inventory): readonly KnownTask[] {
  const tasks: KnownTask[] = [];
  for (const [arn, own] of groupBy(containers, ({ taskArn }) => taskArn)) {
    const inOrder = own.toSorted((a, b) => compare(a.name, b.name));
    const alive = inOrder.filter(({ phase }) => phase !== 'stopped');
    const [first, ...others] = alive.length === 0 && isScope({ coverage }) ? inOrder : alive;
    if (first === undefined) continue;
    const { networkInterface } = first;
    tasks.push({ arn, containers: inOrder, alive: [first, ...others], networkInterface });
  }
  return tasks.toSorted((a, b) => compare(a.arn, b.arn));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : 1;
}

function canonical(addresses: readonly (string | undefined)[]): readonly string[] {
  return addresses.flatMap((address) => canonicalAddress(address ?? '') ?? []);
}

/** A task that has started without an interface never gets one. */
function isUnaddressed({ alive, networkInterface }: KnownTask): boolean {
  if (networkInterface?.address !== undefined || networkInterface?.ipv6 !== undefined) return false;
  const phases = new Set(alive.map(({ phase }) => phase));
  return phases.has('starting') || (phases.has('running') && networkInterface !== undefined);
}
