import type { Service } from '@aws-sdk/client-ecs';
import { type Cluster, groupByCluster } from '../../model/cluster.ts';
import { inBatches } from '../../model/in-batches.ts';
import { type IncompleteScope, type ServiceTask, serviceKeyOf } from '../../model/inventory.ts';
import type { Access } from './access.ts';
import { describeBatch } from './describe-batch.ts';
import { SERVICE_BATCH_SIZE } from './ecs-api.ts';
import { unreadScope } from './unread.ts';

/** The ECS services that have started some tasks. */
export interface ServicesOf {
  readonly services: readonly { readonly cluster: Cluster; readonly service: Service }[];
  readonly incomplete: readonly IncompleteScope[];
}

/**
 * Describes the services that have started the given tasks, in full batches. Of a batch that was not answered
 * whole nothing is told; `hides` is what may be unknown for it.
 */
export async function readServicesOf(
  tasks: readonly ServiceTask[],
  hides: IncompleteScope['hides'],
  { ecs, ecsLimit, signal }: Access,
): Promise<ServicesOf> {
  const readBatch = async (cluster: Cluster, batch: readonly string[]): Promise<ServicesOf> => {
    const describe = () => ecs.describeServices(cluster.arn, batch, signal);
    const { items, faults } = await ecsLimit(() => describeBatch(batch, describe, signal));
    if (faults.length === 0)
      return { services: items.map((service) => ({ cluster, service })), incomplete: [] };
    const scope = `services/${cluster.name}/${batch.join(',')}`;
    return { services: [], incomplete: [unreadScope(scope, 'ecs:DescribeServices', faults[0], hides)] };
  };
  const started = new Map(
    tasks.filter(({ ecsService }) => ecsService !== undefined).map((task) => [serviceKeyOf(task), task]),
  );
  const parts = await Promise.all(
    groupByCluster(started.values()).flatMap(([cluster, members]) => {
      const names = members.flatMap(({ ecsService }) => ecsService ?? []).toSorted();
      return inBatches(names, SERVICE_BATCH_SIZE).map((batch) => readBatch(cluster, batch));
    }),
  );
  return {
    services: parts.flatMap(({ services }) => services),
    incomplete: parts.flatMap(({ incomplete }) => incomplete),
  };
}
