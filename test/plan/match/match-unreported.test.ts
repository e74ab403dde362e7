import { describe, expect, it } from 'vitest';
import type { Container } from '../../../src/model/inventory.ts';
import type { RecordSet } from '../../../src/model/record-set.ts';
import {
  agentSet,
  container,
  endpoint,
  firstMatch,
  host,
  inventory,
  MANAGE_ZONE,
  simpleSet,
  srvValue,
} from '../support.ts';

/** Entries that may be those of a container whose id, ports or services ECS does not tell yet. */
const SIMPLE = simpleSet([srvValue()]);
const DEAD = agentSet({ owner: 99 });

describe('a running container whose task definition could not be read', () => {
  const unread = container(1, {
    serviceNames: 'unknown',
    reachedAt: ['ip-10-0-9-9.ec2.internal', '10.0.9.9'],
  });
  const world = inventory([], { containers: [unread], hosts: [host(1)] });

  it.each<[string, RecordSet, string]>([
    ['is the container of a set that names it', agentSet(), 'port-not-exposed'],
    [
      '… with several values',
      agentSet({}, { ResourceRecords: [{ Value: srvValue() }, { Value: srvValue({ port: 7 }) }] }),
      'port-not-exposed',
    ],
    ['may be meant by a set that names none', SIMPLE, 'starting'],
    ['… at the name of its own interface', simpleSet(['1 1 32801 ip-10-0-9-9.ec2.internal']), 'starting'],
    ['… at its own address', simpleSet(['1 1 32801 10.0.9.9']), 'starting'],
    ['is not meant by a set that names another', DEAD, 'no-task-on-host'],
  ])('%s', (_, set, kind) => {
    expect(firstMatch([set], world, MANAGE_ZONE).kind).toBe(kind);
  });
});

describe('a container that has ended, at an address where a running one has an unread task definition', () => {
  const unread = (over: Partial<Container> = {}) =>
    container(1, { serviceNames: 'unknown', mayHaveOtherPorts: true, ...over });
  const judged = (over: Partial<Container>) => {
    const known = inventory([], {
      containers: [unread({ reachedAt: [host(1).privateDnsName ?? ''], ...over })],
      hosts: [host(1)],
    });
    return firstMatch([DEAD], known).kind;
  };

  it.each<[string, Partial<Container>, string]>([
    ['which may have its port', {}, 'ports-unread'],
    ['of which a registry alone was not read', { mayHaveOtherPorts: false }, 'no-task-on-host'],
    ['which is told to stop', { phase: 'stopping' }, 'no-task-on-host'],
    ['which has started, and was read', { serviceNames: [], mayHaveOtherPorts: false }, 'no-task-on-host'],
    ['which is reached elsewhere', { reachedAt: ['10.0.9.9'] }, 'no-task-on-host'],
  ])('%s', (_, over, kind) => {
    expect(judged(over)).toBe(kind);
  });
});

describe('a new container of the service, at the port of one that ECS still calls running', () => {
  const crashed = endpoint(container(1));
  const fresh = container(2, { id: undefined, phase: 'starting' });
  const world = inventory([crashed], { containers: [crashed.container, fresh] });

  it('may be the one that a newer entry names', () => {
    expect(firstMatch([agentSet({ owner: 2 })], world)).toMatchObject({ kind: 'starting', container: fresh });
  });
});

describe('a container that ECS has not fully reported', () => {
  const late = (over: Partial<Container> = {}) => container(5, { id: undefined, phase: 'starting', ...over });
  const onHosts = (starting: Container) =>
    inventory([], { containers: [starting], hosts: [host(1), host(2)] });

  it.each<[string, RecordSet, Container, string]>([
    ['on the entry’s host', DEAD, late(), 'starting'],
    ['on a host that ECS has not said', DEAD, late({ host: undefined }), 'starting'],
    ['on another host', DEAD, late({ host: host(2) }), 'no-task-on-host'],
    ['of another service', DEAD, late({ serviceNames: ['_time._tcp'] }), 'no-task-on-host'],
    ['of several services', DEAD, late({ serviceNames: ['_time._tcp', '_calc._tcp'] }), 'starting'],
    ['with an id that is not the entry’s', DEAD, late({ id: 'f'.repeat(64) }), 'no-task-on-host'],
    ['with an id, while the entry names none', SIMPLE, late({ id: 'f'.repeat(64) }), 'starting'],
    ['of services that cannot be known', DEAD, late({ serviceNames: 'unknown' }), 'starting'],
    ['… on another host', DEAD, late({ serviceNames: 'unknown', host: host(2) }), 'no-task-on-host'],
    [
      '… with an id that is not the entry’s',
      DEAD,
      late({ serviceNames: 'unknown', id: 'f'.repeat(64) }),
      'no-task-on-host',
    ],
    ['of no service', DEAD, late({ serviceNames: [] }), 'no-task-on-host'],
    ['running, without id and ports', DEAD, late({ phase: 'running' }), 'starting'],
    ['… simple set', SIMPLE, late({ phase: 'running' }), 'starting'],
    [
      '… of services that cannot be known',
      DEAD,
      late({ phase: 'running', serviceNames: 'unknown' }),
      'starting',
    ],
    ['… on another host', DEAD, late({ phase: 'running', host: host(2) }), 'no-task-on-host'],
    [
      '… of another service',
      DEAD,
      late({ phase: 'running', serviceNames: ['_time._tcp'] }),
      'no-task-on-host',
    ],
    ['running, with its id', SIMPLE, late({ phase: 'running', id: 'f'.repeat(64) }), 'no-task-on-host'],
    ['stopping, without id and ports', DEAD, late({ phase: 'stopping' }), 'no-task-on-host'],
    ['stopped, without id and ports', DEAD, late({ phase: 'stopped' }), 'no-task-on-host'],
  ])('%s', (_, set, starting, kind) => {
    expect(firstMatch([set], onHosts(starting), MANAGE_ZONE).kind).toBe(kind);
  });

  it('is reported once one of its ports is, though its id is not', () => {
    const elsewhere = endpoint(late({ phase: 'running' }), { port: 9 });
    expect(firstMatch([SIMPLE], inventory([elsewhere]), MANAGE_ZONE).kind).toBe('no-task-on-host');
  });

  it('may be on a host that no cluster has registered yet', () => {
    const known = inventory([], { containers: [late({ host: undefined })] });
    expect(firstMatch([DEAD], known).kind).toBe('starting');
  });
});
