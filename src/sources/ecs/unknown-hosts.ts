import type { Instance } from '@aws-sdk/client-ec2';
import { firstLabel, normalizeName, parentDomain } from '../../model/dns-name.ts';
import type { SightedInstance, UnknownHostLookup } from '../../model/inventory.ts';
import { isIpv6 } from '../../model/ip-address.ts';
import { groupBy, Multimap } from '../../model/multimap.ts';
import { addressInName, instanceInName, isEc2Name } from '../../model/private-dns-name.ts';
import type { UnknownHostQuery } from '../inventory-port.ts';
import type { Ec2Access } from './access.ts';
import { askEc2 } from './ask-ec2.ts';
import type { InstanceFilter } from './ec2-api.ts';
import { addressesOfInstance, isGone } from './hosts.ts';

/** Asks EC2 which hosts exist under the given names: by the ids and addresses that they say, or else by the names. */
export async function lookUpUnknownHosts(
  query: UnknownHostQuery,
  access: Ec2Access,
): Promise<UnknownHostLookup> {
  const { ec2, signal } = access;
  const asked = new Set(query.hostNames);
  const terminated = new Set<string>();
  const instances = new Multimap<string, SightedInstance>();
  const ask = (filter: InstanceFilter, values: readonly string[]) =>
    askEc2(access, {
      kind: 'hosts',
      operation: 'ec2:DescribeInstances',
      values,
      readPage: (batch, token) => ec2.describeInstances(filter, batch, token, signal),
    });
  const namesById = groupBy(asked, instanceInName);
  const namesByAddress = groupBy(asked, (name) => query.addressOf?.get(name) ?? addressInName(name));
  const addresses = keysOf(namesByAddress);
  const answers = await Promise.all([
    ask('private-dns-name', patternsOf([...asked].filter((name) => !isSaidOtherwise(name)))),
    ask(
      'network-interface.addresses.private-ip-address',
      addresses.filter((one) => !isIpv6(one)),
    ),
    ask('network-interface.ipv6-addresses.ipv6-address', addresses.filter(isIpv6)),
    ask('instance-id', keysOf(namesById)),
  ]);
  const sighted = new Map(answers.flatMap(({ items }) => items).map((one) => [one.InstanceId ?? '', one]));
  for (const [instanceId, one] of sighted) {
    const addressed = addressesOfInstance(one).flatMap((address) => namesByAddress.get(address));
    const names = [
      ...spellings(one.PrivateDnsName).filter((name) => asked.has(name)),
      ...addressed.filter((name) => couldBeCalled(name, one)),
      ...namesById.get(instanceId),
    ];
    for (const name of new Set(names)) {
      if (isGone(one)) terminated.add(name);
      else instances.add(name, { instanceId, vpcId: one.VpcId });
    }
  }
  const found = new Set([...instances].map(([name]) => name));
  const onInterfaces = await askEc2(access, {
    kind: 'hosts',
    operation: 'ec2:DescribeNetworkInterfaces',
    values: patternsOf(query.interfaceNames.filter((name) => !found.has(name))),
    readPage: (batch, token) => ec2.interfaceNames(batch, token, signal),
  });
  for (const name of onInterfaces.items.flatMap(spellings)) if (asked.has(name)) found.add(name);
  const incomplete = [...answers.flatMap((one) => one.incomplete), ...onInterfaces.incomplete];
  return { existing: found, instances: new Map(instances), terminated, incomplete };
}

/** Hosts of other regions have the same addresses, and EC2's names tell the region. */
function couldBeCalled(name: string, { PrivateDnsName = '' }: Instance): boolean {
  const own = normalizeName(PrivateDnsName);
  return !isEc2Name(name) || !isEc2Name(own) || parentDomain(name) === parentDomain(own);
}

/** Where an id or an address says all that a name can say, the name need not be looked for. */
function isSaidOtherwise(name: string): boolean {
  if (instanceInName(name) !== undefined) return true;
  return addressInName(name) !== undefined && (isEc2Name(name) || parentDomain(name) === '');
}

function spellings(name = ''): readonly string[] {
  const normal = normalizeName(name);
  return [normal, firstLabel(normal)];
}

function keysOf(names: Multimap<string | undefined, string>): readonly string[] {
  return [...names].flatMap(([key]) => key ?? []).toSorted();
}

/** A name of one label stands for it in any domain. */
function patternsOf(names: readonly string[]): readonly string[] {
  return [...new Set(names)].toSorted().map((name) => (name.includes('.') ? name : `${name}.*`));
}
