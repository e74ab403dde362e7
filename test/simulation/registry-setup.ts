import type { NameSource } from '../../src/model/name-source.ts';

/** What Cloud Map has, and what the settings make of it. */
export interface RegistrySetup {
  readonly order: readonly NameSource[];
  readonly services: readonly DiscoverySpec[];
  /** From when until when the role may not read Cloud Map. */
  readonly denied?: { readonly from: number; readonly until: number };
  /** Whether Cloud Map has its own records in the zone as well. */
  readonly ownsRecords: boolean;
}

/** A service of Cloud Map. */
export interface DiscoverySpec {
  readonly name: string;
  readonly types: readonly ('A' | 'SRV')[];
  /** In seconds. */
  readonly ttl: number;
  readonly routing: 'WEIGHTED' | 'MULTIVALUE';
  /** Whether it is of a namespace whose names are not those of the zone. */
  readonly isElsewhere: boolean;
}

/** What an ECS service registers with: a service of Cloud Map and a container port, by their numbers. */
export interface RegistrySpec {
  readonly discovery: number;
  readonly port?: number;
  /** Whether it says the port by `containerName` and `containerPort`; by `port` otherwise. */
  readonly namesContainer: boolean;
}
