import { type Cluster, groupByCluster, serviceKey } from '../../model/cluster.ts';
import { inBatches } from '../../model/in-batches.ts';
import {
  type Container,
  type GraceLookup,
  type IncompleteScope,
  serviceKeyOf,
} from '../../model/inventory.ts';
import type { Access } from './access.ts';
import { describeBatch } from './describe-batch.ts';
import { SERVICE_BATCH_SIZE } from './ecs-api.ts';
import { unreadScope } from './unread.ts';

const MS_PER_SECOND = 1000;

/** Reads `healthCheckGracePeriodSeconds` of the services that have started the given containers. */
export async function lookUpGracePeriods(
  containers: readonly Container[],
  { ecs, ecsLimit, signal }: Access,
): Promise<GraceLookup> {
  const periods = new Map<string, number>();
  const incomplete: IncompleteScope[] = [];
  const readBatch = async (cluster: Cluster, batch: readonly string[]) => {
    const describe = () => ecs.describeServices(cluster.arn, batch, signal);
    const { items, faults } = await ecsLimit(() => describeBatch(batch, describe, signal));
    if (faults.length > 0) {
      const scope = `services/${cluster.name}/${batch.join(',')}`;
      incomplete.push(unreadScope(scope, 'ecs:DescribeServices', faults[0], 'service-names'));
      return;
    }
    for (const { serviceName, healthCheckGracePeriodSeconds } of items) {
      const key = serviceKey(cluster, serviceName ?? '');
      periods.set(key, (healthCheckGracePeriodSeconds ?? 0) * MS_PER_SECOND);
    }
  };
  const started = new Map(
    containers
      .filter(({ ecsService }) => ecsService !== undefined)
      .map((container) => [serviceKeyOf(container), container]),
  );
  await Promise.all(
    groupByCluster(started.values()).flatMap(([cluster, members]) => {
      const names = members.flatMap(({ ecsService }) => ecsService ?? []).toSorted();
      return inBatches(names, SERVICE_BATCH_SIZE).map((batch) => readBatch(cluster, batch));
    }),
  );
  return { periods, incomplete };
}
