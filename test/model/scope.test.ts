import { describe, expect, test } from 'vitest';
import { distinctScopes, isElsewhere, type Scope } from '../../src/model/scope.ts';

const SCOPES: readonly Scope[] = [
  { kind: 'task', cluster: 'blue', taskArn: 'arn:task/1' },
  { kind: 'service', cluster: 'blue', service: 'orders' },
  { kind: 'instance', instanceId: 'i-1' },
  { kind: 'container-instance', cluster: 'blue', arn: 'arn:container-instance/1' },
  { kind: 'service', cluster: 'green', service: 'orders' },
  { kind: 'service', cluster: 'blue', service: 'orders', account: '222222222222', region: 'us-east-1' },
  { kind: 'instance', instanceId: 'i-1', account: '222222222222' },
];

test('each scope is kept once, in an order that does not depend on theirs', () => {
  const once = distinctScopes([...SCOPES, ...SCOPES]);
  expect(once).toHaveLength(SCOPES.length);
  expect(distinctScopes(SCOPES.toReversed())).toEqual(once);
});

describe('a scope is elsewhere', () => {
  const home = { account: '111111111111', region: 'us-east-1' };
  const cluster = (region: string, account: string) => `arn:aws:ecs:${region}:${account}:cluster/blue`;
  const task = (arn: string): Scope => ({ kind: 'task', cluster: arn, taskArn: 'arn:task/1' });
  const service = (name: string, area = {}): Scope => ({
    kind: 'service',
    cluster: name,
    service: 'orders',
    ...area,
  });
  const machine = (area = {}): Scope => ({ kind: 'instance', instanceId: 'i-1', ...area });

  test.each<[string, Scope, boolean]>([
    ['a task of this account', task(cluster('us-east-1', '111111111111')), false],
    ['a task of another account', task(cluster('us-east-1', '222222222222')), true],
    ['a task of another region', task(cluster('eu-west-1', '111111111111')), true],
    ['a task of a cluster by its name', task('blue'), false],
    ['a service of a cluster by its name', service('blue'), false],
    ['one whose event has come from here', service('blue', home), false],
    ['one whose event has come from elsewhere', service('blue', { account: '222222222222' }), true],
    [
      'one of a cluster here, whatever its event says',
      service(cluster('us-east-1', '111111111111'), { account: '222222222222' }),
      false,
    ],
    ['a machine of an event that does not say', machine(), false],
    ['a machine of here', machine(home), false],
    ['a machine of another account', machine({ ...home, account: '222222222222' }), true],
    ['a machine of another region', machine({ ...home, region: 'eu-west-1' }), true],
  ])('%s', (_, scope, expected) => {
    expect(isElsewhere(scope, home)).toBe(expected);
  });

  test('only where it is known which account is at home', () => {
    const scope = task(cluster('us-east-1', '222222222222'));
    expect(isElsewhere(scope, { account: undefined, region: 'us-east-1' })).toBe(false);
  });
});
