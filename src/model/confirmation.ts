import type { Cluster } from './cluster.ts';
import type { Container, Endpoint, Host, IncompleteScope, UnknownHostLookup } from './inventory.ts';

/**
 * What is looked at once more before stale entries go, directly and narrowly: a listing of ECS or EC2
 * may lack what runs, and one reading cannot tell that from the truth.
 */
export interface ConfirmationQuery {
  readonly clusters: readonly ClusterQuery[];
  /** Instances that EC2 called gone, or did not know. */
  readonly instanceIds: readonly string[];
  /** Hosts that EC2 may have under a name that is in doubt, normalised; of one label: in any domain. */
  readonly hostNames: readonly string[];
  /** The addresses (canonical) of those that do not say it by their names. */
  readonly addressOf?: ReadonlyMap<string, string>;
  /** Those of them that may be the name of a network interface. */
  readonly interfaceNames: readonly string[];
  /** Tasks that the inventory does not have, by their cluster. */
  readonly tasks: readonly TaskQuery[];
  /** Addresses that may be free by now, spelt as `canonicalAddress` spells them. */
  readonly addresses: readonly string[];
}

/** Tasks of one cluster, each once, by the last part of their ARN. */
export interface TaskQuery {
  readonly cluster: Cluster;
  readonly taskIds: readonly string[];
}

/** The hosts of one cluster on which nothing is said to run of what entries name. */
export interface ClusterQuery {
  readonly cluster: Cluster;
  readonly hosts: readonly Host[];
  /** How many entries wait for the answer; it bounds the listings of stopping tasks that are spent on them. */
  readonly candidates: number;
  /** The container instances of the tasks that the inventory has of the cluster, by the ARNs of the tasks. */
  readonly knownTasks: ReadonlyMap<string, string | undefined>;
}

export interface ConfirmationReads {
  /** Of tasks on those hosts that the inventory did not have, running and stopping ones. */
  readonly containers: readonly Container[];
  readonly endpoints: readonly Endpoint[];
  /** By `Host.containerInstance`; ECS no longer has those that are absent, or could not be asked. */
  readonly machines: ReadonlyMap<string, Machine>;
  /** Those of the instance ids that EC2 has, in any state but shutting-down and terminated. */
  readonly instances: ReadonlySet<string>;
  readonly named: UnknownHostLookup;
  /** By `taskKey`; a task that is absent could not be asked for, or was not. */
  readonly tasks: ReadonlyMap<string, 'there' | 'ended'>;
  /** The network interfaces that have an address; one that is absent could not be asked for, or was not. */
  readonly addresses: ReadonlyMap<string, readonly SightedInterface[]>;
  /** What could not be asked: container instances by ARN, instances by id, tasks by `taskKey`, addresses. */
  readonly unasked: ReadonlyMap<string, IncompleteScope>;
  readonly incomplete: readonly IncompleteScope[];
}

/** A network interface that EC2 has, whatever uses it. */
export interface SightedInterface {
  /** `eni-…` */
  readonly id: string;
  /** `undefined` where EC2 did not say. */
  readonly vpcId: string | undefined;
}

export interface Machine {
  readonly agentConnected: boolean;
  /** How many tasks it has, running and pending ones; `undefined` where ECS does not say. */
  readonly tasks: number | undefined;
  /** How many tasks the listing has of it that are to run; or what of that could not be read. */
  readonly listed: number | IncompleteScope;
}
