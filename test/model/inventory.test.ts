import { expect, it } from 'vitest';
import { serviceKey } from '../../src/model/cluster.ts';
import { type Inventory, isUnreadable, serviceKeyOf } from '../../src/model/inventory.ts';
import { BLUE } from '../clusters.ts';
import { container, endpoint, inventory } from '../plan/support.ts';

const WHOLE_BLUE = { ...BLUE, complete: true };
const HALF_BLUE = { ...BLUE, complete: false };
const scope = (hides: 'endpoints' | 'host-names' | 'service-names') => ({
  scope: 'cluster/blue',
  operation: 'ecs:ListTasks',
  error: 'AccessDenied',
  hides,
});

it.each<[string, Partial<Inventory>, boolean]>([
  ['no cluster could be listed', { clusters: [], incomplete: [scope('endpoints')] }, true],
  [
    'the only cluster was not read completely',
    { clusters: [HALF_BLUE], incomplete: [scope('endpoints')] },
    true,
  ],
  [
    'one cluster was read completely',
    { clusters: [HALF_BLUE, WHOLE_BLUE], incomplete: [scope('endpoints')] },
    false,
  ],
  ['an empty account', { clusters: [], incomplete: [] }, false],
  ['only host names are hidden', { clusters: [HALF_BLUE], incomplete: [scope('host-names')] }, false],
  ['only service names are hidden', { clusters: [HALF_BLUE], incomplete: [scope('service-names')] }, false],
])('isUnreadable: %s', (_, over, expected) => {
  expect(isUnreadable(inventory([], over))).toBe(expected);
});

it('isUnreadable: a container was seen', () => {
  const known = inventory([endpoint(container(1))], {
    clusters: [HALF_BLUE],
    incomplete: [scope('endpoints')],
  });
  expect(isUnreadable(known)).toBe(false);
});

it('serviceKeyOf: names the service within its cluster, and nothing where none started the task', () => {
  expect(serviceKeyOf(container(1, { ecsService: 'web' }))).toBe(serviceKey(BLUE, 'web'));
  expect(serviceKeyOf(container(1))).toBeUndefined();
});
