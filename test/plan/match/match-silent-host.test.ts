import { describe, expect, it } from 'vitest';
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
} from '../support.ts';

/** Containers whose host EC2 does not know and whose agent is away: only an answer tells whether it is there. */
describe('a host that EC2 does not know and whose agent is away', () => {
  const silent = host(1, { state: 'unreachable', privateDnsName: undefined, address: '10.0.0.1' });
  const lost = endpoint(container(1, { host: silent }));
  const known = inventory([lost]);
  const gone = { kind: 'host-gone', location: silent, clusters: [BLUE] };

  it.each<[string, RecordSet[], object]>([
    [
      'has a lastKnownEndpoint at the address that the zone gives it',
      [agentSet(), hostSet(1)],
      { ...gone, lastKnownEndpoint: { endpoint: lost, address: '10.0.0.1' } },
    ],
    [
      'has one without address where the zone gives none',
      [agentSet()],
      { ...gone, lastKnownEndpoint: { endpoint: lost, address: '10.0.0.1' } },
    ],
    [
      'has one without address where the zone gives several',
      [
        agentSet(),
        hostSet(1),
        hostSet(1, { SetIdentifier: 'ip-10-0-0-1', ResourceRecords: [{ Value: '10.9.9.9' }] }),
      ],
      { ...gone, lastKnownEndpoint: { endpoint: lost, address: '10.0.0.1' } },
    ],
  ])('%s', (_, sets, expected) => {
    expect(firstMatch(sets, known)).toEqual(expected);
  });

  it('has no lastKnownEndpoint at an address that somebody else has now', () => {
    const newcomer = container(2, { host: undefined, serviceNames: ['_time._tcp'] });
    const other = endpoint(newcomer, { serviceName: '_time._tcp', address: '10.0.0.1' });
    expect(firstMatch([agentSet(), hostSet(1)], inventory([lost, other]))).toEqual(gone);
  });

  it.each(['unreachable', 'gone'] as const)(
    'leaves its location to a new container of the service: %s',
    (state) => {
      const dead = endpoint(container(1, { host: host(1, { state }) }));
      const isSuccessor = endpoint(container(2));
      const match = firstMatch([agentSet()], inventory([dead, isSuccessor]));
      expect(match).toMatchObject({ kind: 'endpoint', isSuccessor: true, endpoint: isSuccessor });
    },
  );

  it.each(['unreachable', 'gone'] as const)('holds no port against an entry of another host: %s', (state) => {
    const listed = container(1, { host: host(7, { state }), serviceNames: ['_time._tcp'] });
    const phantom = endpoint(listed, {
      hostNames: [hostName(1)],
      address: '10.0.0.1',
      serviceName: '_time._tcp',
    });
    const world = inventory([phantom], { hosts: [host(1)] });
    expect(firstMatch([agentSet({ owner: 99 })], world)).toMatchObject({ kind: 'no-task-on-host' });
  });

  it('is known by its container alone', () => {
    const nowhere = container(1, { host: { ...silent, address: undefined } });
    const match = firstMatch([agentSet({ owner: 99 }), hostSet(1)], inventory([endpoint(nowhere)]));
    expect(match).toEqual({
      kind: 'host-unknown',
      hostName: hostName(1),
      containerId: dockerId(99),
      address: '10.0.0.1',
    });
  });

  it('has no lastKnownEndpoint once EC2 says that it is gone', () => {
    const ended = host(1, { state: 'gone' });
    const match = firstMatch([agentSet(), hostSet(1)], inventory([endpoint(container(1, { host: ended }))]));
    expect(match).toEqual({ kind: 'host-gone', location: ended, clusters: [BLUE] });
  });
});
