import { describe, expect, it } from 'vitest';
import type { RecordSet } from '../../../src/model/record-set.ts';
import {
  aliasesOf,
  hostNameIn,
  zoneAddresses,
  zoneAddressOf,
} from '../../../src/plan/match/zone-addresses.ts';
import { agentSet, hostName, hostSet, ZONE } from '../support.ts';

function address(label: string, value: string, over: Partial<RecordSet> = {}): RecordSet {
  return { Name: `${label}.${ZONE}.`, Type: 'A', ResourceRecords: [{ Value: value }], ...over };
}

describe('zoneAddresses', () => {
  it('gathers the A sets of one name and leaves every other type out', () => {
    const west = hostSet(1);
    const east = hostSet(1, {
      SetIdentifier: 'IP-10-0-0-1.ec2.internal.',
      ResourceRecords: [{ Value: '10.9.9.9' }],
    });
    const known = zoneAddresses([
      agentSet(),
      west,
      east,
      address('IP-10-0-0-1', '10.7.7.7'),
      hostSet(1, { Type: 'AAAA' }),
    ]);
    expect(known.at(`ip-10-0-0-1.${ZONE}`)).toEqual([
      { addresses: ['10.0.0.1'], hostName: hostName(1) },
      { addresses: ['10.9.9.9'], hostName: 'ip-10-0-0-1.ec2.internal' },
      { addresses: ['10.7.7.7'], hostName: undefined },
    ]);
    expect(known.at(`ip-10-0-0-2.${ZONE}`)).toEqual([]);
    expect(known.hostsAt('10.0.0.1')).toEqual([hostName(1)]);
    expect(known.hostsAt('10.7.7.7')).toEqual([]);
  });

  it('takes the AAAA sets of a name that has no others', () => {
    const long = address('long', '2001:DB8::1', { Type: 'AAAA' });
    const known = zoneAddresses([long, address('long', '?', { Type: 'AAAA', SetIdentifier: 'b' })]);
    expect([known.at(`long.${ZONE}`), known.ipv6At(`long.${ZONE}`)]).toEqual([[], ['2001:db8::1', '?']]);
    expect(aliasesOf(`long.${ZONE}`, ZONE, known)).toEqual(['long', '2001:db8::1', '?']);
    expect(zoneAddressOf(`long.${ZONE}`, ZONE, known)).toBeUndefined();
    expect(zoneAddressOf(`long.${ZONE}`, ZONE, zoneAddresses([long]))).toBe('2001:db8::1');
  });

  it('takes an identifier that is no host name for no host', () => {
    const known = zoneAddresses([address('db', '10.0.0.5', { SetIdentifier: 'blue/green', Weight: 1 })]);
    expect(known.at(`db.${ZONE}`)).toEqual([{ addresses: ['10.0.0.5'], hostName: undefined }]);
  });

  it('gives an alias no address', () => {
    const known = zoneAddresses([{ Name: `lb.${ZONE}.`, Type: 'A', AliasTarget: { DNSName: 'x.' } }]);
    expect(known.at(`lb.${ZONE}`)).toEqual([{ addresses: [], hostName: undefined }]);
  });
});

describe('aliasesOf', () => {
  const zone = zoneAddresses([
    hostSet(1),
    address('db', '10.0.0.5'),
    address('db', '10.0.0.6'),
    address('deep.er', '10.0.0.7'),
  ]);

  it.each([
    ['below the zone, with the A set of a host', `ip-10-0-0-1.${ZONE}`, ['10.0.0.1', hostName(1)]],
    ['below the zone, with several A sets', `db.${ZONE}`, ['10.0.0.5', '10.0.0.6']],
    ['two labels below the zone, with an A set', `deep.er.${ZONE}`, ['10.0.0.7']],
    ['one label below the zone, without', `ip-10-0-0-9.${ZONE}`, ['ip-10-0-0-9']],
    ['two labels below the zone, without', `a.b.${ZONE}`, [`a.b.${ZONE}`]],
    ['one label', 'ip-10-0-0-1', ['ip-10-0-0-1']],
    ['the name of a host', hostName(1), [hostName(1)]],
    ['an address', '10.0.0.1', ['10.0.0.1']],
    ['the zone itself', ZONE, [ZONE]],
  ])('%s', (_, target, expected) => {
    expect(aliasesOf(target, ZONE, zone)).toEqual(expected);
  });
});

describe('hostNameIn', () => {
  const zone = zoneAddresses([
    hostSet(1),
    hostSet(2),
    hostSet(2, { SetIdentifier: 'ip-10-0-0-2.ec2.internal' }),
    hostSet(3),
    hostSet(3, { SetIdentifier: hostName(3).toUpperCase() }),
    address('db', '10.0.0.5', { SetIdentifier: hostName(5), Weight: 1 }),
    address('web', '10.0.0.6'),
  ]);

  it.each([
    ['the A set of a host', `ip-10-0-0-1.${ZONE}`, hostName(1)],
    ['the A sets of two hosts: it cannot tell which', `ip-10-0-0-2.${ZONE}`, undefined],
    ['two A sets of one host', `ip-10-0-0-3.${ZONE}`, hostName(3)],
    ['a set identified by a host of another label', `db.${ZONE}`, undefined],
    ['a set without identifier', `web.${ZONE}`, undefined],
    ['no A set', `ip-10-0-0-9.${ZONE}`, undefined],
  ])('%s', (_, name, expected) => {
    expect(hostNameIn(name, zone)).toBe(expected);
  });
});

describe('zoneAddressOf', () => {
  const zone = zoneAddresses([
    hostSet(1),
    hostSet(2),
    hostSet(2, { SetIdentifier: 'ip-10-0-0-2.ec2.internal' }),
    hostSet(3),
    hostSet(3, { SetIdentifier: 'ip-10-0-0-3.ec2.internal', ResourceRecords: [{ Value: '10.9.9.9' }] }),
  ]);

  it.each([
    ['a target below the zone', `ip-10-0-0-1.${ZONE}`, '10.0.0.1'],
    ['a host of which the zone has an A record', hostName(1), '10.0.0.1'],
    ['one label of which the zone has an A record', 'ip-10-0-0-1', '10.0.0.1'],
    ['one address given twice', hostName(2), '10.0.0.2'],
    ['a host of which another one of its label has another address', hostName(3), '10.0.0.3'],
    ['a label that two hosts have, at two addresses: it cannot tell which', 'ip-10-0-0-3', undefined],
    ['a host of which the zone has none', hostName(4), undefined],
    ['an address, which is its own', '10.4.4.4', '10.4.4.4'],
    ['a target below the zone of which it has none', `ip-10-0-0-4.${ZONE}`, undefined],
  ])('%s', (_, target, expected) => {
    expect(zoneAddressOf(target, ZONE, zone)).toBe(expected);
  });
});
