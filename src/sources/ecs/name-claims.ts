import type { Cluster } from '../../model/cluster.ts';
import type { RecordOverrides } from '../../model/inventory.ts';
import type { NameSource } from '../../model/name-source.ts';

/** A name that a registry gives to a port or to the address of each task of an ECS service. */
export interface NameClaim {
  readonly kind: 'port' | 'address';
  /** Relative to the zone, normalised; `undefined` where the registry could not be read. */
  readonly name: string | undefined;
  readonly overrides: RecordOverrides;
  /** The container of it; that which has the port, or the first, unless it is said. */
  readonly container: string | undefined;
  /** Of the container; `undefined` for an address, and where it is unknown which port is meant. */
  readonly port: number | undefined;
}

/** What the registries of its ECS service say of a task. One object serves all tasks of which they say the same. */
export interface TaskNames {
  /** The first that names something names it. */
  readonly order: readonly NameSource[];
  readonly claims: readonly NameClaim[];
  /** Whether it may have other names than these: it is of an earlier deployment, or something was not read. */
  readonly isOpen: boolean;
}

/** The task of which names are asked: the ECS service that keeps it, and the deployment that has started it. */
export interface NamedTask {
  readonly cluster: Cluster;
  readonly service: string | undefined;
  readonly startedBy: string | undefined;
}

/** What names the tasks of ECS services; `undefined` where their metadata alone do. */
export type NamesOf = (task: NamedTask) => TaskNames | undefined;

export const METADATA_ALONE: NamesOf = () => undefined;
