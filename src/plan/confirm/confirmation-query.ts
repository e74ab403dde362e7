import { groupByCluster, taskKey } from '../../model/cluster.ts';
import type { ClusterQuery, ConfirmationQuery } from '../../model/confirmation.ts';
import type { Host, Inventory } from '../../model/inventory.ts';
import { groupBy, Multimap } from '../../model/multimap.ts';
import type { Removable } from '../judge/judge-entries.ts';
import { unsaidAddresses } from '../judge/unknown-hosts-of.ts';
import { isGone } from '../match/endpoint-index.ts';
import type { TaskRef } from '../match/task-index.ts';
import { namesRelied, sharedNames, staleLocations } from './stale-locations.ts';

/**
 * What to look at once more before the given entries go. A host that EC2 calls gone is asked of EC2
 * alone; one that EC2 has, of ECS; one that EC2 does not know, of both. A second instance may bear the name of a host,
 * of one that fails or is drained too. Tasks that an entry names are asked for by
 * themselves, and so are addresses.
 */
export function confirmationQuery(removals: readonly Removable[], inventory: Inventory): ConfirmationQuery {
  const locationsOf = staleLocations(inventory);
  const waiting = new Multimap<Host, Removable>();
  const inDoubt = new Set<string>();
  const tasks = new Map<string, TaskRef>();
  const addresses = new Set<string>();
  const addressOf = new Map<string, string>();
  const relied = new Set(removals.flatMap(namesRelied));
  for (const removal of removals.filter(({ judgement }) => judgement.verdict === 'stale')) {
    const locations = locationsOf(removal);
    for (const host of locations.hosts) waiting.add(host, removal);
    for (const name of locations.names) inDoubt.add(name);
    for (const task of locations.tasks) tasks.set(taskKey(task.cluster, task.taskId), task);
    for (const address of locations.addresses) addresses.add(address);
    for (const address of unsaidAddresses(removal.match)) {
      for (const name of locations.names) addressOf.set(name, address);
    }
  }
  const hosts = [...waiting].map(([host]) => host);
  return {
    clusters: clusterLooks(waiting, inventory),
    instanceIds: hosts.filter(isGone).map(({ instanceId }) => instanceId),
    hostNames: [...new Set([...inDoubt, ...sharedNames(hosts), ...relied])],
    addressOf,
    interfaceNames: [...inDoubt],
    tasks: groupByCluster(tasks.values()).map(([cluster, own]) => ({
      cluster,
      taskIds: own.map(({ taskId }) => taskId),
    })),
    addresses: [...addresses],
  };
}

function clusterLooks(waiting: Multimap<Host, Removable>, inventory: Inventory): readonly ClusterQuery[] {
  const asked = groupBy(
    [...waiting].filter(([{ state }]) => state !== 'gone'),
    ([{ cluster }]) => cluster.arn,
  );
  const tasks = groupBy(
    inventory.containers.filter(({ cluster }) => asked.has(cluster.arn)),
    ({ cluster }) => cluster.arn,
  );
  return inventory.clusters
    .filter(({ arn }) => asked.has(arn))
    .map((cluster) => {
      const own = asked.get(cluster.arn);
      return {
        cluster,
        hosts: own.map(([host]) => host),
        candidates: new Set(own.flatMap(([, removals]) => removals)).size,
        knownTasks: new Map(
          tasks.get(cluster.arn).map(({ taskArn, host }) => [taskArn, host?.containerInstance] as const),
        ),
      };
    });
}
