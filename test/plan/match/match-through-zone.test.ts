import { describe, expect, it } from 'vitest';
import type { Inventory } from '../../../src/model/inventory.ts';
import type { RecordSet } from '../../../src/model/record-set.ts';
import {
  agentSet,
  container,
  dockerId,
  endpoint,
  firstMatch,
  host,
  hostName,
  hostSet,
  inventory,
  ZONE,
} from '../support.ts';

/** The A set that an agent writes for a host under a name of its own. */
function ownSet(name: string, address: string): RecordSet {
  const label = name.split('.')[0];
  return hostSet(1, {
    Name: `${label}.${ZONE}.`,
    SetIdentifier: name,
    ResourceRecords: [{ Value: address }],
  });
}

/** The SRV set of such an agent. */
function entry(name: string, owner = 99, port = 1): RecordSet {
  return agentSet({ target: name, port }, { SetIdentifier: `${name}:${dockerId(owner)}` });
}

const running = endpoint(container(1));
const one = inventory([running]);

describe('a host under another name than EC2’s is known through its own A set', () => {
  it.each([
    ['a domain of DHCP, with its dot', 'ip-10-0-0-1.testapi.'],
    ['a domain of a company', 'ip-10-0-0-1.corp.example.com'],
    ['a name of its own', 'node1'],
    ['a name of its own in a domain', 'node1.corp.example.com'],
    ['its name in the zone', `ip-10-0-0-1.${ZONE}`],
  ])('%s: what is gone from it is gone', (_, name) => {
    const sets = [entry(name), ownSet(name, '10.0.0.1')];
    expect(firstMatch(sets, one)).toMatchObject({ kind: 'no-task-on-host', location: { instanceId: 'i-1' } });
  });

  it('what runs there is found by its place, and by its id', () => {
    const set = ownSet('node1', '10.0.0.1');
    expect(firstMatch([entry('node1', 1, running.port), set], one)).toMatchObject({ kind: 'endpoint' });
    const unnamed = agentSet({ target: 'node1' }, { SetIdentifier: 'other' });
    expect(firstMatch([unnamed, set], one, { kind: 'zone' })).toMatchObject({ kind: 'endpoint' });
  });

  it('a bare label stands for the host in any domain', () => {
    const set = ownSet('node1.corp.example.com', '10.0.0.1');
    expect(firstMatch([entry('node1'), set], one)).toMatchObject({ kind: 'no-task-on-host' });
  });

  it('by a domain of the settings, without any A set', () => {
    const known = { ...one, hostDomains: ['testapi'] };
    expect(firstMatch([entry('ip-10-0-0-1.testapi')], known)).toMatchObject({ kind: 'no-task-on-host' });
  });
});

describe('a host under another name stays unknown', () => {
  const unknown = (name: string, address: string | undefined) => ({
    kind: 'host-unknown',
    hostName: name,
    containerId: dockerId(99),
    address,
  });

  it.each<[string, string, readonly RecordSet[], Inventory, object]>([
    ['without an A set', 'node1', [], one, unknown('node1', undefined)],
    [
      'without one, but its name says where it is',
      'ip-10-0-0-9.corp',
      [],
      one,
      unknown('ip-10-0-0-9.corp', '10.0.0.9'),
    ],
    [
      'at an address that no known host has',
      'node1',
      [ownSet('node1', '10.0.0.9')],
      one,
      unknown('node1', '10.0.0.9'),
    ],
    [
      'with the A set of another of its label',
      'node1.corp',
      [ownSet('node1.other', '10.0.0.1')],
      one,
      unknown('node1.corp', undefined),
    ],
    [
      'at an address that another name has, too: one of the two is out of date',
      'node1',
      [ownSet('node1', '10.0.0.1'), ownSet('node2', '10.0.0.1')],
      one,
      unknown('node1', undefined),
    ],
    [
      'at two addresses',
      'node1',
      [ownSet('node1', '10.0.0.1'), { ...ownSet('node1', '10.0.0.9'), SetIdentifier: 'NODE1' }],
      one,
      unknown('node1', undefined),
    ],
    [
      'of another region, by EC2’s own name: its address is that of another host here',
      'ip-10-0-0-1.us-west-2.compute.internal',
      [ownSet('ip-10-0-0-1.us-west-2.compute.internal', '10.0.0.1')],
      one,
      unknown('ip-10-0-0-1.us-west-2.compute.internal', '10.0.0.1'),
    ],
  ])('%s', (_, name, sets, known, expected) => {
    expect(firstMatch([entry(name), ...sets], known)).toEqual(expected);
  });

  it('but the name that EC2 gives the same host contradicts nothing', () => {
    const sets = [entry('node1'), ownSet('node1', '10.0.0.1'), hostSet(1)];
    expect(firstMatch(sets, one)).toMatchObject({ kind: 'no-task-on-host' });
    const both = [ownSet('ip-10-0-0-1.a', '10.0.0.1'), ownSet('node1', '10.0.0.1')];
    expect(firstMatch([entry('ip-10-0-0-1.a'), ...both], one)).toMatchObject({ kind: 'no-task-on-host' });
  });
});

describe('where hosts of two VPCs have the address that the zone tells', () => {
  const far = host(2, { address: '10.0.0.1', vpcId: 'vpc-2', privateDnsName: hostName(2) });
  const elsewhere = endpoint(container(2, { host: far, serviceNames: ['_time._tcp'] }), {
    serviceName: '_time._tcp',
  });
  const two = inventory([running, elsewhere]);
  const set = ownSet('node1', '10.0.0.1');

  it('nothing is said to be gone', () => {
    expect(firstMatch([entry('node1'), set], two)).toEqual({ kind: 'unresolved' });
  });

  it('nothing is said to be replaced by what has the port on one of them', () => {
    const known = inventory([elsewhere], { hosts: [host(1), far] });
    expect(firstMatch([entry('node1', 99, elsewhere.port), set], known)).toEqual({ kind: 'unresolved' });
  });

  it('what runs on either is found', () => {
    expect(firstMatch([entry('node1', 1, running.port), set], two)).toMatchObject({ kind: 'endpoint' });
  });
});

describe('the A set of a host under another name', () => {
  it.each<[string, RecordSet, Inventory, object]>([
    [
      'leads to the host that has its address',
      ownSet('ip-10-0-0-1.testapi.', '10.0.0.1'),
      one,
      { kind: 'host-present' },
    ],
    ['… by its name in the zone', ownSet(`ip-10-0-0-1.${ZONE}`, '10.0.0.1'), one, { kind: 'host-present' }],
    [
      'leads to no known host where none has the address',
      ownSet('ip-10-0-0-9.testapi', '10.0.0.9'),
      one,
      { kind: 'host-unknown', hostName: 'ip-10-0-0-9.testapi', address: '10.0.0.9' },
    ],
    [
      'leads to no known host where the value is no address',
      ownSet('ip-10-0-0-9.testapi', 'soon'),
      one,
      { kind: 'host-unknown', address: undefined },
    ],
    [
      'of another region leads to no host here that has its address',
      ownSet('ip-10-0-0-1.us-west-2.compute.internal', '10.0.0.1'),
      one,
      { kind: 'host-unknown' },
    ],
    ['of no machine’s form is none of ours', ownSet('node1', '10.0.0.1'), one, { kind: 'foreign' }],
  ])('%s', (_, set, known, expected) => {
    expect(firstMatch([set], known)).toMatchObject(expected);
  });
});
