/** A part of the fleet that is to be looked at. `cluster` is a name or an ARN, a service a name. */
export type Scope =
  | { readonly kind: 'task'; readonly cluster: string; readonly taskArn: string }
  | { readonly kind: 'container-instance'; readonly cluster: string; readonly arn: string }
  | { readonly kind: 'service'; readonly cluster: string; readonly service: string }
  /** A machine by its EC2 id, of whatever cluster. */
  | { readonly kind: 'instance'; readonly instanceId: string };

/** Tells a scope from all others. */
export function scopeKey(scope: Scope): string {
  switch (scope.kind) {
    case 'task':
      return `task ${scope.taskArn}`;
    case 'container-instance':
      return `container-instance ${scope.arn}`;
    case 'service':
      return `service ${scope.cluster} ${scope.service}`;
    case 'instance':
      return `instance ${scope.instanceId}`;
  }
}

/** Each scope once, sorted: events come twice, and in any order. */
export function distinctScopes(scopes: Iterable<Scope>): readonly Scope[] {
  const byKey = new Map([...scopes].map((scope) => [scopeKey(scope), scope]));
  return [...byKey].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, scope]) => scope);
}
