import { clusterOf, distinctClusters } from '../../model/cluster.ts';
import type { Inventory } from '../../model/inventory.ts';
import type { EcsApi } from './ecs-api.ts';
import { readPages } from './read-pages.ts';
import { unreadScope } from './unread.ts';

/** Where clusters are looked for. `clusters` are names or ARNs; none means all of them. */
export interface ClusterSources {
  readonly ecs: EcsApi;
  readonly region: string;
  readonly clusters: readonly string[];
}

/** The clusters to look at, by names or ARNs. */
export async function listClusters(
  { ecs, clusters, region }: ClusterSources,
  signal: AbortSignal | undefined,
): Promise<{ readonly ids: readonly string[]; readonly incomplete: Inventory['incomplete'] }> {
  if (clusters.length > 0) return { ids: distinctIds(clusters, region), incomplete: [] };
  const { items, error } = await readPages((token) => ecs.listClusters(token, signal), signal);
  const incomplete = error === undefined ? [] : [unreadScope('clusters', 'ecs:ListClusters', error)];
  return { ids: distinctIds(items, region), incomplete };
}

/** Names and ARNs of clusters, each cluster once, in the order of their names. */
function distinctIds(ids: readonly string[], region: string): readonly string[] {
  const byArn = new Map(
    ids.map((id) => {
      const cluster = clusterOf(id, region, ids);
      return [cluster.arn, { ...cluster, id }] as const;
    }),
  );
  return distinctClusters(byArn.values()).map(({ id }) => id);
}
