import { expect, it } from 'vitest';
import type { Container } from '../../../src/model/inventory.ts';
import type { RecordSet } from '../../../src/model/record-set.ts';
import { zoneSpelling } from '../../../src/plan/desired/host-spelling.ts';
import { container, host, hostSet, inventory, ZONE } from '../support.ts';

const own = (identifier: string, over: Partial<RecordSet> = {}): RecordSet =>
  hostSet(1, { Name: `${identifier.split('.')[0]}.${ZONE}.`, SetIdentifier: identifier, ...over });
const ON_HOST = container(1);
const WITH_INTERFACE = container(1, {
  networkInterface: { id: 'eni-1', address: '10.0.0.1', ipv6: undefined },
});

it.each<[string, readonly RecordSet[], Container, string | undefined]>([
  ['as its agent spells it, to the letter', [own('ip-10-0-0-1.testapi.')], ON_HOST, 'ip-10-0-0-1.testapi.'],
  ['as its agent spells it, without a domain', [own('node1')], ON_HOST, 'node1'],
  ['… whatever EC2 calls it', [hostSet(1), own('node1')], ON_HOST, 'node1'],
  ['as EC2 does, where the zone has no other name', [hostSet(1)], ON_HOST, undefined],
  ['as EC2 does, where the zone has two', [own('node1'), own('node2')], ON_HOST, undefined],
  ['… not where it has one twice', [own('node1'), own('node1')], ON_HOST, 'node1'],
  [
    'as EC2 does, where the name is that of another address',
    [own('node1', { ResourceRecords: [{ Value: '10.0.0.9' }] })],
    ON_HOST,
    undefined,
  ],
  [
    'as EC2 does, where the set has another name than its host',
    [own('node1', { Name: `web.${ZONE}.` })],
    ON_HOST,
    undefined,
  ],
  ['as EC2 does, where the identifier is no host name', [own('blue/green')], ON_HOST, undefined],
  ['as EC2 does, where the set is not weighted', [without(own('node1'), 'Weight')], ON_HOST, undefined],
  [
    'as EC2 does, where the set has no identifier',
    [without(own('node1'), 'SetIdentifier')],
    ON_HOST,
    undefined,
  ],
  ['as EC2 does, where the set is of IPv6', [own('node1', { Type: 'AAAA' })], ON_HOST, undefined],
  ['as EC2 does, where it is at an interface of its own', [own('node1')], WITH_INTERFACE, undefined],
  ['as EC2 does, where it is on no host', [own('node1')], container(1, { host: undefined }), undefined],
  [
    'as EC2 does, where its host has no address',
    [own('node1')],
    container(1, { host: host(1, { address: undefined }) }),
    undefined,
  ],
])('a host is called %s', (_, sets, of, expected) => {
  expect(zoneSpelling(sets, ZONE, inventory([], { hosts: [host(1), host(2)] }))(of)).toBe(expected);
});

it('a host is called as EC2 does, where another one in another VPC has its address', () => {
  const hosts = [host(1), host(7, { address: '10.0.0.1', vpcId: 'vpc-2' })];
  expect(zoneSpelling([own('node1')], ZONE, inventory([], { hosts }))(ON_HOST)).toBeUndefined();
});

function without(set: RecordSet, field: 'Weight' | 'SetIdentifier'): RecordSet {
  const { [field]: _left, ...rest } = set;
  return rest;
}
