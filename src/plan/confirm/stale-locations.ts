import { normalizeName } from '../../model/dns-name.ts';
import type { Entry } from '../../model/entry.ts';
import type { Host, Inventory } from '../../model/inventory.ts';
import { groupBy, type Multimap } from '../../model/multimap.ts';
import { parseSetIdentifier } from '../../model/set-identifier.ts';
import { parseSrvValue } from '../../model/srv-value.ts';
import type { Judged } from '../judge/judge-entries.ts';
import type { TaskRef } from '../match/task-index.ts';

/** What has to be as it seems for a stale entry to be stale. */
export interface StaleLocations {
  /** Machines on which nothing of it may run. */
  readonly hosts: readonly Host[];
  /** Names, normalised, under which EC2 may know nothing but those machines. */
  readonly names: readonly string[];
  /** Tasks that ECS may not have any more. */
  readonly tasks: readonly TaskRef[];
  /** Addresses (canonical) that nobody may have but tasks and hosts which are known. */
  readonly addresses: readonly string[];
}

/** Tells the locations of stale entries; constant in the size of the fleet. */
export type PlacesOf = (stale: Judged) => StaleLocations;

const NOWHERE: StaleLocations = { hosts: [], names: [], tasks: [], addresses: [] };

/**
 * | match               | hosts                                                     | names                        |
 * |---------------------|-----------------------------------------------------------|------------------------------|
 * | vacant, host-gone   | that of the location, and all others of its private DNS name |                              |
 * | … of a silent host  | the same                                                  | all that the entry calls it  |
 * | replaced            | that of the new container, and all others of that name    |                              |
 * | host-unknown        |                                                           | its name                     |
 * | stopping            |                                                           |                              |
 *
 * A container that is seen stopping needs no proof that nothing runs. Of a task that is gone, whether it is
 * what the entry names or what its target is the name of, ECS is asked for that task; of an address that
 * nobody has, or another task, EC2 for the address.
 */
export function staleLocations({ hosts }: Inventory): PlacesOf {
  const byInstance = groupBy(hosts, placeKey);
  const byName = groupBy(
    hosts.filter(({ privateDnsName }) => privateDnsName !== undefined),
    ({ privateDnsName }) => privateDnsName,
  );
  return ({ match, judgement: { entry } }) => {
    switch (match.kind) {
      case 'no-task-on-host':
      case 'host-gone': {
        const found = withNamesakes(byInstance.get(placeKey(match.location)), byName);
        const names = match.location.state === 'unreachable' ? namesIn(entry) : [];
        return { ...NOWHERE, hosts: found, names, tasks: tasksOf(match) };
      }
      case 'replaced': {
        const { host } = match.endpoint.container;
        const found = withNamesakes(host === undefined ? [] : [host], byName);
        return { ...NOWHERE, hosts: found, tasks: tasksOf(match) };
      }
      case 'host-unknown':
        return { ...NOWHERE, names: [match.hostName] };
      case 'task-gone':
        return { ...NOWHERE, tasks: tasksOf(match) };
      case 'readdressed':
      case 'address-reassigned':
      case 'address-unassigned':
        return { ...NOWHERE, addresses: [match.address] };
      case 'foreign':
      case 'malformed':
      case 'unresolved':
      case 'endpoint':
      case 'starting':
      case 'stopping':
      case 'port-not-exposed':
      case 'host-present':
      case 'addressed':
      case 'cluster-unknown':
      case 'service':
      case 'address-out-of-scope':
        return NOWHERE;
    }
  };
}

function tasksOf({ task }: { readonly task?: TaskRef }): readonly TaskRef[] {
  return task === undefined ? [] : [task];
}

function placeKey({ cluster, instanceId }: { cluster: string; instanceId: string | undefined }): string {
  return `${cluster} ${instanceId}`;
}

function withNamesakes(hosts: readonly Host[], byName: Multimap<string | undefined, Host>): readonly Host[] {
  return [...new Set([...hosts, ...hosts.flatMap(({ privateDnsName }) => byName.get(privateDnsName))])];
}

/** EC2 has told no name of a silent host; the entry has. */
function namesIn({ type, value, setIdentifier }: Entry): readonly string[] {
  if (type === 'A') return [normalizeName(String(setIdentifier))];
  const names = [parseSrvValue(value)?.target, parseSetIdentifier(setIdentifier)?.host];
  return [...new Set(names.filter((name) => name !== undefined))];
}
