import type { Container, Endpoint, Notice } from '../../model/inventory.ts';
import type { ClusterReading } from './read-cluster.ts';
import { type EndpointSources, taskEndpoints } from './task-endpoints.ts';

/** Task by task, so that no cluster is held both as ECS describes it and as the inventory shows it. */
export function collectEndpoints(
  readings: readonly Pick<ClusterReading, 'cluster' | 'tasks'>[],
  sources: EndpointSources,
) {
  const containers: Container[] = [];
  const endpoints: Endpoint[] = [];
  const notices = new Set<Notice>();
  for (const { cluster, tasks } of readings) {
    for (const task of tasks) {
      for (const found of taskEndpoints(task, cluster, sources)) {
        containers.push(found.container);
        endpoints.push(...found.endpoints);
        for (const notice of found.notices) notices.add(notice);
      }
    }
  }
  return { containers, endpoints, notices: [...notices] };
}

/** The tasks of one revision all say the same. */
export function distinctNotices(notices: readonly Notice[]): readonly Notice[] {
  const byText = new Map(notices.map((notice) => [`${notice.subject} ${notice.detail}`, notice]));
  return [...byText].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, notice]) => notice);
}
