import type { LimitFunction } from 'p-limit';
import { describeError } from '../../aws/aws-error.ts';
import { type Cluster, groupByCluster, serviceKey } from '../../model/cluster.ts';
import {
  type Container,
  type GraceLookup,
  type IncompleteScope,
  serviceKeyOf,
} from '../../model/inventory.ts';
import { type EcsApi, SERVICE_BATCH_SIZE } from './ecs-api.ts';
import { inBatches } from './read-pages.ts';

const MS_PER_SECOND = 1000;

/** Reads `healthCheckGracePeriodSeconds` of the services that have started the given containers. */
export async function lookUpGracePeriods(
  containers: readonly Container[],
  ecs: EcsApi,
  limit: LimitFunction,
  signal: AbortSignal | undefined,
): Promise<GraceLookup> {
  const periods = new Map<string, number>();
  const incomplete: IncompleteScope[] = [];
  const readBatch = async (cluster: Cluster, batch: readonly string[]) => {
    try {
      const { items, failures } = await limit(() => ecs.describeServices(cluster.arn, batch, signal));
      const unread = failures.find(({ reason }) => reason !== 'MISSING');
      if (unread !== undefined) throw new Error(`${unread.reason} for ${unread.arn}`);
      const silent = batch.length - items.length - failures.length;
      if (silent > 0) throw new Error(`${silent} of ${batch.length} were left out of the answer`);
      for (const { serviceName, healthCheckGracePeriodSeconds } of items) {
        const key = serviceKey(cluster, serviceName ?? '');
        periods.set(key, (healthCheckGracePeriodSeconds ?? 0) * MS_PER_SECOND);
      }
    } catch (error) {
      signal?.throwIfAborted();
      incomplete.push({
        scope: `services/${cluster.name}/${batch.join(',')}`,
        operation: 'ecs:DescribeServices',
        error: describeError(error),
        hides: 'service-names',
      });
    }
  };
  const started = new Map(
    containers.flatMap((container) => {
      const key = serviceKeyOf(container);
      return key === undefined ? [] : [[key, container] as const];
    }),
  );
  await Promise.all(
    groupByCluster(started.values()).flatMap(([cluster, members]) => {
      const names = members.flatMap(({ ecsService }) => ecsService ?? []).toSorted();
      return inBatches(names, SERVICE_BATCH_SIZE).map((batch) => readBatch(cluster, batch));
    }),
  );
  return { periods, incomplete };
}
