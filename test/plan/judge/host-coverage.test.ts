import { describe, expect, it } from 'vitest';
import type {
  Host,
  NetworkCoverage,
  SightedInstance,
  UnknownHost,
  UnknownHostLookup,
} from '../../../src/model/inventory.ts';
import { hostsToCover, outsideOf, seenHosts } from '../../../src/plan/judge/host-coverage.ts';
import { host, hostName, inventory } from '../support.ts';

const NAME = hostName(9);
const HOST: UnknownHost = { hostName: NAME, address: '10.0.0.9' };

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
    expect(outsideOf(inventory([], { hosts }), unknownHosts)(HOST)).toBe(expected);
  });

  it('counts as there whatever its name says of its region', () => {
    const name = 'ip-10-0-0-9.us-west-2.compute.internal';
    const unknownHosts = { ...NOT_THERE, existing: new Set([name]) };
    expect(outsideOf(inventory([]), unknownHosts)({ ...HOST, hostName: name })).toBeUndefined();
  });
});

const COVERED: NetworkCoverage = {
  gap: undefined,
  interfaces: new Map([
    ['10.0.0.9', []],
    ['10.0.0.8', ['eni-8']],
  ]),
  incomplete: [],
};
const WEST = 'ip-10-0-0-9.us-west-2.compute.internal';

describe('a host that EC2 does not have', () => {
  it.each<[string, Partial<UnknownHost>, Partial<UnknownHostLookup>, string | undefined]>([
    ['that is described as terminated', {}, { terminated: new Set([NAME]) }, undefined],
    ['that an earlier run has seen', {}, { seen: new Set([NAME]) }, undefined],
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
      `${NAME} does not tell its address, nor does the zone`,
    ],
    ['of which nothing was asked', {}, {}, `it was not asked in which network ${NAME} would be`],
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
    ['in a network that is seen whole', {}, { coverage: COVERED }, undefined],
    ['under a name of its own there', { hostName: 'node1.corp.test' }, { coverage: COVERED }, undefined],
  ])('%s', (_, of, lookup, expected) => {
    expect(outsideOf(inventory([]), { ...NOT_THERE, ...lookup })({ ...HOST, ...of })).toBe(expected);
  });

  it('is named by EC2 in us-east-1 in a way of its own', () => {
    const virginian = { ...HOST, hostName: 'ip-10-0-0-9.ec2.internal' };
    const lookup = { ...NOT_THERE, coverage: COVERED };
    expect(outsideOf(inventory([], { region: 'us-east-1' }), lookup)(virginian)).toBeUndefined();
    expect(outsideOf(inventory([]), lookup)(virginian)).toContain('is not a private DNS name');
  });
});

describe('the networks of a zone', () => {
  it('are asked for hosts about which nothing else tells', () => {
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
    expect(hostsToCover(hosts, { region: 'eu-west-1' }, lookup)).toEqual([inDoubt]);
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
