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
  readonly usesIpv6: boolean;
  readonly makesCnames: boolean;
  /** Whether registries of ECS services name containers. */
  readonly readsRegistries: boolean;
  /** Whether target groups are asked for the health of their targets. */
  readonly asksTargets: boolean;
  readonly stopsTasks: boolean;
  /** The event bus that is told of changes, by name or ARN, if one is. */
  readonly eventBus: string | undefined;
  /** The URL of the queue that gets the events of ECS, if one does. */
  readonly events: string | undefined;
  /** Whether runs are held against the ones before. */
  readonly keepsState: boolean;
  /** The DynamoDB table that has the state of runs, if one does. */
  readonly stateTable: string | undefined;
  /** The ARN of the topic that is told of runs, if one is. */
  readonly topic: string | undefined;
  /** Whether it is told of plans, too. */
  readonly tellsDrift: boolean;
  /** For `plan` alone, which changes and remembers nothing. */
  readonly readOnly: boolean;
  /** For the agent of a host, which asks Route 53 alone. */
  readonly isAgent?: boolean | undefined;
  readonly scope: AccountScope;
}

/** Where the worker runs; `undefined` for what is not known, which any value then matches. */
export interface AccountScope {
  readonly region: string | undefined;
  readonly account: string | undefined;
}

/**
 * What the settings need of AWS. `zoneId` is that of the zone which the settings name.
 *
 * @example
 * const scope = { region: 'eu-west-1', account: undefined };
 * const needs = policyNeeds(settings, 'Z0123456789ABC', { readOnly: true, scope });
 */
export function policyNeeds(
  {
    zone,
    clusters,
    policy,
    names,
    records,
    cname,
    stopUnhealthyTasks,
    eventBus,
    events,
    health,
    state,
    notices,
  }: Settings,
  zoneId: string,
  { readOnly, scope }: Pick<PolicyNeeds, 'readOnly' | 'scope'>,
): PolicyNeeds {
  return {
    zoneId,
    zoneBy: zone.kind,
    clusters,
    policy,
    usesIpv6: records.ipv6,
    makesCnames: policy === 'sync' && cname !== false,
    readsRegistries: names.includes('registries'),
    stopsTasks: stopUnhealthyTasks !== false,
    eventBus,
    events,
    checksHealth: health.enabled || health.trustEcs || health.trustTargetGroups !== false,
    asksTargets: health.trustTargetGroups !== false,
    keepsState: state.kind !== 'none',
    topic: notices.topic,
    tellsDrift: notices.on.includes('drift'),
    stateTable: state.kind === 'dynamodb' ? state.table : undefined,
    readOnly,
    scope,
  };
}

/** What the agent of a host needs of it: its own engine tells it what runs. */
export function agentNeeds(needs: PolicyNeeds): PolicyNeeds {
  return {
    ...needs,
    isAgent: true,
    policy: 'prune',
    usesIpv6: false,
    makesCnames: false,
    readsRegistries: false,
    asksTargets: false,
    stopsTasks: false,
    events: undefined,
    topic: undefined,
    stateTable: undefined,
  };
}
