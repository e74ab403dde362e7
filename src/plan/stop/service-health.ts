import { type Cluster, serviceKey } from '../../model/cluster.ts';
import { type Endpoint, serviceKeyOf } from '../../model/inventory.ts';
import { Multimap } from '../../model/multimap.ts';
import { exceedsShare, formatShare } from '../../model/share.ts';
import { isFailing, isPassing } from '../guard/unhealthy-limits.ts';
import type { Judged } from '../judge/judge-entries.ts';

/** An ECS service, and one of its tasks. */
interface TaskOfService {
  readonly cluster: Cluster;
  readonly service: string;
  readonly task: string;
}

/** How the tasks of ECS services are, by what this run has seen of them. */
export interface ServiceHealth {
  /** Why so many failures are more likely the checker's own; `undefined` when they are not too many. */
  panic(one: TaskOfService, limitPercent: number): string | undefined;
  /** Whether another task of the service is healthy in all that was checked of it, on a host that is to stay. */
  hasHealthy(one: TaskOfService): boolean;
}

interface Share {
  readonly of: string;
  failing: number;
  checked: number;
}

/** Counts every port once, however many entries lead to it. */
export function serviceHealth(judged: readonly Judged[]): ServiceHealth {
  const ports = onePerPort(judged);
  const run: Share = { of: 'the run', failing: 0, checked: 0 };
  const shares = new Map<string, Share>();
  for (const { container, judged: one } of ports) {
    count(run, one);
    const key = serviceKeyOf(container);
    if (key === undefined) continue;
    const share = shares.get(key) ?? { of: `ECS service ${container.ecsService}`, failing: 0, checked: 0 };
    shares.set(key, count(share, one));
  }
  const healthy = healthyTasks(ports);
  return {
    panic: ({ cluster, service }, limit) => {
      const both = [shares.get(serviceKey(cluster, service)), run].filter((share) => share !== undefined);
      return both.map((share) => panicOf(share, limit)).find((detail) => detail !== undefined);
    },
    hasHealthy: ({ cluster, service, task }) =>
      healthy.get(serviceKey(cluster, service)).some((other) => other !== task),
  };
}

/** A port that was judged. */
interface Port extends Pick<Endpoint, 'container' | 'serviceName'> {
  readonly judged: Judged;
}

function onePerPort(judged: readonly Judged[]): readonly Port[] {
  const ports = new Map<Endpoint, Port>();
  for (const one of judged) {
    if (one.match.kind !== 'endpoint' || ports.has(one.match.endpoint)) continue;
    const { container, serviceName } = one.match.endpoint;
    ports.set(one.match.endpoint, { container, serviceName, judged: one });
  }
  return [...ports.values()];
}

/** The tasks of which every named port that is checked is healthy, by their service. */
function healthyTasks(ports: readonly Port[]): Multimap<string | undefined, string> {
  const checked = ports.filter(
    ({ serviceName, judged: { judgement } }) => serviceName !== undefined && judgement.reason !== 'running',
  );
  const unsound = new Set(checked.filter((port) => !isSound(port)).map(({ container }) => container.taskArn));
  const healthy = new Multimap<string | undefined, string>();
  for (const { container } of checked) {
    if (!unsound.has(container.taskArn)) healthy.add(serviceKeyOf(container), container.taskArn);
  }
  return healthy;
}

function isSound({ container, judged: { judgement } }: Port): boolean {
  return judgement.reason === 'healthy' && container.host?.isDraining !== true;
}

function count(share: Share, one: Judged): Share {
  if (isFailing(one)) share.failing++;
  if (isFailing(one) || isPassing(one)) share.checked++;
  return share;
}

function panicOf({ failing, checked, of }: Share, limit: number): string | undefined {
  if (!exceedsShare(failing, checked, limit)) return undefined;
  return `${failing} of ${checked} checked ports of ${of} fail (${formatShare(failing, checked, limit)}), more than ${limit} %`;
}
