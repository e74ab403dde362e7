import { type Cluster, serviceKey } from '../../model/cluster.ts';
import { type Endpoint, serviceKeyOf } from '../../model/inventory.ts';
import { groupBy } from '../../model/multimap.ts';
import { failingShareOfRun, failingShares, panicOf } from '../guard/failing-share.ts';
import type { Judged } from '../judge/judge-entries.ts';
import type { Reachable } from '../match/match-kinds.ts';

/** An ECS service, and one of its tasks. */
export interface TaskOfService {
  readonly cluster: Cluster;
  readonly service: string;
  /** Its ARN. */
  readonly task: string;
}

/** How the tasks of ECS services are, by what this run has seen of them: every port counts once. */
export function serviceHealth(judged: readonly Judged[]) {
  const ports = onePerPort(judged);
  const run = failingShareOfRun(ports, 'ports of the run');
  const shareOf = failingShares(ports, ({ endpoint }) => serviceKeyOf(endpoint.container));
  const healthy = groupBy(healthyPorts(ports), ({ endpoint }) => serviceKeyOf(endpoint.container));
  return {
    /** Why so many failures are more likely the checker's own; `undefined` when they are not too many. */
    panic: ({ cluster, service }: TaskOfService, limit: number) =>
      panicOf(shareOf(serviceKey(cluster, service), `ports of ECS service ${service}`), limit) ??
      panicOf(run, limit),
    /** Whether another task is healthy in all that was checked of it, on a host that is to stay. */
    hasHealthy: ({ cluster, service, task }: TaskOfService) =>
      healthy.get(serviceKey(cluster, service)).some(({ endpoint }) => endpoint.container.taskArn !== task),
  };
}

type Port = Judged & Pick<Reachable, 'endpoint'>;

function onePerPort(judged: readonly Judged[]): readonly Port[] {
  const ports = new Map<Endpoint, Port>();
  for (const one of judged) {
    if (one.match.kind !== 'endpoint' || ports.has(one.match.endpoint)) continue;
    ports.set(one.match.endpoint, { ...one, endpoint: one.match.endpoint });
  }
  return [...ports.values()];
}

/** The named ports that are checked of tasks of which every one of them is healthy. */
function healthyPorts(ports: readonly Port[]): readonly Port[] {
  const checked = ports.filter(
    ({ endpoint, judgement }) => endpoint.serviceName !== undefined && judgement.reason !== 'running',
  );
  const unsound = new Set(
    checked.filter((port) => !isSound(port)).map(({ endpoint }) => endpoint.container.taskArn),
  );
  return checked.filter(({ endpoint }) => !unsound.has(endpoint.container.taskArn));
}

function isSound({ endpoint: { container }, judgement }: Port): boolean {
  return judgement.reason === 'healthy' && container.host?.isDraining !== true;
}
