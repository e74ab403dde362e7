import { describe, expect, it } from 'vitest';
import {
  agentSet,
  container,
  dockerId,
  endpoint,
  firstMatch,
  host,
  hostName,
  inventory,
  srvValue,
  ZONE,
} from '../support.ts';

/** When a set identifier speaks of the host that the value points at, and so of its container. */
const reached = endpoint(container(1));
const fleet = inventory([reached]);
const led = { kind: 'endpoint', endpoint: reached, address: '10.0.0.1', isSuccessor: false };

describe('the host of the identifier and the target', () => {
  const elsewhere = 'ip-10-0-0-1.us-west-2.compute.internal';
  const written = (owner: string, target: string) =>
    agentSet(
      {},
      { SetIdentifier: `${owner}:${dockerId(1)}`, ResourceRecords: [{ Value: srvValue({ target }) }] },
    );

  it.each<[string, string, string, object]>([
    ['are one by their full name', hostName(1), hostName(1), led],
    ['are one by the label of the target', hostName(1), 'ip-10-0-0-1', led],
    ['are one by the label of the identifier', 'ip-10-0-0-1', hostName(1), led],
    ['are one by the host’s name in the zone', hostName(1), `ip-10-0-0-1.${ZONE}`, led],
    ['are one by two bare labels', 'ip-10-0-0-1', 'ip-10-0-0-1', led],
    ['are one by an address', '10.0.0.1', '10.0.0.1', led],
    [
      'are two hosts in two regions',
      hostName(1),
      elsewhere,
      { kind: 'host-unknown', hostName: elsewhere, containerId: undefined, address: '10.0.0.1' },
    ],
    [
      'are two hosts where the target lies deeper in the zone',
      hostName(1),
      `ip-10-0-0-1.east.${ZONE}`,
      { kind: 'unresolved' },
    ],
    [
      'are two addresses that begin alike',
      '10.0.0.1',
      '10.9.9.9',
      { kind: 'host-unknown', hostName: '10.9.9.9', containerId: undefined, address: '10.9.9.9' },
    ],
    [
      'are no host by the first number of an address',
      '10',
      '10.9.9.9',
      { kind: 'host-unknown', hostName: '10.9.9.9', containerId: undefined, address: '10.9.9.9' },
    ],
    [
      'are no address by its first number',
      '10.0.0.1',
      '10',
      { kind: 'host-unknown', hostName: '10', containerId: undefined, address: undefined },
    ],
    [
      'are two hosts by two labels',
      'ip-10-0-0-1',
      'ip-10-0-0-9',
      { kind: 'host-unknown', hostName: 'ip-10-0-0-9', containerId: undefined, address: '10.0.0.9' },
    ],
  ])('%s', (_, owner, target, expected) => {
    expect(firstMatch([written(owner, target)], fleet)).toEqual(expected);
  });
});

it('an identifier of another host than the target’s names no container', () => {
  const set = agentSet({}, { SetIdentifier: `${hostName(2)}:${dockerId(1)}` });
  const moved = container(1, { host: host(2) });
  const known = inventory([endpoint(moved)], { hosts: [host(1), host(2)] });
  expect(firstMatch([set], known)).toMatchObject({
    kind: 'no-task-on-host',
    location: { instanceId: 'i-1' },
  });
});

describe('several values in one identified set', () => {
  const values = (...items: string[]) => ({ ResourceRecords: items.map((Value) => ({ Value })) });

  it('a value that its running container does not bind stays, as one that is alone does', () => {
    const set = agentSet({}, values(srvValue({ port: 9 }), srvValue()));
    expect(firstMatch([set], fleet)).toMatchObject({
      kind: 'port-not-exposed',
      container: { id: dockerId(1) },
    });
  });

  it('of a container that is gone, each value is looked at by its location', () => {
    const set = agentSet({ owner: 9 }, values(srvValue({ port: 9 }), srvValue()));
    expect(firstMatch([set], fleet)).toMatchObject({
      kind: 'no-task-on-host',
      location: { instanceId: 'i-1' },
    });
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
