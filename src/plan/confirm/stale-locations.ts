import { hostKey } from '../../model/cluster.ts';
import type { Host, Inventory } from '../../model/inventory.ts';
import { groupBy, type Multimap } from '../../model/multimap.ts';
import type { Judged } from '../judge/judge-entries.ts';
import { specOf } from '../judge/rules.ts';

/**
 * Tells the locations of stale entries as `judge/rules.ts` has them by the kind of a match, with the machines looked
 * up: all of a private DNS name, since VPCs may reuse it. Constant in the size of the fleet.
 */
export function staleLocations({ hosts }: Inventory) {
  const byInstance = groupBy(hosts, hostKey);
  const byName = groupBy(
    hosts.filter(({ privateDnsName }) => privateDnsName !== undefined),
    ({ privateDnsName }) => privateDnsName,
  );
  return ({ match, judgement: { entry } }: Judged) => {
    const { location, host, names = [], task, address } = specOf(match).confirm(match, entry);
    const there = location === undefined ? [] : byInstance.get(hostKey(location));
    return {
      hosts: withNamesakes(host === undefined ? there : [...there, host], byName),
      names,
      tasks: task === undefined ? [] : [task],
      addresses: address === undefined ? [] : [address],
    };
  };
}

function withNamesakes(hosts: readonly Host[], byName: Multimap<string | undefined, Host>): readonly Host[] {
  return [...new Set([...hosts, ...hosts.flatMap(({ privateDnsName }) => byName.get(privateDnsName))])];
}

/** The names that a second instance may bear, since not all clusters were asked for their hosts. */
export function sharedNames(hosts: readonly Host[], { coverage }: Inventory): readonly string[] {
  return coverage === 'all-clusters' ? [] : hosts.flatMap(({ privateDnsName }) => privateDnsName ?? []);
}
