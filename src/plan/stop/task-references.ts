import { firstLabel, isAddress, normalizeName } from '../../model/dns-name.ts';
import type { Container, Inventory } from '../../model/inventory.ts';
import { canonicalAddress } from '../../model/ip-address.ts';
import { parseManagedIdentifier, taskIdOf } from '../../model/managed-identifier.ts';
import { groupBy, Multimap } from '../../model/multimap.ts';
import { addressInEc2Name } from '../../model/private-dns-name.ts';
import { type RecordSet, valuesOf } from '../../model/record-set.ts';
import { parseSetIdentifier } from '../../model/set-identifier.ts';
import { parseSrvValue } from '../../model/srv-value.ts';
import { buildEndpointIndex, type EndpointIndex } from '../match/endpoint-index.ts';
import { isAddressType } from '../match/managed-addresses.ts';
import { onwardNames } from '../match/onward-names.ts';
import { aliasesOf, zoneAddresses } from '../match/zone-addresses.ts';

/** The record sets of a zone that lead to a task, by the ARN of the task. */
export type TaskReferences = Multimap<string, RecordSet>;

/**
 * Which record sets lead to which tasks, whichever tool wrote them and under whatever name. `zoneName` is normalised.
 *
 * | a record set                | leads to a task when                                                      |
 * |-----------------------------|---------------------------------------------------------------------------|
 * | SRV                         | host and port are those of one of its ports, or the host is its interface |
 * |                             | nothing tells what the host is: name and port are those of one of its ports |
 * | A, AAAA                     | an address is that of its network interface                               |
 * | CNAME, alias                | it ends at a name or address of its network interface                     |
 * | any                         | its set identifier names the task, or one of its containers               |
 *
 * Names of the zone are followed through its own A, CNAME and alias records.
 */
export function taskReferencesIn(
  recordSets: readonly RecordSet[],
  zoneName: string,
  inventory: Inventory,
): TaskReferences {
  const resolve = resolver(recordSets, zoneName);
  const index = buildEndpointIndex(inventory);
  const interfaces = interfaceIndex(inventory.containers);
  const named = groupBy(new Set(inventory.containers.map(({ taskArn }) => taskArn)), taskIdOf);
  const namesakes = groupBy(
    inventory.endpoints,
    ({ serviceName, port }) => `${serviceName}.${zoneName} ${port}`,
  );
  const leadsTo = onwardNames(recordSets);
  // Of a name of the zone, the zone tells where it leads, but for one that a wildcard stands for.
  const own = new Set(recordSets.map(({ Name }) => normalizeName(Name)));
  const isUntold = (name: string) =>
    !name.endsWith(`.${zoneName}`) || (!own.has(name) && leadsTo(name) === undefined);
  const references: TaskReferences = new Multimap();
  for (const set of recordSets) {
    const targets = targetsOf(set);
    const tasks = new Set([
      ...ownersOf(set, named, index),
      ...targets.flatMap((target) => reachedBy(target, resolve, interfaces, index)),
      ...targets
        .filter(({ name, port }) => port !== undefined && isUntold(name))
        .filter(({ name }) => ![...resolve(name)].some((alias) => isKnownPlace(alias, index)))
        .flatMap(({ port }) => namesakes.get(`${normalizeName(set.Name)} ${port}`))
        .map(({ container }) => container.taskArn),
    ]);
    for (const task of tasks) references.add(task, set);
  }
  return references;
}

type Resolve = (name: string) => Iterable<string>;

/** A name or address that a set points at; with a port only what listens there is meant. */
interface Target {
  readonly name: string;
  readonly port: number | undefined;
}

function targetsOf(set: RecordSet): readonly Target[] {
  const alias = set.AliasTarget?.DNSName;
  if (alias !== undefined) return [{ name: normalizeName(alias), port: undefined }];
  return valuesOf(set).flatMap((value): readonly Target[] => {
    if (set.Type === 'CNAME') return [{ name: normalizeName(value), port: undefined }];
    if (isAddressType(set.Type)) return [{ name: value, port: undefined }];
    const srv = set.Type === 'SRV' ? parseSrvValue(value) : undefined;
    return srv === undefined ? [] : [{ name: srv.target, port: srv.port }];
  });
}

function reachedBy(
  { name, port }: Target,
  resolve: Resolve,
  interfaces: Multimap<string, string>,
  index: EndpointIndex,
): readonly string[] {
  return [...resolve(name)].flatMap((alias) => [
    ...interfaces.get(oneSpelling(alias)),
    ...(port === undefined ? [] : index.endpointsAt(alias, port)).map(({ container }) => container.taskArn),
  ]);
}

/** Whether anything tells where a name leads; a host may have been given one that only its own agent knows. */
function isKnownPlace(alias: string, index: EndpointIndex): boolean {
  return isAddress(alias) || addressInEc2Name(alias) !== undefined || index.hostsAt(alias).length > 0;
}

function ownersOf(
  { SetIdentifier }: RecordSet,
  named: Multimap<string, string>,
  index: EndpointIndex,
): readonly string[] {
  const own = parseManagedIdentifier(SetIdentifier);
  if (own?.kind === 'task') return named.get(own.taskId);
  const containerId = parseSetIdentifier(SetIdentifier)?.containerId;
  const container = containerId === undefined ? undefined : index.containerById(containerId);
  return container === undefined ? [] : [container.taskArn];
}

/** Every name and address to which a name may lead, itself and its first label included. */
function resolver(recordSets: readonly RecordSet[], zoneName: string): Resolve {
  const addresses = zoneAddresses(recordSets);
  const onward = new Multimap<string, string>();
  for (const set of recordSets) {
    if (set.Type !== 'CNAME' && set.AliasTarget === undefined) continue;
    for (const { name } of targetsOf(set)) onward.add(normalizeName(set.Name), name);
  }
  return (start) => {
    const found = new Set<string>();
    const pending = [start];
    const seen = new Set<string>();
    for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
      if (seen.has(name)) continue;
      seen.add(name);
      for (const alias of [name, firstLabel(name), ...aliasesOf(name, zoneName, addresses)]) found.add(alias);
      pending.push(...onward.get(name));
    }
    return found;
  };
}

/** Tasks by the names and addresses of their own network interfaces. */
function interfaceIndex(containers: readonly Container[]): Multimap<string, string> {
  const index = new Multimap<string, string>();
  for (const { networkInterface, reachedAt, taskArn } of containers) {
    if (networkInterface === undefined) continue;
    const { address, ipv6, publicAddress } = networkInterface;
    const known = [...reachedAt, address, ipv6, publicAddress].filter((one) => one !== undefined);
    for (const one of new Set(known.flatMap(spellings))) index.add(one, taskArn);
  }
  return index;
}

function spellings(nameOrAddress: string): readonly string[] {
  return isAddress(nameOrAddress) ? [oneSpelling(nameOrAddress)] : [nameOrAddress, firstLabel(nameOrAddress)];
}

function oneSpelling(address: string): string {
  return canonicalAddress(address) ?? address;
}
