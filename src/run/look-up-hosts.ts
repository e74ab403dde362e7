import { describeError, isAccessDenied } from '../aws/aws-error.ts';
import { areaOf } from '../model/cluster.ts';
import {
  type Inventory,
  type NetworkCoverage,
  NO_UNKNOWN_HOSTS,
  type UnknownHost,
  type UnknownHostLookup,
} from '../model/inventory.ts';
import type { RunState } from '../model/run-state.ts';
import type { Questions, Reading } from '../plan/observation.ts';
import { dependsOnCoverage, hostsToCover, ownRule, seenHosts } from '../plan/plan.ts';
import type { Ports } from './ports.ts';

/**
 * Finds out of the hosts that no cluster has registered whether EC2 has them and whether an earlier run has seen them;
 * and, where entries depend on it, whether this role would see whatever else may have a name or an address.
 */
export async function lookUpHosts(
  { unknownHosts: query, matchings }: Questions,
  reading: Reading,
  { hosts, containers: seenContainers }: RunState,
  ports: Pick<Ports, 'zone' | 'inventory'>,
  signal: AbortSignal | undefined,
): Promise<UnknownHostLookup> {
  const hasUnknown = query.hosts.length > 0;
  const found = hasUnknown ? await ports.inventory.lookUpUnknownHosts(query, signal) : NO_UNKNOWN_HOSTS;
  const areas = new Set(reading.inventory.clusters.map(({ arn }) => areaOf(arn)));
  const containers = new Set([...seenContainers].flatMap(([key, area]) => (areas.has(area) ? key : [])));
  const lookup = { ...found, containers, seen: seenHosts(query.hosts, hostsIn(areas, hosts)) };
  const inDoubt = hostsToCover(query.hosts, reading.inventory, lookup);
  if (inDoubt.length === 0 && !isAnyByName(matchings, reading.inventory, containers)) return lookup;
  const coverage = await coverageOf(inDoubt, reading, ports, signal);
  return { ...lookup, coverage, incomplete: [...lookup.incomplete, ...coverage.incomplete] };
}

/**
 * What a run of a scope has to know of the networks of the zone, where an entry rests on a name alone: another account may
 * have a host of the name that has ended here. No host is looked up that the scope does not name.
 */
export async function coverageOfScope(
  { matchings }: Questions,
  reading: Reading,
  ports: Pick<Ports, 'zone' | 'inventory'>,
  signal: AbortSignal | undefined,
): Promise<UnknownHostLookup> {
  if (!isAnyByName(matchings, reading.inventory, new Set())) return NO_UNKNOWN_HOSTS;
  const coverage = await coverageOf([], reading, ports, signal);
  return { ...NO_UNKNOWN_HOSTS, coverage, incomplete: coverage.incomplete };
}

/** The hosts that were seen in some areas: runs over other ones may share the store. */
function hostsIn(areas: ReadonlySet<string>, hosts: RunState['hosts']): RunState['hosts'] {
  return new Map([...hosts].filter(([, { clusterArn }]) => areas.has(areaOf(clusterArn))));
}

/** Whether an entry is known by a name or an address alone, so that another may be meant. */
function isAnyByName(
  matchings: Questions['matchings'],
  inventory: Inventory,
  containers: ReadonlySet<string>,
): boolean {
  const isOwn = ownRule(inventory, containers);
  return [...matchings.values()].some(({ matched }) =>
    matched.some((one) => dependsOnCoverage(one, inventory, isOwn)),
  );
}

/** How much of the networks of the zone this role sees, and which interfaces EC2 has where the hosts would be. */
export async function coverageOf(
  hosts: readonly UnknownHost[],
  { zone, inventory }: Pick<Reading, 'zone' | 'inventory'>,
  ports: Pick<Ports, 'zone' | 'inventory'>,
  signal: AbortSignal | undefined,
): Promise<NetworkCoverage> {
  const addresses = [...new Set(hosts.flatMap(({ address }) => address ?? []))].toSorted();
  const account = inventory.clusters.find((cluster) => cluster.account !== undefined)?.account;
  try {
    const vpcs = await ports.zone.vpcs(zone, signal);
    return await ports.inventory.readCoverage({ addresses, vpcs, account }, signal);
  } catch (error) {
    signal?.throwIfAborted();
    const what = { operation: 'route53:GetHostedZone', error: describeError(error) };
    const scope = { scope: `zone/${zone.id}`, ...what, hides: 'host-names' as const };
    const gap = `${what.operation} ${what.error}`;
    const unread = isAccessDenied(error) ? undefined : gap;
    return { gap, unread, outOfSight: [], interfaces: new Map(), incomplete: [scope] };
  }
}
