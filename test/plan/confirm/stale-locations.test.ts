import { describe, expect, it } from 'vitest';
import type { Host } from '../../../src/model/inventory.ts';
import type { RecordSet } from '../../../src/model/record-set.ts';
import { namesRelied, staleLocations } from '../../../src/plan/confirm/stale-locations.ts';
import type { Match } from '../../../src/plan/match/match-kinds.ts';
import { BLUE, GREEN } from '../../clusters.ts';
import { hostUnknown, on, replacedOn, STOPPING, stale } from '../confirmations.ts';
import {
  agentSet,
  container,
  FAILING,
  host,
  hostName,
  hostSet,
  inventory,
  judged,
  leadsTo,
  simpleSet,
  srvValue,
} from '../support.ts';

const NAME = hostName(1);
const SECOND = host(2);
const ZONE_TARGET = 'ip-10-0-0-1.discovery.internal';

interface Case {
  readonly what: string;
  readonly match: Match;
  readonly set?: RecordSet;
  readonly hosts?: readonly Host[];
  /** The instances of the hosts, and the names. */
  readonly locations: readonly [readonly string[], readonly string[]];
}

function check(cases: readonly Case[]): void {
  it.each(cases)('$what', ({ match, set, hosts = [host(1), host(2)], locations }) => {
    const found = staleLocations(inventory([], { hosts }))(stale(match, set));
    expect([found.hosts.map(({ instanceId }) => instanceId), found.names]).toEqual(locations);
  });
}

const NOWHERE = { privateDnsName: undefined, address: undefined };

describe('the hosts on which nothing of an entry may run', () => {
  check([
    { what: 'the host that it leads to', match: on(1), locations: [['i-1'], []] },
    { what: 'a host that EC2 calls gone', match: on(1, 'gone', 'host-gone'), locations: [['i-1'], []] },
    {
      what: 'all hosts of one private DNS name',
      match: on(1),
      hosts: [host(1), host(2), host(3, { privateDnsName: NAME })],
      locations: [['i-1', 'i-3'], []],
    },
    {
      what: 'no other host without a name',
      match: on(1, 'unreachable', 'host-gone'),
      hosts: [host(1, { privateDnsName: undefined }), host(2, { privateDnsName: undefined })],
      locations: [['i-1'], [NAME]],
    },
    {
      what: 'one instance in the cluster that the entry leads to, not in another one',
      match: on(1),
      hosts: [host(1, NOWHERE), host(1, { cluster: GREEN, ...NOWHERE })],
      locations: [['i-1'], []],
    },
    {
      what: 'and all hosts of its address: AWS gives each the name that is made of it',
      match: on(1),
      hosts: [host(1, { privateDnsName: 'i-1.ec2.internal' }), host(5, { secondaryAddresses: ['10.0.0.1'] })],
      locations: [['i-1', 'i-5'], []],
    },
    {
      what: 'the host of the new container on its port',
      match: replacedOn(SECOND),
      hosts: [host(1), SECOND],
      locations: [['i-2'], []],
    },
    {
      what: 'and all hosts of that one’s name',
      match: replacedOn(SECOND),
      hosts: [host(1, { privateDnsName: hostName(2) }), SECOND],
      locations: [['i-2', 'i-1'], []],
    },
    {
      what: 'none, where the new container has an interface of its own',
      match: replacedOn(undefined),
      locations: [[], []],
    },
    { what: 'none, where it is seen stopping', match: STOPPING, locations: [[], []] },
    { what: 'none, where nobody has registered it', match: hostUnknown('db'), locations: [[], ['db']] },
    {
      what: 'none, where the location is the network interface of a task',
      match: {
        kind: 'no-task-on-host',
        location: { cluster: BLUE, state: 'present', instanceId: undefined },
        clusters: [BLUE],
      },
      locations: [[], []],
    },
  ]);
});

describe('the names under which EC2 may know nothing else', () => {
  const silent = on(1, 'unreachable', 'host-gone');
  const hosts = [host(1, { state: 'unreachable', privateDnsName: undefined })];
  const named = (what: string, set: RecordSet, names: readonly string[]): Case => ({
    what,
    match: silent,
    set,
    hosts,
    locations: [['i-1'], names],
  });
  check([
    named('its target and the host of its identifier, once', agentSet(), [NAME]),
    named('both where they differ', agentSet({ target: ZONE_TARGET }), [ZONE_TARGET, NAME]),
    named('the target alone without an identifier', simpleSet([srvValue()]), [NAME]),
    named('the target alone of an identifier of another form', agentSet({}, { SetIdentifier: 'primary' }), [
      NAME,
    ]),
    named('the identifier of an A entry', hostSet(1), [NAME]),
    named(
      'the identifier alone where the value cannot be read',
      agentSet({}, { ResourceRecords: [{ Value: 'x' }] }),
      [NAME],
    ),
  ]);
});

describe('an entry whose verdict does not rest on deregistration has no locations', () => {
  const own = container(1);
  const PLACE = { cluster: BLUE, state: 'present', instanceId: 'i-1' } as const;
  it.each<[string, Match]>([
    ['foreign', { kind: 'foreign', reason: 'apex' }],
    ['malformed', { kind: 'malformed' }],
    ['unresolved', { kind: 'unresolved' }],
    ['endpoint', leadsTo()],
    ['starting', { kind: 'starting', container: own }],
    ['port-not-exposed', { kind: 'port-not-exposed', container: own }],
    ['addressed', { kind: 'addressed', container: own }],
    ['cluster-unknown', { kind: 'cluster-unknown', cluster: 'x' }],
    ['address-out-of-scope', { kind: 'address-out-of-scope', address: '10.0.0.1' }],
    ['host-present', { kind: 'host-present', location: PLACE, clusters: [BLUE] }],
  ])('%s', (_, match) => {
    const locations = staleLocations(inventory([], { hosts: [host(1)] }));
    expect(locations(judged(FAILING, agentSet(), match))).toEqual({
      hosts: [],
      names: [],
      tasks: [],
      addresses: [],
    });
  });
});

describe('the names on which alone an entry that fails was matched', () => {
  it.each<[string, Match, RecordSet, readonly string[]]>([
    ['are those of its host, where its set names no container', leadsTo(), simpleSet([srvValue()]), [NAME]],
    ['… or ECS has not said the container’s id', leadsTo({ id: undefined }), agentSet(), [NAME]],
    ['are none, where its set names the container', leadsTo(), agentSet(), []],
    ['… where the task has an address of its own', leadsTo({ host: undefined }), simpleSet([srvValue()]), []],
    ['… where it is an address', leadsTo(), hostSet(1), []],
    ['… where it leads to no container', on(1), simpleSet([srvValue()]), []],
  ])('%s', (_, match, set, expected) => {
    expect(namesRelied(judged(FAILING, set, match))).toEqual(expected);
  });
});
