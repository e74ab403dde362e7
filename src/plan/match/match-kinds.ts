import type { Entry } from '../../model/entry.ts';
import type { Container, Endpoint } from '../../model/inventory.ts';
import type { ForeignReason } from '../../model/verdict.ts';
import type { CnameStatus } from './cname-status.ts';
import type { HostLocation } from './endpoint-index.ts';
import type { TaskRef } from './task-index.ts';

/**
 * What an entry leads to, as far as the inventory can say.
 *
 * | kind         | the entry …                                                                      |
 * |--------------|----------------------------------------------------------------------------------|
 * | foreign      | is not ours                                                                      |
 * | malformed    | is ours by its set, but its value cannot be read                                 |
 * | endpoint     | leads to a running container; as `isSuccessor` where that replaced the entry's own      |
 * | starting     | may belong to a container that ECS has not fully reported yet                    |
 * | stopping     | leads to a container whose task is being stopped                                 |
 * | portless     | names a running container, which does not bind the entry's port                  |
 * | replaced     | names a container that is gone, whose host and port belong to another            |
 * | vacant       | leads to a known host, on which nothing of it runs                               |
 * | host-present | is the A entry of a known host                                                   |
 * | host-gone    | leads to a host that is no more; `lastKnownEndpoint` would answer if that were not true    |
 * | host-unknown | leads to a host that no cluster which was read has registered                    |
 * | unresolved   | leads to a name of the zone that tells no host                                   |
 * | service      | is the CNAME of an ECS service, which this worker made                           |
 *
 * Of what this worker writes for tasks; `match-address.ts` has the rule:
 *
 * | kind            | the entry …                                                                   |
 * |-----------------|-------------------------------------------------------------------------------|
 * | addressed       | is the address of a running task that has no port to check                    |
 * | readdressed     | names a running task that is not known to have its address                    |
 * | task-gone       | names a task that is not there, itself or by what its target is the name of    |
 * | cluster-unknown | the same, of a cluster that was not read                                      |
 * | address-reassigned   | is an address that a task of another name has                                 |
 * | address-unassigned    | is an address that no task has                                                |
 * | address-out-of-scope | the same, of a network in which nothing is known                              |
 */
export type Match =
  | { readonly kind: 'foreign'; readonly reason: ForeignReason }
  | { readonly kind: 'malformed' | 'unresolved' }
  | ({
      readonly kind: 'endpoint';
      readonly isSuccessor: boolean;
      /** A container of the same service that is starting at the same location: the entry may be its. */
      readonly competing?: Container;
    } & Reachable)
  | {
      readonly kind: 'starting' | 'stopping' | 'port-not-exposed' | 'addressed';
      readonly container: Container;
    }
  | {
      readonly kind: 'readdressed';
      readonly container: Container;
      readonly address: string;
      /** Whether the task is known to be at another address, and at no second one. */
      readonly isElsewhere: boolean;
      /** Whether another entry of its name leads to the task. */
      readonly isSuperseded?: true;
    }
  | { readonly kind: 'task-gone'; readonly task: TaskRef }
  | { readonly kind: 'cluster-unknown'; readonly cluster: string }
  | {
      readonly kind: 'address-reassigned';
      readonly by: 'other-name' | 'unknown-name';
      readonly container: Container;
      readonly address: string;
    }
  | { readonly kind: 'address-unassigned' | 'address-out-of-scope'; readonly address: string }
  | ({
      readonly kind: 'replaced';
      readonly by: 'same-service' | 'other-service' | 'unknown-service';
      readonly clusters: readonly string[];
      readonly task?: TaskRef;
    } & Reachable)
  | {
      readonly kind: 'no-task-on-host' | 'host-present' | 'host-gone';
      readonly location: HostLocation;
      /** The clusters of all locations of that name; VPCs may reuse it. */
      readonly clusters: readonly string[];
      readonly lastKnownEndpoint?: Reachable;
      /** The task behind the entry's target, which is not there. */
      readonly task?: TaskRef;
    }
  | { readonly kind: 'service'; readonly status: CnameStatus; readonly clusters: readonly string[] }
  | {
      readonly kind: 'host-unknown';
      readonly hostName: string;
      /** The container that the set identifier names on that host. */
      readonly containerId: string | undefined;
    };

/** An endpoint with the address at which it is to be asked, where one is known. */
export interface Reachable {
  readonly endpoint: Endpoint;
  readonly address: string | undefined;
}

/** An entry beside what it leads to. */
export interface Matched {
  readonly entry: Entry;
  readonly match: Match;
}

/** The container that an entry is about, if it is about one. */
export function containerOf(match: Match): Container | undefined {
  if ('container' in match) return match.container;
  return reachableOf(match)?.endpoint.container;
}

/** The endpoint that an entry leads to, or that holds its location; of a silent host, its lastKnownEndpoint. */
export function reachableOf(match: Match): Reachable | undefined {
  if ('endpoint' in match) return match;
  return match.kind === 'host-gone' ? match.lastKnownEndpoint : undefined;
}
