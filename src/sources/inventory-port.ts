import type {
  BalancedServices,
  ServiceConfirmation,
  ServiceConfirmationQuery,
  ServiceQuery,
} from '../model/balanced-service.ts';
import type { ConfirmationQuery, ConfirmationReads } from '../model/confirmation.ts';
import type { EcsHealthLookup } from '../model/ecs-health.ts';
import type {
  Container,
  Endpoint,
  GraceLookup,
  Inventory,
  NetworkCoverage,
  UnknownHostLookup,
} from '../model/inventory.ts';
import type { Scope } from '../model/scope.ts';
import type { TargetHealthLookup } from '../model/target-health.ts';
import type { ServiceState } from '../model/task-stop.ts';
import type { ZoneVpc } from '../model/zone.ts';

/** What a run reads of what runs, and of what balances its load. */
export interface InventoryPort {
  /** Throws a `RunError` for a configured cluster that does not exist; all else that fails is a scope. */
  take(progress: InventoryProgress, signal: AbortSignal | undefined): Promise<Inventory>;
  lookUpUnknownHosts(query: UnknownHostQuery, signal: AbortSignal | undefined): Promise<UnknownHostLookup>;
  /** How much of the networks of a zone this role sees; whatever cannot be read is a gap. */
  readCoverage(query: CoverageQuery, signal: AbortSignal | undefined): Promise<NetworkCoverage>;
  /** Looks once more at what entries that are about to go as stale lead to. */
  confirm(query: ConfirmationQuery, signal: AbortSignal | undefined): Promise<ConfirmationReads>;
  /** The grace periods of the services that have started the given containers. */
  lookUpGracePeriods(containers: readonly Container[], signal: AbortSignal | undefined): Promise<GraceLookup>;
  /** What the target groups of the ECS services that have started them say of endpoints; all that fails is a scope. */
  readTargetHealth(
    endpoints: readonly Endpoint[],
    signal: AbortSignal | undefined,
  ): Promise<TargetHealthLookup>;
  /** What ECS's own health check says of containers by now; all that fails is `UNKNOWN`. */
  readEcsHealth(containers: readonly Container[], signal: AbortSignal | undefined): Promise<EcsHealthLookup>;
  /** How ECS services are, by `serviceKey`; one that could not be asked for is absent. */
  readServiceStates(
    keys: readonly string[],
    signal: AbortSignal | undefined,
  ): Promise<ReadonlyMap<string, ServiceState>>;
  /** The ECS services that are behind load balancers; all that fails is a scope. */
  readBalancedServices(query: ServiceQuery, signal: AbortSignal | undefined): Promise<BalancedServices>;
  /** Looks once more at the services whose CNAMEs are about to go. */
  confirmServices(
    query: readonly ServiceConfirmationQuery[],
    signal: AbortSignal | undefined,
  ): Promise<ServiceConfirmation>;
}

/** The inventory of a fleet, of which parts can be looked at by themselves. */
export interface FleetPort extends InventoryPort {
  /** Takes the part of the inventory that scopes name; nothing follows from what is missing in it. */
  takeScope(scopes: readonly Scope[], signal: AbortSignal | undefined): Promise<Inventory>;
  /** The services of some labels in all clusters: whose a name is, no single cluster can tell. */
  findServices(
    isOfInterest: ServiceQuery['isOfInterest'],
    signal: AbortSignal | undefined,
  ): Promise<BalancedServices>;
}

/** Called with the clusters read so far, of how many. */
export type InventoryProgress = (done: number, total: number) => void;

/** The addresses (canonical) of unknown hosts, and the networks in which their zone is answered. */
export interface CoverageQuery {
  readonly addresses: readonly string[];
  readonly vpcs: readonly ZoneVpc[];
  /** The account that owns what is covered; `undefined` as long as no cluster tells. */
  readonly account: string | undefined;
}

/** Host names to look up, normalised. A name of one label stands for it in any domain. */
export interface UnknownHostQuery {
  readonly hostNames: readonly string[];
  /** The addresses (canonical) of those that do not say it by their names. */
  readonly addressOf?: ReadonlyMap<string, string>;
  /** Those of them that may be the name of a task's own network interface. */
  readonly interfaceNames: readonly string[];
}
