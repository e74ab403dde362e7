import { describe, expect, it } from 'vitest';
import type { Host, Inventory, SightedInstance, UnknownHostLookup } from '../../../src/model/inventory.ts';
import { outsideOf } from '../../../src/plan/judge/host-coverage.ts';
import { host, hostName, inventory } from '../support.ts';

const NAME = hostName(9);

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
    expect(outsideOf(inventory([], { hosts }), unknownHosts)(NAME)).toBe(expected);
  });

  it('counts as there whatever its name says of its region', () => {
    const name = 'ip-10-0-0-9.us-west-2.compute.internal';
    const unknownHosts = { ...NOT_THERE, existing: new Set([name]) };
    expect(outsideOf(inventory([]), unknownHosts)(name)).toBeUndefined();
  });
});

describe('a host that EC2 does not have', () => {
  const corp = inventory([], { hosts: [host(1, { privateDnsName: 'ip-10-0-0-1.corp.test' })] });
  it.each<[string, string, Inventory, string | undefined]>([
    ['named in the region', NAME, inventory([]), undefined],
    [
      'named in another region',
      'ip-10-0-0-9.us-west-2.compute.internal',
      inventory([]),
      'ip-10-0-0-9.us-west-2.compute.internal is not a private DNS name of eu-west-1',
    ],
    ['named in the domain of a registered host', 'ip-10-0-0-9.corp.test', corp, undefined],
    ['named by one label', 'ip-10-0-0-9', inventory([]), 'ip-10-0-0-9 does not tell its region'],
    [
      'named as in us-east-1, there',
      'ip-10-0-0-9.ec2.internal',
      inventory([], { region: 'us-east-1' }),
      undefined,
    ],
  ])('%s', (_, name, given, expected) => {
    expect(outsideOf(given, NOT_THERE)(name)).toBe(expected);
  });
});
