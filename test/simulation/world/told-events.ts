import {
  arnOfCluster,
  callEvent,
  containerInstanceEvent,
  deploymentEvent,
  instanceEvent,
  newerEvent,
  taskEvent,
} from '../../triggers/event-shapes.ts';
import type { History } from '../history.ts';
import { serviceName } from './account.ts';
import type { SimHost, SimTask } from './entities.ts';
import type { EventBus } from './event-bus.ts';

/** A world as far as it is told of. */
interface ToldWorld {
  readonly bus: EventBus | undefined;
  readonly now: number;
}

/**
 * What EventBridge tells of the world, where it has a bus: what the rules of `serverless.yml` let through. Of what ECS
 * and EC2 of this account know nothing they tell nothing.
 */
export function tellTask(task: SimTask, { bus, now }: ToldWorld): void {
  const lastStatus = task.stoppedAt !== undefined ? 'STOPPED' : task.runningAt > now ? 'PENDING' : 'RUNNING';
  const desiredStatus = task.stopDesiredAt === undefined ? 'RUNNING' : 'STOPPED';
  const isLetThrough = lastStatus !== 'PENDING' || desiredStatus === 'STOPPED';
  if (task.cluster === undefined || !isLetThrough) return;
  const told = { lastStatus, desiredStatus, clusterArn: arnOfCluster(task.cluster) };
  bus?.send(taskEvent(task.arn, told));
}

/** A container instance that is drained, is out of touch, or is given up. */
export function tellHost(host: SimHost, { bus, now }: ToldWorld): void {
  if (host.cluster === undefined) return;
  const isGivenUp = host.deregisteredAt !== undefined && host.deregisteredAt <= now;
  const status = isGivenUp ? 'INACTIVE' : host.drainingAt === undefined ? 'ACTIVE' : 'DRAINING';
  const agentConnected = status === 'DRAINING';
  bus?.send(
    containerInstanceEvent(host.instanceArn, {
      status,
      agentConnected,
      clusterArn: arnOfCluster(host.cluster),
    }),
  );
}

/** A machine that ends, as EC2 tells it. */
export function tellMachine(host: SimHost, state: 'shutting-down' | 'terminated', { bus }: ToldWorld): void {
  const isOurs = typeof host.spec.cluster === 'number' || host.spec.cluster === 'outside';
  if (isOurs) bus?.send(instanceEvent(host.instanceId, 'state', state));
}

/** A service that is deployed: by CloudTrail first, then by ECS; and something that no worker knows yet. */
export function tellDeployment(
  serviceIndex: number,
  { bus, clusters, history }: ToldWorld & { readonly clusters: readonly string[]; readonly history: History },
): void {
  const { cluster: index, of } = history.setup.services[serviceIndex] ?? {};
  const cluster = of === undefined && index !== undefined ? clusters[index] : undefined;
  if (cluster === undefined) return;
  bus?.send(callEvent('UpdateService', { cluster, service: serviceName(serviceIndex) }));
  bus?.send(deploymentEvent(serviceName(serviceIndex), cluster));
  bus?.send(newerEvent());
}
