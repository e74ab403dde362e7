import { expect, it } from 'vitest';
import type { Host } from '../../../src/model/inventory.ts';
import { container, endpoint, firstMatch, host, hostName, hostSet, inventory } from '../support.ts';

it.each<[string, Host[], object]>([
  ['the host is there', [host(1)], { kind: 'host-present', location: host(1) }],
  ['EC2 cannot tell of it', [host(1, { state: 'unknown' })], { kind: 'host-present' }],
  [
    'EC2 no longer has it',
    [host(1, { state: 'gone' })],
    { kind: 'host-gone', location: { instanceId: 'i-1' } },
  ],
  [
    'no cluster has it',
    [host(2)],
    { kind: 'host-unknown', hostName: hostName(1), containerId: undefined, address: '10.0.0.1' },
  ],
  [
    'its address is known, its name is not',
    [host(1, { privateDnsName: undefined })],
    { kind: 'host-present' },
  ],
])('the A set of a host: %s', (_, hosts, expected) => {
  expect(firstMatch([hostSet(1)], inventory([], { hosts }))).toMatchObject(expected);
});

it('an A set that is identified by the label only', () => {
  const set = hostSet(1, { SetIdentifier: 'ip-10-0-0-1' });
  expect(firstMatch([set], inventory([], { hosts: [host(1)] }))).toMatchObject({ kind: 'host-present' });
});

it('the interface of a task counts as a host that is there', () => {
  const task = endpoint(container(1, { host: undefined }), { hostNames: [hostName(1)], address: '10.0.0.1' });
  expect(firstMatch([hostSet(1)], inventory([task]))).toMatchObject({ kind: 'host-present' });
});

it('a value that contradicts the host’s address does not matter: the identifier names the host', () => {
  const set = hostSet(1, { ResourceRecords: [{ Value: '192.0.2.1' }] });
  expect(firstMatch([set], inventory([], { hosts: [host(1)] }))).toMatchObject({ kind: 'host-present' });
});
