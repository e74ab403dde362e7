import type { Service } from '@aws-sdk/client-ecs';
import { inBatches } from '../../model/in-batches.ts';
import type { ServiceState } from '../../model/task-stop.ts';
import type { Access } from './access.ts';
import { describeBatch } from './describe-batch.ts';
import { SERVICE_BATCH_SIZE } from './ecs-api.ts';

/** A service that ECS no longer has. */
const NO_SERVICE: ServiceState = {
  status: undefined,
  runningCount: 0,
  desiredCount: 0,
  isDeploying: false,
};

/** How ECS services are, by `serviceKey`; one that could not be asked for is absent. */
export async function readServiceStates(
  keys: readonly string[],
  { ecs, ecsLimit, signal }: Access,
): Promise<ReadonlyMap<string, ServiceState>> {
  const states = new Map<string, ServiceState>();
  const readBatch = async (cluster: string, batch: readonly string[]) => {
    const describe = () => ecs.describeServices(cluster, batch, signal);
    const { items, missing } = await ecsLimit(() => describeBatch(batch, describe, signal));
    for (const arn of missing) states.set(`${cluster} ${arn.slice(arn.lastIndexOf('/') + 1)}`, NO_SERVICE);
    for (const service of items) {
      // Counts that are not told explain nothing.
      if (service.runningCount === undefined || service.desiredCount === undefined) continue;
      states.set(`${cluster} ${service.serviceName ?? ''}`, stateOf(service));
    }
  };
  const named = keys.map((key) => key.split(' '));
  const clusters = [...new Set(named.map(([cluster = '']) => cluster))];
  await Promise.all(
    clusters.flatMap((cluster) => {
      const names = named.flatMap(([own, name = '']) => (own === cluster ? [name] : []));
      return inBatches(names, SERVICE_BATCH_SIZE).map((batch) => readBatch(cluster, batch));
    }),
  );
  return states;
}

/** A rolling deployment says so itself; the other kinds show as two deployments or task sets at once. */
export function stateOf({ status, deployments = [], taskSets = [], ...counts }: Service): ServiceState {
  const { runningCount = 0, desiredCount = 0 } = counts;
  const isRolling = deployments.some(({ rolloutState }) => rolloutState === 'IN_PROGRESS');
  const isDeploying = isRolling || deployments.length > 1 || taskSets.length > 1;
  return { status, runningCount, desiredCount, isDeploying };
}
