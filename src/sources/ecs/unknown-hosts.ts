import type { Instance } from '@aws-sdk/client-ec2';
import type { LimitFunction } from 'p-limit';
import { firstLabel, normalizeName } from '../../model/dns-name.ts';
import type { IncompleteScope, SightedInstance, UnknownHostLookup } from '../../model/inventory.ts';
import { Multimap } from '../../model/multimap.ts';
import type { UnknownHostQuery } from '../inventory-port.ts';
import { EC2_FILTER_SIZE, type Ec2Api } from './ec2-api.ts';
import { isGone } from './hosts.ts';
import { inBatches, type Page, readPages } from './read-pages.ts';
import { batchScope, unreadScope } from './unread.ts';

/** Asks EC2 which hosts exist under the given names. */
export async function lookUpUnknownHosts(
  query: UnknownHostQuery,
  ec2: Ec2Api,
  limit: LimitFunction,
  signal: AbortSignal | undefined,
): Promise<UnknownHostLookup> {
  const asked = new Set(query.hostNames);
  const found = new Set<string>();
  const instances = new Multimap<string, SightedInstance>();
  const incomplete: IncompleteScope[] = [];
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
  const ask = async <T>(
    operation: string,
    names: readonly string[],
    readPage: (patterns: readonly string[], token: string | undefined) => Promise<Page<T>>,
    see: (item: T) => void,
  ) => {
    const patterns = [...new Set(names)].toSorted().map((name) => (name.includes('.') ? name : `${name}.*`));
    await Promise.all(
      inBatches(patterns, EC2_FILTER_SIZE).map(async (batch) => {
        const reading = await readPages((token) => limit(() => readPage(batch, token)), signal);
        reading.items.forEach(see);
        if (reading.error !== undefined) {
          incomplete.push(unreadScope(batchScope('hosts', batch), operation, reading.error));
        }
      }),
    );
  };
  await ask(
    'ec2:DescribeInstances',
    query.hostNames,
    (names, token) => ec2.describeInstances('private-dns-name', names, token, signal),
    (instance) => {
      if (!isGone(instance)) sight(instance.PrivateDnsName, instance);
    },
  );
  await ask(
    'ec2:DescribeNetworkInterfaces',
    query.interfaceNames.filter((name) => !found.has(name)),
    (names, token) => ec2.interfaceNames(names, token, signal),
    (name) => sight(name),
  );
  return { existing: found, instances: new Map(instances), incomplete };
}
