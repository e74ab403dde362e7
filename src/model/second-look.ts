import type { Cluster, Container, Endpoint, Host, IncompleteScope, StrangerLookup } from './inventory.ts';

/**
 * What is looked at once more before stale entries go, directly and narrowly: a listing of ECS or EC2
 * may lack what runs, and one reading cannot tell that from the truth.
 */
export interface SecondLookQuery {
  readonly clusters: readonly ClusterLook[];
  /** Instances that EC2 called gone, or did not know. */
  readonly instanceIds: readonly string[];
  /** Hosts that EC2 may have under a name that is in doubt, normalised; of one label: in any domain. */
  readonly hostNames: readonly string[];
  /** Those of them that may be the name of a network interface. */
  readonly interfaceNames: readonly string[];
}

/** The hosts of one cluster on which nothing is said to run of what entries name. */
export interface ClusterLook {
  readonly cluster: Cluster;
  readonly hosts: readonly Host[];
  /** How many entries wait for the answer; it bounds the listings that may be spent on them. */
  readonly candidates: number;
  /** The tasks of the cluster that the inventory has, by ARN. */
  readonly knownTasks: ReadonlySet<string>;
}

/** What the second look has seen. */
export interface SecondLook {
  /** Of tasks on those hosts that the inventory did not have, running and stopping ones. */
  readonly containers: readonly Container[];
  readonly endpoints: readonly Endpoint[];
  /** By `Host.containerInstance`; ECS no longer has those that are absent, or could not be asked. */
  readonly machines: ReadonlyMap<string, Machine>;
  /** Those of the instance ids that EC2 has, in any state but shutting-down and terminated. */
  readonly instances: ReadonlySet<string>;
  readonly named: StrangerLookup;
  /** What could not be asked: container instances by ARN, instances by id. */
  readonly unasked: ReadonlyMap<string, IncompleteScope>;
  readonly incomplete: readonly IncompleteScope[];
}

/** A container instance as ECS describes it at the second look. */
export interface Machine {
  readonly agentConnected: boolean;
  /** How many tasks it has, running and pending ones; `undefined` where ECS does not say. */
  readonly tasks: number | undefined;
  /** Whether its tasks were listed once more. */
  readonly isListed: boolean;
}
