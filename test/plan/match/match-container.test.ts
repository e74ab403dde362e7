import { describe, expect, it } from 'vitest';
import type { Container, Endpoint, Inventory } from '../../../src/model/inventory.ts';
import type { RecordSet } from '../../../src/model/record-set.ts';
import { BLUE } from '../../clusters.ts';
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
  matchSets,
  PORT,
  ZONE,
} from '../support.ts';

/** Entries whose set identifier names a container that the inventory knows. */
const own = container(1);
const reached = endpoint(own);
const fleet = inventory([reached]);
const led = { kind: 'endpoint', endpoint: reached, address: '10.0.0.1', isSuccessor: false };

describe('the container is running', () => {
  it.each([
    ['by its full id', agentSet(), led],
    [
      'with the host in capitals',
      agentSet({}, { SetIdentifier: `${hostName(1).toUpperCase()}.:${dockerId(1)}` }),
      led,
    ],
    [
      'by its id in capitals, which no agent writes: not ours',
      agentSet({ owner: dockerId(1).toUpperCase() }),
      { kind: 'foreign', reason: 'set-identifier' },
    ],
    ['by the 12-digit short id', agentSet({ owner: dockerId(1).slice(0, 12) }), led],
    ['under the name of another service', agentSet({ service: '_time._tcp' }), led],
    [
      'with the host by its label only',
      agentSet(
        {},
        {
          SetIdentifier: `ip-10-0-0-1:${dockerId(1)}`,
          ResourceRecords: [{ Value: `1 1 ${PORT} ip-10-0-0-1` }],
        },
      ),
      led,
    ],
    [
      'with a target below the zone',
      agentSet({}, { ResourceRecords: [{ Value: `1 1 ${PORT} ip-10-0-0-1.${ZONE}.` }] }),
      led,
    ],
    [
      'on another port: it binds no such port',
      agentSet({ port: 9 }),
      { kind: 'port-not-exposed', container: own },
    ],
  ])('%s', (_, set, expected) => {
    expect(firstMatch([set], fleet)).toEqual(expected);
  });

  it('under an id that Docker did not give', () => {
    const id = `${'0123456789abcdef'.repeat(2)}-123456`;
    const known = inventory([endpoint(container(1, { id }))]);
    expect(firstMatch([agentSet({ owner: id })], known)).toMatchObject({ kind: 'endpoint' });
  });

  it('a 13-digit prefix of the id is not the id', () => {
    const set = agentSet({ owner: dockerId(1).slice(0, 13) });
    expect(firstMatch([set], fleet)).toMatchObject({ kind: 'endpoint', isSuccessor: true });
  });

  it('takes the address from the zone where the inventory has none', () => {
    const blind = host(1, { address: undefined });
    const known = inventory([endpoint(container(1, { host: blind }))]);
    expect(firstMatch([agentSet(), hostSet(1)], known)).toMatchObject({
      kind: 'endpoint',
      address: '10.0.0.1',
    });
    expect(firstMatch([agentSet()], known)).toMatchObject({ kind: 'endpoint', address: undefined });
  });

  it('without the entry’s port, which another service holds now', () => {
    const other = endpoint(container(2, { serviceNames: ['_time._tcp'] }), {
      serviceName: '_time._tcp',
      port: 9,
    });
    const match = firstMatch([agentSet({ port: 9 })], inventory([reached, other]));
    expect(match).toEqual({
      kind: 'replaced',
      endpoint: other,
      address: '10.0.0.1',
      by: 'other-service',
      clusters: [BLUE],
    });
  });
});

describe('a container that is being stopped and does not bind the port', () => {
  const leaving = container(1, { phase: 'stopping' });
  const staying = endpoint(container(2));
  const known = (...endpoints: readonly Endpoint[]) =>
    inventory(endpoints, {
      containers: [leaving, ...endpoints.map((item) => item.container)],
      hosts: [host(1)],
    });
  const kinds = (sets: RecordSet[], fleetOf: Inventory) => matchSets(sets, fleetOf).map(({ match }) => match);

  it('has an heir in a running one of the service', () => {
    expect(kinds([agentSet()], known(staying))).toMatchObject([
      { kind: 'endpoint', endpoint: staying, isSuccessor: true },
    ]);
  });

  it('has one, too, where the entry of that one is for clients elsewhere', () => {
    const at = (owner: number, ContinentCode: string) =>
      agentSet({ owner }, { Weight: undefined, GeoLocation: { ContinentCode } });
    const sets = [at(1, 'EU'), at(2, 'NA')];
    expect(matchSets(sets, known(staying), MANAGE_ZONE).map(({ match }) => match)).toMatchObject([
      { kind: 'endpoint', isSuccessor: true },
      { kind: 'endpoint', isSuccessor: false },
    ]);
  });

  it('is superseded where that one has an entry of its own', () => {
    expect(kinds([agentSet(), agentSet({ owner: 2 })], known(staying))).toMatchObject([
      { kind: 'replaced', by: 'same-service', endpoint: staying },
      { kind: 'endpoint', endpoint: staying, isSuccessor: false },
    ]);
  });

  it('has none where the zone gives its target the address of another host, too', () => {
    const sets = [
      agentSet({ target: `ip-10-0-0-1.${ZONE}` }),
      hostSet(1),
      hostSet(1, { SetIdentifier: 'other', ResourceRecords: [{ Value: '10.0.0.2' }] }),
    ];
    expect(kinds(sets, known(staying))[0]).toEqual({ kind: 'stopping', container: leaving });
    expect(kinds(sets.slice(0, 2), known(staying))[0]).toMatchObject({ kind: 'endpoint', isSuccessor: true });
  });

  it('has none in one that is stopping as well', () => {
    const both = known(endpoint(container(2, { phase: 'stopping' })));
    expect(kinds([agentSet()], both)).toEqual([{ kind: 'stopping', container: leaving }]);
  });

  it('stays what it is where another port is bound', () => {
    expect(kinds([agentSet()], known(endpoint(container(2), { port: 9 })))).toEqual([
      { kind: 'stopping', container: leaving },
    ]);
  });
});

describe('a container that is being stopped, and whose port ECS still lists', () => {
  const leaving = endpoint(container(1, { phase: 'stopping' }));
  const heir = endpoint(container(2));

  it.each<[string, RecordSet[], Endpoint, object]>([
    [
      'has an heir in a running one of its service that has its address by now',
      [agentSet()],
      heir,
      { kind: 'endpoint', endpoint: heir, isSuccessor: true },
    ],
    [
      'is superseded where that one has an entry of its own',
      [agentSet(), agentSet({ owner: 2 })],
      heir,
      { kind: 'replaced', by: 'same-service' },
    ],
    [
      'stays what it is where another service has it',
      [agentSet()],
      { ...heir, serviceName: '_time._tcp' },
      { kind: 'stopping' },
    ],
  ])('%s', (_, sets, there, expected) => {
    expect(firstMatch(sets, inventory([leaving, there]))).toMatchObject(expected);
  });
});

describe('the container is not running', () => {
  it.each<[string, Partial<Container>, object]>([
    ['starting', { phase: 'starting' }, { kind: 'starting' }],
    ['stopping', { phase: 'stopping' }, { kind: 'stopping' }],
    [
      'stopped: as if it were gone',
      { phase: 'stopped' },
      { kind: 'no-task-on-host', location: { instanceId: 'i-1' } },
    ],
    [
      'on a host that is gone',
      { host: host(1, { state: 'gone' }) },
      { kind: 'host-gone', location: { instanceId: 'i-1' } },
    ],
    [
      'stopping on a host that is gone',
      { phase: 'stopping', host: host(1, { state: 'gone' }) },
      { kind: 'stopping' },
    ],
    ['on a host that EC2 could not tell of', { host: host(1, { state: 'unknown' }) }, { kind: 'endpoint' }],
  ])('%s', (_, over, expected) => {
    expect(firstMatch([agentSet()], inventory([endpoint(container(1, over))]))).toMatchObject(expected);
  });

  it.each<[Container['phase']]>([['starting'], ['stopping']])(
    '%s, and ECS lists no ports of it: the identifier still says whose entry it is',
    (phase) => {
      const portless = container(1, { phase });
      const known = inventory([], { containers: [portless], hosts: [host(1)] });
      expect(firstMatch([agentSet()], known)).toEqual({ kind: phase, container: portless });
    },
  );
});

describe('several ports and services in one container', () => {
  const both = container(1, { serviceNames: ['_calc._tcp', '_time._tcp'] });
  const calc = endpoint(both, { port: 1001, containerPort: 80 });
  const time = endpoint(both, { port: 1002, containerPort: 81, serviceName: '_time._tcp' });
  const known = inventory([calc, time]);

  it.each([
    ['the first', agentSet({ port: 1001 }), calc],
    ['the second', agentSet({ service: '_time._tcp', port: 1002 }), time],
  ])('leads to %s', (_, set, expected) => {
    expect(firstMatch([set], known)).toMatchObject({ kind: 'endpoint', endpoint: expected });
  });

  it('tells TCP and UDP of one number apart by the service name', () => {
    const udp = endpoint(both, { serviceName: '_dns._udp', protocol: 'udp', port: 53 });
    const tcp = endpoint(both, { serviceName: '_dns._tcp', protocol: 'tcp', port: 53 });
    for (const endpoints of [
      [udp, tcp],
      [tcp, udp],
    ]) {
      const dns = inventory(endpoints);
      const match = (service: string) => firstMatch([agentSet({ service, port: 53 })], dns);
      expect(match('_dns._udp')).toMatchObject({ kind: 'endpoint', endpoint: udp });
      expect(match('_dns._tcp')).toMatchObject({ kind: 'endpoint', endpoint: tcp });
    }
  });
});

describe('TCP and UDP at one port', () => {
  const names = ['_dns._udp', '_dns._tcp', 'dns._udp.east', 'dns'];
  const both = container(1, { serviceNames: names });
  const reach = (protocol: 'tcp' | 'udp') => endpoint(both, { serviceName: undefined, protocol, port: 53 });
  const [udp, tcp] = [reach('udp'), reach('tcp')];

  it.each([
    ['_dns._udp', udp],
    ['_dns._tcp', tcp],
    ['dns._udp.east', udp],
    ['dns', tcp],
  ])('are told apart by the name: %s', (service, expected) => {
    for (const endpoints of [
      [udp, tcp],
      [tcp, udp],
    ]) {
      const match = firstMatch([agentSet({ service, port: 53 })], inventory(endpoints));
      expect(match).toMatchObject({ kind: 'endpoint', endpoint: expected });
    }
  });

  it('count for less than the service', () => {
    const named = endpoint(both, { serviceName: '_dns._tcp', protocol: 'udp', port: 53 });
    for (const endpoints of [
      [named, tcp],
      [tcp, named],
    ]) {
      const match = firstMatch([agentSet({ service: '_dns._tcp', port: 53 })], inventory(endpoints));
      expect(match).toMatchObject({ endpoint: named });
    }
  });
});

describe('a target that leads to a further address of the host', () => {
  const wide = host(1, { secondaryAddresses: ['10.0.0.77'] });
  const known = inventory([endpoint(container(1, { host: wide }))]);
  const leading = (target: string) => agentSet({ target }, { SetIdentifier: `${target}:${dockerId(1)}` });
  const DB = { ...hostSet(1), Name: `db.${ZONE}.`, ResourceRecords: [{ Value: '10.0.0.77' }] };

  it.each<[string, Parameters<typeof firstMatch>[0], string]>([
    ['by the name that EC2 gives it', [leading(hostName(77))], '10.0.0.77'],
    ['by an A set of the zone', [leading(`db.${ZONE}`), DB], '10.0.0.77'],
    ['is asked at the first one where it does not', [leading(hostName(1))], '10.0.0.1'],
  ])('%s', (_, sets, address) => {
    expect(firstMatch(sets, known)).toMatchObject({ kind: 'endpoint', address });
  });
});

describe('an entry whose target the zone leads to another place than that of its container', () => {
  const web = (Type: string, Value: string): RecordSet => ({
    Name: `web.${ZONE}.`,
    Type,
    ResourceRecords: [{ Value }],
  });
  const toWeb = agentSet({}, { SetIdentifier: dockerId(1), ...values(`web.${ZONE}`) });
  const other = endpoint(container(2, { host: host(2) }), { port: PORT });
  const task = endpoint(container(3, { host: undefined }), {
    hostNames: [hostName(50)],
    address: '10.0.0.50',
  });
  const reachedAt = [hostName(1), '10.0.0.1'];
  const mine = endpoint(container(1, { reachedAt }));
  const known = inventory([mine, other, task]);

  it.each<[string, RecordSet, string]>([
    ['by a CNAME to another host', web('CNAME', hostName(2)), 'unresolved'],
    ['by the address of another host', web('A', '10.0.0.2'), 'unresolved'],
    ['by the address of a task', web('A', '10.0.0.50'), 'unresolved'],
    ['by a CNAME to its own host', web('CNAME', hostName(1)), 'endpoint'],
    ['by the address of its own host', web('A', '10.0.0.1'), 'endpoint'],
    ['by an address of which nothing is known', web('A', '192.0.2.1'), 'endpoint'],
  ])('%s', (_, set, kind) => {
    expect(firstMatch([toWeb, set], known)).toMatchObject({ kind });
  });

  it('and whose own place is not known, is its container’s', () => {
    const nowhere = endpoint(
      container(1, { host: host(1, { address: undefined }), reachedAt: [hostName(1)] }),
    );
    expect(firstMatch([toWeb, web('A', '10.0.0.2')], inventory([nowhere, other]))).toMatchObject({
      kind: 'endpoint',
    });
  });

  it('by a further address of its own host, is its container’s', () => {
    const first = host(1, { secondaryAddresses: ['10.0.0.9'] });
    const there = inventory([endpoint(container(1, { host: first, reachedAt }))]);
    expect(firstMatch([toWeb, web('A', '10.0.0.9')], there)).toMatchObject({ kind: 'endpoint' });
  });
});

function values(target: string) {
  return { ResourceRecords: [{ Value: `1 1 ${PORT} ${target}` }] };
}

it.each([
  ['_dns._udp', 'replaced'],
  ['dns', 'no-task-on-host'],
])('what another service has over UDP was the place of %s: %s', (service, kind) => {
  const other = endpoint(container(2), { serviceName: '_time._udp', protocol: 'udp' });
  expect(firstMatch([agentSet({ service, owner: 99 })], inventory([other]))).toMatchObject({ kind });
});
