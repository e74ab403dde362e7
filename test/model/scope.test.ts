import { expect, test } from 'vitest';
import { distinctScopes, type Scope } from '../../src/model/scope.ts';

const SCOPES: readonly Scope[] = [
  { kind: 'task', cluster: 'blue', taskArn: 'arn:task/1' },
  { kind: 'service', cluster: 'blue', service: 'orders' },
  { kind: 'instance', instanceId: 'i-1' },
  { kind: 'container-instance', cluster: 'blue', arn: 'arn:container-instance/1' },
  { kind: 'service', cluster: 'green', service: 'orders' },
];

test('each scope is kept once, in an order that does not depend on theirs', () => {
  const once = distinctScopes([...SCOPES, ...SCOPES]);
  expect(once).toHaveLength(SCOPES.length);
  expect(distinctScopes(SCOPES.toReversed())).toEqual(once);
});
