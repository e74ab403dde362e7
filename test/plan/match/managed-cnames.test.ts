import { describe, expect, it, test } from 'vitest';
import { nameSwitch } from '../../../src/model/name-pattern.ts';
import type { RecordSet } from '../../../src/model/record-set.ts';
import {
  cnameInterest,
  comparable,
  managedCnames,
  targetOf,
} from '../../../src/plan/match/managed-cnames.ts';
import { ALB, identifier, ownSet, plainSet } from '../cname-worlds.ts';
import { ZONE } from '../support.ts';

describe('the CNAMEs that are this worker’s', () => {
  it('are weighted, one label below the zone, and say so by their identifier', () => {
    const set = ownSet({ Name: `WEB.${ZONE}.` });
    expect(managedCnames([set], ZONE)).toEqual([
      { recordSet: set, label: 'web', cluster: 'eu-west-1/111122223333/blue' },
    ]);
  });

  test.each<[string, RecordSet]>([
    ['a plain one', plainSet(ALB)],
    ['one with the identifier of others', ownSet({ SetIdentifier: 'blue' })],
    [
      'one with the identifier of a task',
      ownSet({ SetIdentifier: `${identifier('blue')}/${'0'.repeat(32)}` }),
    ],
    ['one of another type', ownSet({ Type: 'A' })],
    ['one that is not weighted', ownSet({ Weight: undefined, Region: 'eu-west-1' })],
    ['an alias', ownSet({ ResourceRecords: undefined, AliasTarget: { DNSName: 'a.example.' } })],
    ['one of a traffic policy', ownSet({ TrafficPolicyInstanceId: 't-1' })],
    ['one two labels below the zone', ownSet({ Name: `a.web.${ZONE}.` })],
    ['one at the apex', ownSet({ Name: `${ZONE}.` })],
    ['one of another zone', ownSet({ Name: 'web.example.' })],
  ])('are not %s', (_, set) => {
    expect(managedCnames([set], ZONE)).toEqual([]);
  });
});

test.each<[boolean | readonly string[], string, boolean, boolean]>([
  [true, 'api', true, true],
  [false, 'api', false, false],
  [false, 'web', false, true],
  [['web-*', 'shop'], 'web-1', true, true],
  [['web-*', 'shop'], 'shop', true, true],
  [['web-*', 'shop'], 'shops', false, false],
  [['shop'], 'web', false, true],
])('with %j, %s is wanted: %s; read: %s', (setting, label, isWanted, isRead) => {
  expect(nameSwitch(setting)(label)).toBe(isWanted);
  expect(cnameInterest(setting, managedCnames([ownSet()], ZONE))(label)).toBe(isRead);
});

test.each([
  ['A.elb.amazonaws.com.', 'a.elb.amazonaws.com'],
  ['dualstack.a.elb.amazonaws.com', 'a.elb.amazonaws.com'],
  ['DualStack.A.elb.amazonaws.com.', 'a.elb.amazonaws.com'],
])('%s is compared as %s', (name, expected) => {
  expect(comparable(name)).toBe(expected);
  expect(targetOf(plainSet(name))).toBe(expected);
});

test('a set without values points nowhere', () => {
  expect(targetOf(plainSet('', { ResourceRecords: undefined }))).toBeUndefined();
});
