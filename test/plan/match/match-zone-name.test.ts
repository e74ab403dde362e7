import { describe, expect, it } from 'vitest';
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
  MANAGE_ZONE,
  simpleSet,
  srvValue,
  ZONE,
} from '../support.ts';

/** SRV entries that point at a name of the zone itself, of which no source knows a host. */
const reached = endpoint(container(1));
const fleet = inventory([reached]);

describe('a name of the zone that tells no host', () => {
  const db = `db.${ZONE}`;
  const record = (over: Partial<RecordSet>): RecordSet => ({ Name: `${db}.`, Type: 'A', TTL: 60, ...over });
  const at9 = { ResourceRecords: [{ Value: '10.0.0.9' }] };

  it.each<[string, RecordSet[]]>([
    ['it has no record', []],
    ['an A record of an address that nobody has', [record(at9)]],
    ['A records of several', [record({ ResourceRecords: [{ Value: '10.0.0.8' }, { Value: '10.0.0.9' }] })]],
    [
      'an A record with an identifier that is no host',
      [record({ ...at9, SetIdentifier: 'blue/green', Weight: 1 })],
    ],
    [
      'an A record with another host for identifier',
      [record({ ...at9, SetIdentifier: hostName(9), Weight: 1 })],
    ],
    ['a CNAME', [record({ Type: 'CNAME', ResourceRecords: [{ Value: 'db.example.com' }] })]],
    ['an alias', [record({ AliasTarget: { DNSName: 'lb.example.com.' } })]],
    ['an AAAA record', [record({ Type: 'AAAA', ResourceRecords: [{ Value: 'fd00::9' }] })]],
    [
      'A records of two hosts under one label',
      [
        record({ ...at9, SetIdentifier: 'db.east.test', Weight: 1 }),
        record({ ...at9, SetIdentifier: 'db.west.test', Weight: 1 }),
      ],
    ],
  ])('%s', (_, records) => {
    const toDb = simpleSet([srvValue({ target: db })]);
    expect(firstMatch([toDb, ...records], fleet, MANAGE_ZONE)).toEqual({ kind: 'unresolved' });
  });

  it.each<[string, readonly RecordSet[], string]>([
    ['out of the zone', [], 'ip-10-0-0-9.ec2.internal'],
    ['to the A set of a host', [hostSet(9)], `ip-10-0-0-9.${ZONE}`],
  ])('… but a CNAME %s tells one', (_, records, end) => {
    const toDb = simpleSet([srvValue({ target: db })]);
    const cname = record({ Type: 'CNAME', ResourceRecords: [{ Value: end }] });
    const hostName9 = records.length === 0 ? end : hostName(9);
    expect(firstMatch([toDb, cname, ...records], fleet, MANAGE_ZONE)).toMatchObject({
      kind: 'host-unknown',
      hostName: hostName9,
    });
  });

  it('… deeper below', () => {
    const deep = simpleSet([srvValue({ target: `a.b.${ZONE}` })]);
    expect(firstMatch([deep], fleet, MANAGE_ZONE)).toEqual({ kind: 'unresolved' });
  });

  it('… a host’s own name there, without an A record and without an identifier', () => {
    const bare = simpleSet([srvValue({ target: `ip-10-0-0-1.${ZONE}` })]);
    expect(firstMatch([bare], inventory([]), MANAGE_ZONE)).toEqual({ kind: 'unresolved' });
  });

  it('… of an identified set with another host', () => {
    const set = agentSet({}, { ResourceRecords: [{ Value: srvValue({ target: db }) }] });
    expect(firstMatch([set, record(at9)], fleet)).toEqual({ kind: 'unresolved' });
  });

  it('while an A record of a host that is known tells it', () => {
    const toDb = simpleSet([srvValue({ target: db })]);
    const own = record({ ResourceRecords: [{ Value: '10.0.0.1' }] });
    expect(firstMatch([toDb, own], inventory([], { hosts: [host(1)] }), MANAGE_ZONE)).toMatchObject({
      kind: 'no-task-on-host',
      location: host(1),
    });
  });

  it('may be that of a container that ECS has not fully reported', () => {
    const toDb = simpleSet([srvValue({ target: db })]);
    const late = container(5, { id: undefined, phase: 'starting', host: undefined });
    expect(firstMatch([toDb], inventory([], { containers: [late] }), MANAGE_ZONE)).toEqual({
      kind: 'starting',
      container: late,
    });
  });
});

describe('the identifier of an entry that a CNAME of the zone leads on', () => {
  const node = `node-3.${ZONE}`;
  const written = (owner: string) => agentSet({ target: node }, { SetIdentifier: owner });
  const cname = (to: string): RecordSet => ({
    Name: `${node}.`,
    Type: 'CNAME',
    TTL: 60,
    ResourceRecords: [{ Value: to }],
  });

  it.each([
    ['the name that EC2 gives it', hostName(1)],
    ['its label', 'ip-10-0-0-1'],
    ['the name of the target', node],
  ])('names the container of the host that it leads to, by %s', (_, name) => {
    const sets = [written(`${name}:${dockerId(9)}`), cname(hostName(1))];
    expect(firstMatch(sets, fleet)).toMatchObject({ kind: 'endpoint', isSuccessor: true });
  });

  it('names none where it leads to another host than that of the identifier', () => {
    const sets = [written(`${hostName(2)}:${dockerId(9)}`), cname(hostName(1))];
    expect(firstMatch(sets, fleet)).toMatchObject({ kind: 'endpoint', isSuccessor: false });
  });

  it.each<[string, readonly RecordSet[]]>([
    ['it leads to a host that is not known', [cname(hostName(7))]],
    ['nothing leads on', []],
  ])('counts where %s', (_, sets) => {
    const own = written(`${node}:${dockerId(1)}`);
    expect(firstMatch([own, ...sets], fleet)).toMatchObject({ kind: 'endpoint', isSuccessor: false });
  });
});
