import { describe, expect, it } from 'vitest';
import { entriesOf } from '../../../src/model/entry.ts';
import type {
  Host,
  NetworkCoverage,
  SightedInstance,
  UnknownHost,
  UnknownHostLookup,
} from '../../../src/model/inventory.ts';
import {
  dependsOnCoverage,
  hostsToCover,
  namesakeRule,
  type Outside,
  outsideOf,
  ownRule,
  seenHosts,
} from '../../../src/plan/judge/host-coverage.ts';
import type { Match } from '../../../src/plan/match/match-kinds.ts';
import {
  agentSet,
  at,
  container,
  dockerId,
  endpoint,
  host,
  hostName,
  hostSet,
  inventory,
  vacant,
} from '../support.ts';

const NAME = hostName(9);
const HOST: UnknownHost = { hostName: NAME, address: '10.0.0.9' };
const ENTRY = at(entriesOf([agentSet({ owner: 9 })]), 0);

/** What is said of an entry of an unknown host. */
function ofHost(outside: Outside, one: UnknownHost): string | undefined {
  return outside({ kind: 'host-unknown', containerId: undefined, ...one }, ENTRY);
}

function inVpcs(...vpcs: readonly (string | undefined)[]): readonly Host[] {
  return vpcs.map((vpcId, i) => host(i + 1, { vpcId }));
}

/** EC2 has the name, on instances of these VPCs. */
function exists(...vpcs: readonly (string | undefined)[]): UnknownHostLookup {
  const sighted: SightedInstance[] = vpcs.map((vpcId, i) => ({ instanceId: `i-${90 + i}`, vpcId }));
  return { existing: new Set([NAME]), instances: new Map([[NAME, sighted]]), incomplete: [] };
}

const NOT_THERE: UnknownHostLookup = { existing: new Set(), instances: new Map(), incomplete: [] };
const INTERFACE: UnknownHostLookup = { ...NOT_THERE, existing: new Set([NAME]) };

describe('a host that EC2 has', () => {
  const elsewhere = `${NAME} is in vpc-2, in which no cluster that was read has a host`;
  it.each<[string, readonly Host[], UnknownHostLookup, string | undefined]>([
    ['in the VPC of a registered host', inVpcs('vpc-1'), exists('vpc-1'), undefined],
    ['in one of several VPCs', inVpcs('vpc-1', 'vpc-2'), exists('vpc-2'), undefined],
    ['in another VPC', inVpcs('vpc-1'), exists('vpc-2'), elsewhere],
    ['twice, in two other VPCs', inVpcs('vpc-1'), exists('vpc-2', 'vpc-3'), elsewhere],
    ['twice, once in a VPC that is covered', inVpcs('vpc-1'), exists('vpc-2', 'vpc-1'), undefined],
    ['in a VPC that EC2 did not name', inVpcs('vpc-1'), exists(undefined), undefined],
    ['in some VPC, where those of the hosts are not known', inVpcs(undefined), exists('vpc-2'), undefined],
    ['in some VPC, where there are no hosts', [], exists('vpc-2'), undefined],
    ['as a network interface alone', inVpcs('vpc-1'), INTERFACE, undefined],
  ])('%s', (_, hosts, unknownHosts, expected) => {
    expect(ofHost(outsideOf(inventory([], { hosts }), unknownHosts), HOST)).toBe(expected);
  });

  it('counts as there whatever its name says of its region', () => {
    const name = 'ip-10-0-0-9.us-west-2.compute.internal';
    const unknownHosts = { ...NOT_THERE, existing: new Set([name]) };
    expect(ofHost(outsideOf(inventory([]), unknownHosts), { ...HOST, hostName: name })).toBeUndefined();
  });
});

const COVERED: NetworkCoverage = {
  gap: undefined,
  outOfSight: [],
  unread: undefined,
  interfaces: new Map([
    ['10.0.0.9', []],
    ['10.0.0.8', ['eni-8']],
  ]),
  incomplete: [],
};
const PUBLIC: NetworkCoverage = { ...COVERED, gap: 'the zone is public', interfaces: new Map() };
const SHARED: NetworkCoverage = {
  ...PUBLIC,
  outOfSight: [{ id: 'vpc-9', region: 'eu-west-1', of: 'account 9' }],
};
const ABROAD: NetworkCoverage = {
  ...COVERED,
  gap: 'of us-west-2',
  outOfSight: [{ id: 'vpc-8', region: 'us-west-2', of: 'us-west-2' }],
};
const CONTAINER = new Set([dockerId(9).slice(0, 12)]);
const NAMESAKE_IN_VPC =
  'the zone is answered in vpc-9 of account 9, too, where another may have its name or address,';
const INSTANCE = 'i-0123456789abcdef0.eu-west-1.compute.internal';
const WEST = 'ip-10-0-0-9.us-west-2.compute.internal';

describe('a host that EC2 does not have', () => {
  it.each<[string, Partial<UnknownHost>, Partial<UnknownHostLookup>, string | undefined]>([
    ['that is described as terminated', {}, { terminated: new Set([NAME]) }, undefined],
    ['that an earlier run has seen', {}, { seen: new Set([NAME]) }, undefined],
    ['… in a network that is seen whole', {}, { seen: new Set([NAME]), coverage: COVERED }, undefined],
    ['… in a zone that says nothing of networks', {}, { seen: new Set([NAME]), coverage: PUBLIC }, undefined],
    [
      '… whose address has an interface by now',
      { address: '10.0.0.8' },
      { seen: new Set([NAME]), coverage: COVERED },
      `EC2 has eni-8 at 10.0.0.8, the address of ${NAME}`,
    ],
    [
      '… whose name may be that of another account’s host by now',
      {},
      { seen: new Set([NAME]), coverage: SHARED },
      `${NAMESAKE_IN_VPC} and no run has seen its container`,
    ],
    [
      '… the same of one that is described as terminated',
      {},
      { terminated: new Set([NAME]), coverage: SHARED },
      `${NAMESAKE_IN_VPC} and no run has seen its container`,
    ],
    [
      '… while it cannot be read whose networks there are',
      {},
      { seen: new Set([NAME]), coverage: { ...PUBLIC, unread: 'route53:GetHostedZone Throttling' } },
      'it may be out of sight: route53:GetHostedZone Throttling',
    ],
    [
      '… named in this region, where only others are out of sight',
      {},
      { seen: new Set([NAME]), coverage: ABROAD },
      undefined,
    ],
    [
      '… named after an instance, whose id is never given twice',
      { hostName: INSTANCE },
      { seen: new Set([INSTANCE]), coverage: SHARED },
      undefined,
    ],
    [
      '… and its container, too',
      {},
      { seen: new Set([NAME]), containers: CONTAINER, coverage: SHARED },
      undefined,
    ],
    [
      'named in another region',
      { hostName: WEST },
      { coverage: COVERED },
      `${WEST} is not a private DNS name of eu-west-1`,
    ],
    [
      'without an address',
      { address: undefined },
      { coverage: COVERED },
      `${NAME} does not tell its address, nor does the zone: an A set of the host would`,
    ],
    [
      'of which nothing was asked',
      {},
      {},
      `Route 53 and EC2 were not asked in which network ${NAME} would be`,
    ],
    [
      'where a network is out of sight',
      {},
      { coverage: { ...COVERED, gap: 'of vpc-2' } },
      `${NAME} may be out of sight: of vpc-2`,
    ],
    [
      'in no VPC of the zone',
      { address: '10.9.9.9' },
      { coverage: COVERED },
      `${NAME} is at 10.9.9.9, which is in no VPC of the zone`,
    ],
    [
      'at an address that an interface has',
      { address: '10.0.0.8' },
      { coverage: COVERED },
      `EC2 has eni-8 at 10.0.0.8, the address of ${NAME}`,
    ],
    [
      'whose container alone was seen, where a network is out of sight',
      {},
      { containers: CONTAINER, coverage: SHARED },
      `${NAME} may be out of sight: the zone is public`,
    ],
    ['in a network that is seen whole', {}, { coverage: COVERED }, undefined],
    ['under a name of its own there', { hostName: 'node1.corp.test' }, { coverage: COVERED }, undefined],
  ])('%s', (_, of, lookup, expected) => {
    expect(ofHost(outsideOf(inventory([]), { ...NOT_THERE, ...lookup }), { ...HOST, ...of })).toBe(expected);
  });

  it('is named by EC2 in us-east-1 in a way of its own', () => {
    const virginian = { ...HOST, hostName: 'ip-10-0-0-9.ec2.internal' };
    const lookup = { ...NOT_THERE, coverage: COVERED };
    expect(ofHost(outsideOf(inventory([], { region: 'us-east-1' }), lookup), virginian)).toBeUndefined();
    expect(ofHost(outsideOf(inventory([]), lookup), virginian)).toContain('is not a private DNS name');
  });
});

/** The host of the name, or what has its place, is in vpc-1. */
const KNOWN = container(1, { host: host(1, { vpcId: 'vpc-1' }) });
const LOCATION = { ...vacant(), location: host(1, { vpcId: 'vpc-1' }) } as Match;
const REPLACED = { kind: 'replaced', endpoint: endpoint(KNOWN), address: '10.0.0.1', clusters: [] } as const;
const GONE: Match = { kind: 'host-gone', location: host(1, { state: 'gone', vpcId: 'vpc-9' }), clusters: [] };
const TASK = { cluster: KNOWN.cluster, taskId: '1' };
const ADDRESS = '10.0.0.9';

describe('what only a name or an address leads to', () => {
  it.each<[string, Match, NetworkCoverage | undefined, boolean]>([
    ['a known host, where all networks are in sight', LOCATION, COVERED, false],
    ['… where one of another account is not', LOCATION, SHARED, true],
    [
      '… where the host is in that very one',
      { ...LOCATION, location: host(1, { vpcId: 'vpc-9' }) } as Match,
      SHARED,
      false,
    ],
    ['… where one of another region is not', LOCATION, ABROAD, false],
    ['… where nothing was asked', LOCATION, undefined, false],
    ['… where the role may not ask', LOCATION, PUBLIC, false],
    ['… where it could not be read', LOCATION, { ...PUBLIC, unread: 'a timeout' }, true],
    ['… or the task of which its target is the name', { ...LOCATION, task: TASK } as Match, SHARED, false],
    ['a host that is gone', GONE, SHARED, true],
    ['the port of another service', { ...REPLACED, by: 'other-service' }, SHARED, true],
    [
      'the port of its successor, on a task of its own',
      { ...REPLACED, by: 'same-service', endpoint: endpoint(container(2, { host: undefined })) },
      SHARED,
      true,
    ],
    ['the port of what may be its', { ...REPLACED, by: 'unknown-service' }, SHARED, false],
    ['an address that nothing has', { kind: 'address-unassigned', address: ADDRESS }, SHARED, true],
    [
      'an address that another has',
      { kind: 'address-reassigned', by: 'other-name', container: KNOWN, address: ADDRESS },
      SHARED,
      true,
    ],
    [
      'an address that what may be its has',
      { kind: 'address-reassigned', by: 'unknown-name', container: KNOWN, address: ADDRESS },
      SHARED,
      false,
    ],
    ['a running container', { kind: 'stopping', container: KNOWN }, SHARED, false],
  ])('%s', (_, match, coverage, isOutside) => {
    const outside = outsideOf(inventory([]), { ...NOT_THERE, coverage });
    expect(outside(match, ENTRY) !== undefined).toBe(isOutside);
  });

  it.each<[string, ReturnType<typeof agentSet>, boolean]>([
    ['a target of this region', agentSet({ owner: 9 }), false],
    [
      'a bare label, with a set identifier of this region',
      agentSet({ owner: 9, target: 'ip-10-0-0-1' }),
      false,
    ],
    ['a name of the zone', agentSet({ owner: 9, target: 'db' }, { SetIdentifier: 'db' }), true],
    ['the A set of a host of this region', hostSet(1), false],
    [
      'the A set of a host that calls itself otherwise',
      hostSet(1, { SetIdentifier: 'node1.corp.test' }),
      true,
    ],
    [
      'a value that is none',
      agentSet({}, { ResourceRecords: [{ Value: 'nothing' }], SetIdentifier: 'x' }),
      true,
    ],
  ])('is of this region by %s', (_, set, isOutside) => {
    const outside = outsideOf(inventory([]), { ...NOT_THERE, coverage: ABROAD });
    expect(outside(GONE, at(entriesOf([set]), 0)) !== undefined).toBe(isOutside);
  });

  it('is known to be ours by the container of its set identifier, in whatever form', () => {
    const onGone = container(5, { host: { ...host(1), state: 'gone' } });
    const known = [container(1), container(3, { id: undefined }), container(4, { phase: 'stopped' }), onGone];
    const seen = new Set([1, 2].map((n) => dockerId(n).slice(0, 12)));
    const isOwn = ownRule(inventory([], { containers: known }), seen);
    const own = (owner: number | string) => isOwn(at(entriesOf([agentSet({ owner })]), 0));
    expect([own(4), own(dockerId(4).slice(0, 12)), own(2), own(5)]).toEqual([true, true, true, true]);
    expect(own(3)).toBe(false);
    expect(own(1)).toBe(false);
    expect(isOwn(at(entriesOf([hostSet(1)]), 0))).toBe(false);
  });

  it('is asked after where it would go, and is not known to be ours', () => {
    const [yes, no] = [() => true, () => false];
    const [ALL, SCOPE] = [inventory([]), inventory([], { coverage: 'scope' })];
    expect(dependsOnCoverage({ entry: ENTRY, match: LOCATION }, SCOPE, no)).toBe(false);
    expect(dependsOnCoverage({ entry: ENTRY, match: GONE }, SCOPE, no)).toBe(true);
    expect(dependsOnCoverage({ entry: ENTRY, match: LOCATION }, ALL, no)).toBe(true);
    expect(dependsOnCoverage({ entry: ENTRY, match: LOCATION }, ALL, yes)).toBe(false);
    expect(dependsOnCoverage({ entry: ENTRY, match: { kind: 'stopping', container: KNOWN } }, ALL, no)).toBe(
      false,
    );
  });
});

describe('the networks of a zone', () => {
  it('are asked for hosts that are not there, unless all is said by the region', () => {
    const named = (name: string) => ({ hostName: name, address: '10.0.0.9' });
    const inDoubt = named('doubtful');
    const hosts = [
      inDoubt,
      named('there'),
      named('ended'),
      named('seen'),
      named(WEST),
      { ...HOST, address: undefined },
    ];
    const lookup = {
      ...NOT_THERE,
      existing: new Set(['there']),
      terminated: new Set(['ended']),
      seen: new Set(['seen']),
    };
    expect(hostsToCover(hosts, { region: 'eu-west-1' }, lookup)).toEqual([
      inDoubt,
      named('ended'),
      named('seen'),
    ]);
  });
});

describe('a host of an earlier run', () => {
  const known = new Map([
    [NAME, 1],
    ['10.0.0.9', 1],
  ]);
  it.each([
    ['is known by its name', HOST, [NAME]],
    ['is known by its address under a name of its own', { ...HOST, hostName: 'node1' }, ['node1']],
    ['is not, where EC2 gave the name to another', { ...HOST, hostName: WEST }, []],
    ['is not without an address', { hostName: 'node1', address: undefined }, []],
  ])('%s', (_, one, expected) => {
    expect([...seenHosts([one], known)]).toEqual(expected);
  });
});

describe('what fails, and is known by the name of its host alone', () => {
  const may = (lookup: Partial<UnknownHostLookup>, vpcId = 'vpc-1') => {
    const rule = namesakeRule(inventory([]), { ...NOT_THERE, ...lookup });
    return rule(host(1, { vpcId }), at(entriesOf([agentSet({ owner: 9 })]), 0));
  };

  it.each<[string, string | undefined, Partial<UnknownHostLookup>, string?]>([
    [
      'may be another account’s',
      `${NAMESAKE_IN_VPC} and no run has seen its container`,
      { coverage: SHARED },
    ],
    [
      'is not, where the network of its host is the only one of another account',
      undefined,
      { coverage: SHARED },
      'vpc-9',
    ],
    [
      'is not, where an earlier run has seen its container',
      undefined,
      { coverage: SHARED, containers: CONTAINER },
    ],
    ['is not, where every network is seen whole', undefined, { coverage: COVERED }],
    ['is not, where the networks were not asked for', undefined, {}],
  ])('%s', (_, expected, lookup, vpcId) => {
    expect(may(lookup, vpcId)).toBe(expected);
  });
});
