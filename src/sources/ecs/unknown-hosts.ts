import type { Instance } from '@aws-sdk/client-ec2';
import { firstLabel, normalizeName } from '../../model/dns-name.ts';
import type { SightedInstance, UnknownHostLookup } from '../../model/inventory.ts';
import { Multimap } from '../../model/multimap.ts';
import type { UnknownHostQuery } from '../inventory-port.ts';
import type { Ec2Access } from './access.ts';
import { askEc2 } from './ask-ec2.ts';
import { isGone } from './hosts.ts';

/** Asks EC2 which hosts exist under the given names. */
export async function lookUpUnknownHosts(
  query: UnknownHostQuery,
  access: Ec2Access,
): Promise<UnknownHostLookup> {
  const { ec2, signal } = access;
  const asked = new Set(query.hostNames);
  const found = new Set<string>();
  const instances = new Multimap<string, SightedInstance>();
  const sight = (name: string | undefined, instance?: Instance) => {
    const normal = normalizeName(name ?? '');
    for (const alias of new Set([normal, firstLabel(normal)])) {
      if (!asked.has(alias)) continue;
      found.add(alias);
      if (instance !== undefined) {
        instances.add(alias, { instanceId: instance.InstanceId ?? '', vpcId: instance.VpcId });
      }
    }
  };
  const onInstances = await askEc2(access, {
    kind: 'hosts',
    operation: 'ec2:DescribeInstances',
    values: patternsOf(query.hostNames),
    readPage: (batch, token) => ec2.describeInstances('private-dns-name', batch, token, signal),
  });
  for (const one of onInstances.items) if (!isGone(one)) sight(one.PrivateDnsName, one);
  const onInterfaces = await askEc2(access, {
    kind: 'hosts',
    operation: 'ec2:DescribeNetworkInterfaces',
    values: patternsOf(query.interfaceNames.filter((name) => !found.has(name))),
    readPage: (batch, token) => ec2.interfaceNames(batch, token, signal),
  });
  for (const name of onInterfaces.items) sight(name);
  const incomplete = [...onInstances.incomplete, ...onInterfaces.incomplete];
  return { existing: found, instances: new Map(instances), incomplete };
}

/** A name of one label stands for it in any domain. */
function patternsOf(names: readonly string[]): readonly string[] {
  return [...new Set(names)].toSorted().map((name) => (name.includes('.') ? name : `${name}.*`));
}
