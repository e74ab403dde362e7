import { describe, expect, it } from 'vitest';
import type { Container, Endpoint } from '../../../src/model/inventory.ts';
import type { RecordSet } from '../../../src/model/record-set.ts';
import { BLUE } from '../../clusters.ts';
import {
  agentSet,
  at,
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
  simpleSet,
  srvValue,
  ZONE,
} from '../support.ts';

/** Entries without an identifier, or whose container the inventory does not know: service, host and port decide. */
const reached = endpoint(container(1));
const fleet = inventory([reached]);
const SIMPLE = simpleSet([srvValue()]);
const TIME = { serviceName: '_time._tcp' };
const DEAD = agentSet({ owner: 99 });

describe('ways to write the target of a simple set', () => {
  it.each([
    ['the private DNS name', hostName(1)],
    ['in capitals, with a trailing dot', `${hostName(1).toUpperCase()}.`],
    ['its label', 'ip-10-0-0-1'],
    ['its address', '10.0.0.1'],
    ['its label below the zone, without an A record', `ip-10-0-0-1.${ZONE}`],
  ])('%s', (_, target) => {
    const match = firstMatch([simpleSet([srvValue({ target })])], fleet, MANAGE_ZONE);
    expect(match).toEqual({ kind: 'endpoint', endpoint: reached, address: '10.0.0.1', isSuccessor: false });
  });

  const toZone = simpleSet([srvValue({ target: `calc-host.${ZONE}` })]);
  const a = (value: string): RecordSet => ({
    Name: `calc-host.${ZONE}.`,
    Type: 'A',
    ResourceRecords: [{ Value: value }],
  });

  it.each<[string, RecordSet[], object]>([
    [
      'a name of the zone whose A record gives the address',
      [a('10.0.0.1')],
      { kind: 'endpoint', endpoint: reached },
    ],
    ['… another address', [a('10.0.0.2')], { kind: 'unresolved' }],
    ['… two addresses, of which one is it', [a('10.0.0.2'), a('10.0.0.1')], { kind: 'unresolved' }],
  ])('%s', (_, records, expected) => {
    expect(firstMatch([toZone, ...records], fleet, MANAGE_ZONE)).toMatchObject(expected);
  });

  it('a name of the zone whose A records give two addresses of one host', () => {
    const known = inventory([
      endpoint(container(1, { host: host(1, { secondaryAddresses: ['10.0.0.2'] }) })),
    ]);
    expect(firstMatch([toZone, a('10.0.0.2'), a('10.0.0.1')], known, MANAGE_ZONE)).toMatchObject({
      kind: 'endpoint',
    });
  });

  it.each([
    ['two hosts', undefined],
    ['two tasks on one host', 'i-1'],
  ])('a name of the zone whose A records give the addresses of %s', (_, instance) => {
    const task = (n: number) => {
      const own = container(n, { host: instance === undefined ? host(n) : host(1) });
      return endpoint(own, { hostNames: [hostName(40 + n)], address: `10.0.0.${40 + n}` });
    };
    const known = inventory([task(1), task(2)]);
    expect(firstMatch([toZone, a('10.0.0.41'), a('10.0.0.42')], known, MANAGE_ZONE)).toEqual({
      kind: 'unresolved',
    });
  });

  it('a name of the zone whose A set is identified by the host, which has no address yet', () => {
    const known = inventory([endpoint(container(1, { host: host(1, { address: undefined }) }))]);
    const set = simpleSet([srvValue({ target: `ip-10-0-0-1.${ZONE}` })]);
    expect(firstMatch([set, hostSet(1)], known, MANAGE_ZONE)).toMatchObject({
      kind: 'endpoint',
      address: '10.0.0.1',
    });
  });
});

describe('tasks with a network interface of their own', () => {
  const fargate = container(1, { host: undefined });
  const task = endpoint(fargate, { hostNames: [hostName(50)], address: '10.0.0.50', port: 8080 });
  const known = inventory([task]);

  it.each([
    ['by the name of the interface', hostName(50)],
    ['by its label', 'ip-10-0-0-50'],
    ['by its address', '10.0.0.50'],
  ])('%s', (_, target) => {
    const match = firstMatch([simpleSet([srvValue({ port: 8080, target })])], known, MANAGE_ZONE);
    expect(match).toEqual({ kind: 'endpoint', endpoint: task, address: '10.0.0.50', isSuccessor: false });
  });

  it('another port of the interface leads to nothing there', () => {
    const match = firstMatch([simpleSet([srvValue({ port: 1, target: 50 })])], known, MANAGE_ZONE);
    expect(match).toEqual({
      kind: 'no-task-on-host',
      location: { cluster: BLUE, state: 'present', instanceId: undefined, address: '10.0.0.50' },
      clusters: [BLUE],
    });
  });

  it('an interface on a host of ours is a location of that host', () => {
    const onHost = endpoint(container(1), { hostNames: [hostName(50)], address: '10.0.0.50' });
    const match = firstMatch(
      [simpleSet([srvValue({ port: 1, target: 50 })])],
      inventory([onHost]),
      MANAGE_ZONE,
    );
    expect(match).toMatchObject({ kind: 'no-task-on-host', location: { instanceId: 'i-1' } });
  });
});

describe('who is at the location', () => {
  const at1 = (over: Partial<Container>, reach: Partial<Endpoint> = {}) =>
    endpoint(container(1, over), reach);
  const UNNAMED = { serviceName: undefined };

  it.each<[string, RecordSet, Endpoint, object]>([
    [
      'the container, whose id is not reported yet',
      DEAD,
      at1({ id: undefined }),
      { kind: 'endpoint', isSuccessor: false },
    ],
    ['it is starting', DEAD, at1({ id: undefined, phase: 'starting' }), { kind: 'starting' }],
    ['it is stopping', DEAD, at1({ id: undefined, phase: 'stopping' }), { kind: 'stopping' }],
    ['a starting container of a simple set', SIMPLE, at1({ phase: 'starting' }), { kind: 'starting' }],
    ['a stopping container of a simple set', SIMPLE, at1({ phase: 'stopping' }), { kind: 'stopping' }],
    ['a stopped container is nobody', SIMPLE, at1({ phase: 'stopped' }), { kind: 'no-task-on-host' }],
    ['a starting container of another id', DEAD, at1({ phase: 'starting' }), { kind: 'no-task-on-host' }],
    ['a stopping container of another id', DEAD, at1({ phase: 'stopping' }), { kind: 'no-task-on-host' }],
    ['another service', DEAD, at1({}, TIME), { kind: 'replaced', by: 'other-service' }],
    [
      'another service, whose id is not reported yet',
      DEAD,
      at1({ id: undefined }, TIME),
      { by: 'other-service' },
    ],
    ['another service, simple set', SIMPLE, at1({}, TIME), { kind: 'replaced', by: 'other-service' }],
    [
      'a starting container of another service',
      SIMPLE,
      at1({ phase: 'starting', serviceNames: ['_time._tcp'] }, TIME),
      { kind: 'no-task-on-host' },
    ],
    [
      'a task definition not read',
      DEAD,
      at1({ serviceNames: 'unknown' }, UNNAMED),
      { by: 'unknown-service' },
    ],
    ['… simple set', SIMPLE, at1({ serviceNames: 'unknown' }, UNNAMED), { by: 'unknown-service' }],
    [
      'a port without service name: nothing says that it is not the dead container’s successor',
      DEAD,
      at1({}, UNNAMED),
      { by: 'unknown-service' },
    ],
    ['… simple set: it may well be the one meant', SIMPLE, at1({}, UNNAMED), { by: 'unknown-service' }],
  ])('%s', (_, set, there, expected) => {
    expect(firstMatch([set], inventory([there]), MANAGE_ZONE)).toMatchObject(expected);
  });
});

describe('several values in one set', () => {
  it('each leads its own way', () => {
    const second = endpoint(container(2, { host: host(2) }), { port: 1002 });
    const values = [srvValue(), srvValue({ port: 1002, target: 2 }), srvValue({ target: 3 }), 'not a value'];
    const matched = matchSets([simpleSet(values)], inventory([reached, second]), MANAGE_ZONE);
    expect(matched.map(({ match }) => match)).toMatchObject([
      { kind: 'endpoint', endpoint: reached },
      { kind: 'endpoint', endpoint: second },
      { kind: 'host-unknown', hostName: hostName(3) },
      { kind: 'malformed' },
    ]);
  });
});

describe('nobody is at the location', () => {
  const emptyHost = (state: 'present' | 'gone' | 'unknown') => inventory([], { hosts: [host(1, { state })] });

  it.each<[string, RecordSet, ReturnType<typeof emptyHost>, object]>([
    ['the host is there', DEAD, emptyHost('present'), { kind: 'no-task-on-host', location: host(1) }],
    [
      'EC2 cannot tell of the host',
      DEAD,
      emptyHost('unknown'),
      { kind: 'no-task-on-host', location: { state: 'unknown' } },
    ],
    ['the host is gone', DEAD, emptyHost('gone'), { kind: 'host-gone', location: { instanceId: 'i-1' } }],
    [
      'no cluster has the host',
      DEAD,
      inventory([]),
      { kind: 'host-unknown', hostName: hostName(1), containerId: dockerId(99) },
    ],
    ['… simple set', SIMPLE, inventory([]), { kind: 'host-unknown', containerId: undefined }],
  ])('%s', (_, set, known, expected) => {
    expect(firstMatch([set], known, MANAGE_ZONE)).toMatchObject(expected);
  });

  it.each<[string, RecordSet[], string]>([
    ['the target, where it lies outside the zone', [SIMPLE], hostName(1)],
    ['an address', [simpleSet([srvValue({ target: '10.0.0.9' })])], '10.0.0.9'],
    [
      'the identifier’s host, where the target is only its label',
      [agentSet({}, { ResourceRecords: [{ Value: srvValue({ target: 'ip-10-0-0-1' }) }] })],
      hostName(1),
    ],
    [
      'the identifier’s host, where the target is only a name of the zone',
      [agentSet({}, { ResourceRecords: [{ Value: srvValue({ target: `ip-10-0-0-1.${ZONE}` }) }] })],
      hostName(1),
    ],
    [
      'the host that the A set is identified by',
      [simpleSet([srvValue({ target: `ip-10-0-0-1.${ZONE}` })]), hostSet(1)],
      hostName(1),
    ],
    [
      'the label, where the target is no more than that',
      [simpleSet([srvValue({ target: 'ip-10-0-0-9' })])],
      'ip-10-0-0-9',
    ],
    [
      'the identifier’s label, where both are no more than that',
      [
        agentSet(
          {},
          {
            SetIdentifier: `ip-10-0-0-9:${dockerId(9)}`,
            ResourceRecords: [{ Value: srvValue({ target: 'ip-10-0-0-9' }) }],
          },
        ),
      ],
      'ip-10-0-0-9',
    ],
  ])('the unknown host is called by %s', (_, sets, expected) => {
    expect(firstMatch(sets, inventory([]), MANAGE_ZONE)).toMatchObject({
      kind: 'host-unknown',
      hostName: expected,
    });
  });
});

it('gives the matches in the order of the entries, foreign ones in their location', () => {
  const matched = matchSets([simpleSet([srvValue()]), agentSet()], fleet);
  expect(matched.map(({ match }) => match)).toMatchObject([
    { kind: 'foreign', reason: 'not-weighted' },
    { kind: 'endpoint', endpoint: reached },
  ]);
  expect(at(matched, 1).entry.value).toBe(`1 1 ${PORT} ${hostName(1)}`);
});

it.each(['', '1 1 80', `1 1 0 ${hostName(1)}`, '1 1 80 .'])('the value %j is malformed', (value) => {
  expect(firstMatch([agentSet({}, { ResourceRecords: [{ Value: value }] })], fleet)).toEqual({
    kind: 'malformed',
  });
});
