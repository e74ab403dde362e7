import type { Settings } from '../config/settings.ts';

/** What a policy depends on, and nothing else of the settings. */
export interface PolicyNeeds {
  /** Without `/hostedzone/`. */
  readonly zoneId: string;
  /** How the settings name the zone: a name has to be looked up. */
  readonly zoneBy: 'id' | 'name';
  /** Names or ARNs; empty for all clusters. */
  readonly clusters: readonly string[];
  readonly policy: Settings['policy'];
  /** Whether the grace periods of ECS services may be asked for. */
  readonly checksHealth: boolean;
  /** The DynamoDB table that remembers failures, if one does. */
  readonly memoryTable: string | undefined;
  /** For `plan` alone, which changes and remembers nothing. */
  readonly readOnly: boolean;
  readonly place: Place;
}

/** Where the worker runs; `undefined` for what is not known, which any value then matches. */
export interface Place {
  readonly region: string | undefined;
  readonly account: string | undefined;
}

/** What the settings need of AWS. `zoneId` is that of the zone which the settings name. */
export function policyNeeds(
  { zone, clusters, policy, health }: Settings,
  zoneId: string,
  { readOnly, place }: Pick<PolicyNeeds, 'readOnly' | 'place'>,
): PolicyNeeds {
  return {
    zoneId,
    zoneBy: zone.kind,
    clusters,
    policy,
    checksHealth: health.enabled || health.trustEcs,
    memoryTable: health.memory.kind === 'dynamodb' ? health.memory.table : undefined,
    readOnly,
    place,
  };
}
