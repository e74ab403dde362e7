import { describeError } from '../aws/aws-error.ts';
import { areaOf } from '../model/cluster.ts';
import {
  type NetworkCoverage,
  NO_UNKNOWN_HOSTS,
  type UnknownHost,
  type UnknownHostLookup,
} from '../model/inventory.ts';
import type { RunState } from '../model/run-state.ts';
import type { Questions, Reading } from '../plan/observation.ts';
import { hostsToCover, seenHosts } from '../plan/plan.ts';
import type { Ports } from './ports.ts';

/**
 * Finds out of the hosts that no cluster has registered whether EC2 has them, whether an earlier run has seen them, and,
 * only where neither tells, whether this role would see them if they were there.
 */
export async function lookUpHosts(
  { unknownHosts: query }: Questions,
  reading: Reading,
  { hosts }: RunState,
  ports: Pick<Ports, 'zone' | 'inventory'>,
  signal: AbortSignal | undefined,
): Promise<UnknownHostLookup> {
  if (query.hosts.length === 0) return NO_UNKNOWN_HOSTS;
  const found = await ports.inventory.lookUpUnknownHosts(query, signal);
  const lookup = { ...found, seen: seenHosts(query.hosts, hostsOf(reading.inventory, hosts)) };
  const inDoubt = hostsToCover(query.hosts, reading.inventory, lookup);
  if (inDoubt.length === 0) return lookup;
  const coverage = await coverageOf(inDoubt, reading, ports, signal);
  return { ...lookup, coverage, incomplete: [...lookup.incomplete, ...coverage.incomplete] };
}

/** The hosts that were seen in the account and region of an inventory: runs over other ones may share the store. */
function hostsOf({ clusters }: Reading['inventory'], hosts: RunState['hosts']): RunState['hosts'] {
  const areas = new Set(clusters.map(({ arn }) => areaOf(arn)));
  return new Map([...hosts].filter(([, { clusterArn }]) => areas.has(areaOf(clusterArn))));
}

async function coverageOf(
  hosts: readonly UnknownHost[],
  { zone, inventory }: Reading,
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
    return { gap: `${what.operation} ${what.error}`, interfaces: new Map(), incomplete: [scope] };
  }
}
