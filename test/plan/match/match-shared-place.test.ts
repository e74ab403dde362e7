import { describe, expect, it } from 'vitest';
import type { Endpoint, Host } from '../../../src/model/inventory.ts';
import type { RecordSet } from '../../../src/model/record-set.ts';
import { BLUE, BLUE_ELSEWHERE, GREEN } from '../../clusters.ts';
import {
  agentSet,
  container,
  endpoint,
  firstMatch,
  host,
  hostSet,
  inventory,
  MANAGE_ZONE,
  simpleSet,
  srvValue,
} from '../support.ts';

/** Names, addresses and ports that several hosts or containers share. */
const SIMPLE = simpleSet([srvValue()]);
const TIME = { serviceName: '_time._tcp' };
const DEAD = agentSet({ owner: 99 });

describe('a running and a stopping container of the service at one location', () => {
  const running = endpoint(container(1));
  const stopping = endpoint(container(2, { phase: 'stopping' }));
  const starting = endpoint(container(3, { phase: 'starting' }));

  it.each<[string, Endpoint[]]>([
    ['the stopping one first', [stopping, running]],
    ['the running one first', [running, stopping]],
    ['with a starting one', [starting, stopping, running]],
  ])('the running one is meant: %s', (_, endpoints) => {
    expect(firstMatch([SIMPLE], inventory(endpoints), MANAGE_ZONE)).toMatchObject({
      kind: 'endpoint',
      endpoint: running,
    });
  });

  it('also where its id is not reported yet', () => {
    const late = endpoint(container(1, { id: undefined }));
    const gone = endpoint(container(2, { id: undefined, phase: 'stopping' }));
    expect(firstMatch([DEAD], inventory([gone, late]))).toMatchObject({ kind: 'endpoint', endpoint: late });
  });

  it('but not a running one of another service', () => {
    const other = endpoint(container(1, { serviceNames: ['_time._tcp'] }), TIME);
    for (const endpoints of [
      [stopping, other],
      [other, stopping],
    ]) {
      expect(firstMatch([SIMPLE], inventory(endpoints), MANAGE_ZONE)).toMatchObject({ kind: 'stopping' });
    }
  });

  it('one that is starting is its competing: ECS does not know yet which of them has ended', () => {
    expect(firstMatch([SIMPLE], inventory([running, starting]), MANAGE_ZONE)).toMatchObject({
      kind: 'endpoint',
      endpoint: running,
      competing: starting.container,
    });
    expect(firstMatch([SIMPLE], inventory([running, stopping]), MANAGE_ZONE)).not.toHaveProperty('competing');
  });
});

describe('hosts that share a name', () => {
  const west = host(1);
  const east = host(1, { instanceId: 'i-east', cluster: GREEN });
  const gone = host(1, { instanceId: 'i-old', cluster: GREEN, state: 'gone' });
  const silent = host(1, { instanceId: 'i-lost', cluster: GREEN, state: 'unreachable' });
  const BOTH = [BLUE, GREEN];
  const empty = (...hosts: readonly Host[]) => inventory([], { hosts });

  it.each<[string, RecordSet, readonly Host[], object]>([
    [
      'an SRV entry, the one that is gone first',
      DEAD,
      [gone, west],
      { kind: 'no-task-on-host', location: west, clusters: BOTH },
    ],
    ['… last', DEAD, [west, gone], { kind: 'no-task-on-host', location: west, clusters: BOTH }],
    [
      '… by its label',
      simpleSet([srvValue({ target: 'ip-10-0-0-1' })]),
      [gone, west],
      { location: west, clusters: BOTH },
    ],
    [
      '… by its address',
      simpleSet([srvValue({ target: '10.0.0.1' })]),
      [gone, west],
      { location: west, clusters: BOTH },
    ],
    [
      '… beside one that is silent',
      DEAD,
      [silent, west],
      { kind: 'no-task-on-host', location: west, clusters: BOTH },
    ],
    [
      '… both are gone',
      DEAD,
      [gone, host(1, { state: 'gone' })],
      { kind: 'host-gone', location: gone, clusters: BOTH },
    ],
    ['… both are there', DEAD, [east, west], { kind: 'no-task-on-host', location: east, clusters: BOTH }],
    [
      '… of two clusters of one name',
      DEAD,
      [host(1, { cluster: BLUE_ELSEWHERE }), west],
      { clusters: [BLUE, BLUE_ELSEWHERE] },
    ],
    ['… both of one cluster', DEAD, [host(1, { state: 'gone' }), west], { location: west, clusters: [BLUE] }],
    [
      'an A entry, the one that is gone first',
      hostSet(1),
      [gone, west],
      { kind: 'host-present', location: west, clusters: BOTH },
    ],
    ['… last', hostSet(1), [west, gone], { kind: 'host-present', location: west, clusters: BOTH }],
    [
      '… both are gone',
      hostSet(1),
      [gone, host(1, { state: 'gone' })],
      { kind: 'host-gone', clusters: BOTH },
    ],
  ])('the one that is there counts, and the clusters of all: %s', (_, set, hosts, expected) => {
    expect(firstMatch([set], empty(...hosts), MANAGE_ZONE)).toMatchObject(expected);
  });

  it('whoever took the port counts with the clusters of all', () => {
    const time = endpoint(container(2, { host: west, serviceNames: ['_time._tcp'] }), TIME);
    const taken = firstMatch([DEAD], inventory([time], { hosts: [west, east] }));
    expect(taken).toMatchObject({ kind: 'replaced', by: 'other-service', clusters: BOTH });
    const alone = firstMatch([DEAD], inventory([time], { hosts: [west] }));
    expect(alone).toMatchObject({ kind: 'replaced', clusters: [BLUE] });
  });

  it('so do all who hold the port, whatever hosts are listed', () => {
    const time = endpoint(container(2, { host: west, serviceNames: ['_time._tcp'] }), TIME);
    const calc = endpoint(container(3, { host: east, cluster: GREEN }));
    const other = endpoint(container(4), { serviceName: '_web._tcp' });
    const known = inventory([time, calc, other], { hosts: [west] });
    expect(firstMatch([agentSet({ service: '_x._tcp', owner: 99 })], known)).toMatchObject({
      clusters: BOTH,
    });
  });
});

it('finds the service in either of two VPCs that have a host of one private DNS name', () => {
  const west = host(1);
  const east = host(1, { instanceId: 'i-east', cluster: GREEN });
  const time = endpoint(container(1, { host: west, serviceNames: ['_time._tcp'] }), TIME);
  const calc = endpoint(container(2, { host: east, cluster: GREEN }));
  for (const endpoints of [
    [time, calc],
    [calc, time],
  ]) {
    const known = inventory(endpoints, { hosts: [west, east] });
    expect(firstMatch([SIMPLE], known, MANAGE_ZONE)).toMatchObject({ kind: 'endpoint', endpoint: calc });
    expect(firstMatch([agentSet({ owner: 1 })], known)).toMatchObject({ kind: 'endpoint', endpoint: time });
    expect(firstMatch([DEAD], known)).toMatchObject({ kind: 'endpoint', endpoint: calc, isSuccessor: true });
  }
});

describe('containers on hosts that share a name', () => {
  const gone = host(1, { instanceId: 'i-old', cluster: GREEN, state: 'gone' });
  const left = endpoint(container(1, { host: gone }));
  const here = endpoint(container(2));

  it.each<[string, Endpoint[]]>([
    ['listed last', [left, here]],
    ['listed first', [here, left]],
  ])('the one on the host that is there is meant, %s', (_, endpoints) => {
    expect(firstMatch([SIMPLE], inventory(endpoints), MANAGE_ZONE)).toMatchObject({
      kind: 'endpoint',
      endpoint: here,
    });
  });

  it('one that is not fully reported may be on any of them', () => {
    const second = host(1, { instanceId: 'i-second', cluster: GREEN });
    const late = container(3, { id: undefined, host: second, phase: 'starting' });
    const world = inventory([], { hosts: [host(1), second], containers: [late] });
    expect(firstMatch([DEAD], world)).toMatchObject({ kind: 'starting', container: late });
  });
});
