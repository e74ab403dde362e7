import { expect, it } from 'vitest';
import { serviceKey } from '../../../src/model/cluster.ts';
import { type Container, type GraceLookup, NO_GRACE } from '../../../src/model/inventory.ts';
import { graceRule } from '../../../src/plan/judge/grace-period.ts';
import { BLUE, GREEN } from '../../clusters.ts';
import { container } from '../support.ts';

const READ: GraceLookup = {
  periods: new Map([
    [serviceKey(BLUE, 'slow'), 90_000],
    [serviceKey(BLUE, 'quick'), 5000],
  ]),
  incomplete: [],
};
const UNREAD: GraceLookup = {
  ...READ,
  incomplete: [{ scope: 'x', operation: 'ecs:DescribeServices', error: 'x', hides: 'service-names' }],
};

it.each<[string, Partial<Container>, GraceLookup, number]>([
  ['a task that no service has started', {}, READ, 60_000],
  ['… while some service could not be read', {}, UNREAD, 60_000],
  ['a service with a longer one', { ecsService: 'slow' }, READ, 90_000],
  ['a service with a shorter one', { ecsService: 'quick' }, READ, 60_000],
  ['a service of another cluster', { ecsService: 'slow', cluster: GREEN }, READ, 60_000],
  ['a service without one', { ecsService: 'none' }, READ, 60_000],
  ['a service that may be among the unread', { ecsService: 'none' }, UNREAD, 3_600_000],
  ['a service that was read beside them', { ecsService: 'slow' }, UNREAD, 90_000],
  ['nothing was looked up', { ecsService: 'slow' }, NO_GRACE, 60_000],
])('%s', (_, over, lookup, expected) => {
  expect(graceRule(60_000, lookup)(container(1, over))).toBe(expected);
});

it('never shortens a general one that is longer than any', () => {
  expect(graceRule(7_200_000, UNREAD)(container(1, { ecsService: 'none' }))).toBe(7_200_000);
});
