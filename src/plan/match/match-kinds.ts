import type { Cluster } from '../../model/cluster.ts';
import type { Entry } from '../../model/entry.ts';
import type { Container, Endpoint, Host } from '../../model/inventory.ts';
import type { RecordSet } from '../../model/record-set.ts';
import type { ForeignReason } from '../../model/verdict.ts';
import type { CnameStatus } from './cname-status.ts';
import type { HostLocation } from './endpoint-index.ts';
import type { TaskRef } from './task-index.ts';

/**
 * What each kind of match carries. `judge/rules.ts` has, of each kind, what it says of the entry, the verdicts, the
 * evidence and what confirms them.
 */
interface MatchDetails {
  readonly foreign: { readonly reason: ForeignReason };
  /** It is ours by its set, but its value cannot be read. */
  readonly malformed: object;
  readonly unresolved: object;
  /** It leads to a running container; as a successor where that replaced the entry's own. */
  readonly endpoint: Reachable &
    OfPlace & {
      readonly isSuccessor: boolean;
      /** A container of the same service that is starting at the same host and port: the entry may be its. */
      readonly competing?: Container;
    };
  readonly starting: OfContainer;
  readonly stopping: OfContainer;
  readonly 'port-not-exposed': OfContainer;
  /** Its own container is not there; another one is, whose ports stand in a task definition that was not read. */
  readonly 'ports-unread': OfContainer;
  /** It names a container that the engine of its host, which was asked, does not run. */
  readonly 'container-gone': { readonly host: Host; readonly containerId: string };
  readonly replaced: Reachable &
    OfLocations & {
      readonly by: 'same-service' | 'other-service' | 'unknown-service';
      /** The name of the entry that tells who has the port, where that does not tell itself. */
      readonly heldUnder?: string;
    };
  readonly 'no-task-on-host': AtLocation;
  readonly 'host-present': AtLocation;
  /** It leads to a host that is no more; the endpoint last known there would answer if that were not true. */
  readonly 'host-gone': AtLocation & { readonly lastKnownEndpoint?: Reachable };
  readonly 'host-unknown': {
    readonly hostName: string;
    /** Where the zone's own A set of that name, or else an `ip-…` name itself, says that it is; canonical. */
    readonly address: string | undefined;
    /** The container that the set identifier names on that host. */
    readonly containerId: string | undefined;
  };
  readonly service: { readonly status: CnameStatus; readonly clusters: readonly Cluster[] };
  readonly addressed: OfContainer & OfPlace;
  readonly readdressed: OfContainer &
    OfAddress & {
      /** Whether the task is known to be at another address, and at no second one. */
      readonly isElsewhere: boolean;
      /** Whether another entry of its name leads to the task. */
      readonly isSuperseded?: true;
    };
  /** It names a task that is not there, itself or by what its target is the name of. */
  readonly 'task-gone': {
    readonly task: TaskRef;
    /** The private address of a name, which no known task has: one that ECS does not list yet may have it by now. */
    readonly address?: string;
  };
  readonly 'cluster-unknown': { readonly cluster: string };
  readonly 'address-reassigned': OfContainer &
    OfAddress & { readonly by: 'other-name' | 'unknown-name' | 'no-name' };
  readonly 'address-unassigned': OfAddress & {
    /** There where another tool has written it: what it was for may be out of sight. */
    readonly isUncertain?: true;
  };
  /** It is the address of a host, on which nothing is known to run that bears the name. */
  readonly 'address-of-host': OfAddress;
  readonly 'address-out-of-scope': OfAddress;
}

type OfContainer = { readonly container: Container };
type OfAddress = { readonly address: string };

interface OfPlace {
  /** The set of its own that what it leads to has, where this one is no such set. */
  readonly duplicateOf?: RecordSet;
  /** What an address of another task, which has ended, is once the one that has it now gets an entry of its own. */
  readonly ended?: EndedTask;
}

/** What an entry is that names a task which is not there, or is on its way out. */
export type EndedTask = MatchOf<'task-gone'> | MatchOf<'stopping'>;

interface OfLocations {
  /** The clusters of all locations of that name; VPCs may reuse it. */
  readonly clusters: readonly Cluster[];
  /** The task behind the entry's target, which is not there. */
  readonly task?: TaskRef;
}

type AtLocation = OfLocations & { readonly location: HostLocation };

export type MatchKind = keyof MatchDetails;
export type MatchOf<K extends MatchKind> = { readonly kind: K } & MatchDetails[K];

/** What an entry leads to, as far as the inventory can say. */
export type Match = { [K in MatchKind]: MatchOf<K> }[MatchKind];

/** An endpoint with the address at which it is to be asked, where one is known. */
export interface Reachable {
  readonly endpoint: Endpoint;
  readonly address: string | undefined;
}

/** An entry with what it leads to. */
export interface Matched {
  readonly entry: Entry;
  readonly match: Match;
}

/** What an address is besides that of another task's, of an entry that names one which has ended. */
export function endedIn(match: Match): EndedTask | undefined {
  return 'ended' in match ? match.ended : undefined;
}

/** The container that an entry is about, if it is about one. */
export function containerOf(match: Match): Container | undefined {
  if ('container' in match) return match.container;
  return reachableOf(match)?.endpoint.container;
}

/** The endpoint that an entry leads to, or that has its host and port; of an unreachable host, the last known endpoint. */
export function reachableOf(match: Match): Reachable | undefined {
  if ('endpoint' in match) return match;
  return match.kind === 'host-gone' ? match.lastKnownEndpoint : undefined;
}
