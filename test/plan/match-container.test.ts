import { describe, expect, it } from 'vitest';
import type { Container } from '../../src/model/inventory.ts';
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
  PORT,
  srvValue,
  ZONE,
} from './support.ts';

/** Entries whose set identifier names a container that the inventory knows. */
const own = container(1);
const reached = endpoint(own);
const fleet = inventory([reached]);
const led = { kind: 'endpoint', endpoint: reached, address: '10.0.0.1', heir: false };

describe('the container is running', () => {
  it.each([
    ['by its full id', agentSet(), led],
    ['by its id in capitals', agentSet({ owner: dockerId(1).toUpperCase() }), led],
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
    ['on another port: it binds no such port', agentSet({ port: 9 }), { kind: 'portless', container: own }],
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
    expect(firstMatch([set], fleet)).toMatchObject({ kind: 'endpoint', heir: true });
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
    expect(match).toEqual({ kind: 'replaced', endpoint: other, by: 'other-service' });
  });
});

describe('the container is not running', () => {
  it.each<[string, Partial<Container>, object]>([
    ['starting', { phase: 'starting' }, { kind: 'starting' }],
    ['stopping', { phase: 'stopping' }, { kind: 'stopping' }],
    ['stopped: as if it were gone', { phase: 'stopped' }, { kind: 'vacant', place: { instanceId: 'i-1' } }],
    [
      'on a host that is gone',
      { host: host(1, { state: 'gone' }) },
      { kind: 'host-gone', place: { instanceId: 'i-1' } },
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

describe('several values in one identified set', () => {
  const values = (...items: string[]) => ({ ResourceRecords: items.map((Value) => ({ Value })) });

  it('a value that its container does not bind is looked at by its place', () => {
    const set = agentSet({}, values(srvValue({ port: 9 }), srvValue()));
    expect(firstMatch([set], fleet)).toMatchObject({ kind: 'vacant', place: { instanceId: 'i-1' } });
  });

  it('the identifier means nothing for a value on another host', () => {
    const other = endpoint(container(2, { host: host(2) }));
    const set = agentSet({}, values(srvValue({ target: 2 }), srvValue()));
    expect(firstMatch([set], inventory([reached, other]))).toMatchObject({
      kind: 'endpoint',
      endpoint: other,
    });
  });
});

it('an identifier of another host than the target’s names no container', () => {
  const set = agentSet({}, { SetIdentifier: `${hostName(2)}:${dockerId(1)}` });
  const moved = container(1, { host: host(2) });
  const known = inventory([endpoint(moved)], { hosts: [host(1), host(2)] });
  expect(firstMatch([set], known)).toMatchObject({ kind: 'vacant', place: { instanceId: 'i-1' } });
});
