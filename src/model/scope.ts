import { clusterOf } from './cluster.ts';

/** Where something is, as far as that is told. */
export interface Area {
  readonly account?: string | undefined;
  readonly region?: string | undefined;
}

/** A part of the fleet that is to be looked at. `cluster` is a name or an ARN, a service a name. */
export type Scope =
  | { readonly kind: 'task'; readonly cluster: string; readonly taskArn: string }
  | { readonly kind: 'container-instance'; readonly cluster: string; readonly arn: string }
  | ({ readonly kind: 'service'; readonly cluster: string; readonly service: string } & Area)
  /** A machine by its EC2 id, of whatever cluster. */
  | ({ readonly kind: 'instance'; readonly instanceId: string } & Area);

/** Tells a scope from all others. */
export function scopeKey(scope: Scope): string {
  switch (scope.kind) {
    case 'task':
      return `task ${scope.taskArn}`;
    case 'container-instance':
      return `container-instance ${scope.arn}`;
    case 'service':
      return `service ${areaKey(scope)} ${scope.cluster} ${scope.service}`;
    case 'instance':
      return `instance ${areaKey(scope)} ${scope.instanceId}`;
  }
}

function areaKey({ account = '', region = '' }: Area): string {
  return `${region}/${account}`;
}

/** Whether a scope is of another account or region than the one at home; what is not told may be at home. */
export function isElsewhere(scope: Scope, home: Area): boolean {
  const { account, region } = areaOf(scope);
  return differs(account, home.account) || differs(region, home.region);
}

/** ARNs tell it; a cluster by its name is where its event has come from. */
function areaOf(scope: Scope): Area {
  const cluster = scope.kind === 'instance' ? undefined : clusterOf(scope.cluster, '', []);
  if (cluster?.account !== undefined) return cluster;
  return scope.kind === 'service' || scope.kind === 'instance' ? scope : {};
}

function differs(one: string | undefined, other: string | undefined): boolean {
  return one !== undefined && other !== undefined && one !== other;
}

/** Each scope once, sorted: events come twice, and in any order. */
export function distinctScopes(scopes: Iterable<Scope>): readonly Scope[] {
  const byKey = new Map([...scopes].map((scope) => [scopeKey(scope), scope]));
  return [...byKey].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, scope]) => scope);
}
