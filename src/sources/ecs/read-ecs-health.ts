import { groupByCluster } from '../../model/cluster.ts';
import { type EcsHealthLookup, ecsHealthKey } from '../../model/ecs-health.ts';
import type { Container } from '../../model/inventory.ts';
import type { Access } from './access.ts';
import { describeAll } from './describe-batch.ts';
import { keepTask } from './task-summary.ts';

/**
 * Asks ECS once more how containers are, 100 of their tasks a call; of one of which the answer does not speak nothing is
 * known any more: `UNKNOWN`.
 */
export async function readEcsHealth(
  containers: readonly Container[],
  { ecs, ecsLimit, signal }: Access,
): Promise<EcsHealthLookup> {
  const parts = groupByCluster(containers).map(([cluster, own]) => {
    const arns = [...new Set(own.map(({ taskArn }) => taskArn))];
    return describeAll(arns, (batch) => ecs.describeTasks(cluster.arn, batch, signal), ecsLimit, signal);
  });
  const tasks = (await Promise.all(parts)).flatMap(({ items }) => items.map(keepTask));
  const said = tasks.flatMap(({ arn: taskArn, containers: own }) =>
    own.map(({ name, health }) => [ecsHealthKey({ taskArn, name }), health] as const),
  );
  return new Map([...containers.map((one) => [ecsHealthKey(one), 'UNKNOWN'] as const), ...said]);
}
