import type { BalancedService, ClusterServices, ServiceSight } from '../../src/model/balanced-service.ts';
import type { ChangeGroup } from '../../src/model/change.ts';
import { serviceKey } from '../../src/model/cluster.ts';
import { type RecordSet, recordSetKey, valuesOf } from '../../src/model/record-set.ts';
import { type CnameInput, type CnamePlan, planCnames } from '../../src/plan/desired/desired-cnames.ts';
import { BLUE, clusterNamed } from '../clusters.ts';
import { container, ZONE } from './support.ts';

export const ALB = 'internal-shop-1234567890.eu-west-1.elb.amazonaws.com';
export const NLB = 'feed-0123456789abcdef.elb.eu-west-1.amazonaws.com';

/** The set identifier of what this worker makes for services of a cluster. */
export function identifier(clusterName: string): string {
  return `ecs-dns:eu-west-1/111122223333/${clusterName}`;
}

/** An active service behind one load balancer, if nothing else is said. */
export function service(name: string, over: Partial<BalancedService> = {}): BalancedService {
  return { name, state: 'active', balancers: [ALB], unresolved: [], ...over };
}

/** A cluster whose services are all listed and described. */
export function services(
  clusterName: string,
  all: readonly BalancedService[],
  over: Partial<ClusterServices> = {},
): ClusterServices {
  const listed = all.filter(({ state }) => state === 'active').map(({ name }) => name);
  return { cluster: clusterNamed(clusterName), listed, services: all, complete: true, ...over };
}

/** The CNAME that this worker makes for `web` of cluster blue, if nothing else is said. */
export function ownSet(over: Partial<RecordSet> & { readonly to?: string } = {}, of = 'blue'): RecordSet {
  const { to = ALB, ...fields } = over;
  return {
    Name: `web.${ZONE}.`,
    Type: 'CNAME',
    SetIdentifier: identifier(of),
    Weight: 1,
    TTL: 60,
    ResourceRecords: [{ Value: to }],
    ...fields,
  };
}

/** A CNAME as the reference architecture and people make it. */
export function plainSet(to: string, over: Partial<RecordSet> = {}): RecordSet {
  return { Name: `web.${ZONE}.`, Type: 'CNAME', TTL: 60, ResourceRecords: [{ Value: to }], ...over };
}

/** The input of a run over these clusters and record sets. */
export function input(
  clusters: readonly ClusterServices[],
  recordSets: readonly RecordSet[],
  over: Partial<CnameInput> = {},
): CnameInput {
  return {
    zoneName: ZONE,
    recordSets,
    services: { clusters, incomplete: [] },
    inventory: { containers: [] },
    cname: true,
    correct: false,
    reserved: new Set(),
    ...over,
  };
}

/** A run over these clusters and record sets. */
export function planOf(...asked: Parameters<typeof input>): CnamePlan {
  return planCnames(input(...asked));
}

/** A plan in short: the kind of each service's outcome, with its code, and what goes and stays. */
export function outline({ planned, removals, kept }: CnamePlan): readonly string[] {
  return [
    ...planned.map(({ desired, ...one }) =>
      [`${desired.cluster.name}/${desired.service.name}`, one.kind, 'reason' in one ? one.reason : '']
        .join(' ')
        .trim(),
    ),
    ...removals.map(({ own, reason }) => `${own.cluster.split('/').at(-1)}/${own.label} goes ${reason}`),
    ...kept.map(({ own, reason }) => `${own.cluster.split('/').at(-1)}/${own.label} stays ${reason}`),
  ];
}

/** All changes of a plan, sorted by key; a stale CNAME that is handed over goes with the change of its name. */
export function groupsOf({ planned, removals }: CnamePlan): readonly ChangeGroup[] {
  const changed = planned.flatMap((one) => ('group' in one ? one.group : []));
  const handedOver = new Set(changed.map(({ key }) => key));
  const removed = removals.map(({ own: { recordSet }, reason }): ChangeGroup => {
    const changes = [{ action: 'DELETE', recordSet }] as const;
    const key = recordSetKey(recordSet);
    return { key, changes, removed: valuesOf(recordSet), reasons: [reason], after: [] };
  });
  return [...changed, ...removed.filter(({ key }) => !handedOver.has(key))].toSorted((a, b) =>
    a.key < b.key ? -1 : 1,
  );
}

/** The changes of a plan in short, a group a line. */
export function changesOf(plan: CnamePlan): readonly string[] {
  return groupsOf(plan).map(({ changes }) =>
    changes
      .map(({ action, recordSet: { SetIdentifier, TTL, Weight, ResourceRecords } }) =>
        [
          action,
          SetIdentifier?.split('/').at(-1) ?? 'plain',
          `${Weight ?? '-'}/${TTL}`,
          ...(ResourceRecords ?? []).map(({ Value }) => Value),
        ].join(' '),
      )
      .join(', '),
  );
}

/** What the confirmation saw of `web` of cluster blue. */
export function look(sight: ServiceSight | undefined, error?: string) {
  const scope = { scope: 'services/blue', operation: 'ecs:ListServices', hides: 'balancers' } as const;
  return {
    sights: new Map(sight === undefined ? [] : [[serviceKey(BLUE, 'web'), sight] as const]),
    incomplete: error === undefined ? [] : [{ ...scope, error }],
  };
}

/** A task of service `web` of cluster blue. */
export function taskOf(
  ecsService: string | undefined,
  phase: 'running' | 'starting' | 'stopping' | 'stopped',
) {
  return container(1, { ecsService, phase });
}
