import type { CheckOverrides, HealthCheck } from '../model/health-check.ts';
import type { HealthThresholds } from '../model/health-history.ts';
import type { RecordOverrides } from '../model/inventory.ts';
import type { Manage } from '../model/manage.ts';
import type { SyncOptions } from '../model/registration.ts';
import type { NameRule } from '../model/rule-resolver.ts';
import type { DeregisteredSince } from '../model/task-stop.ts';
import type { GuardrailLimits } from './guard/guardrail.ts';

export { type CheckOf, checkResolver } from './judge/check-resolver.ts';

/** How the health of endpoints is found out, and what it takes. Durations in milliseconds. */
export interface HealthPolicy extends HealthCheck, HealthThresholds {
  readonly enabled: boolean;
  readonly gracePeriodMs: number;
  readonly trustEcs: boolean;
  /** The ECS services whose target groups are believed: all, none, or those whose name matches a pattern (`*`). */
  readonly trustTargetGroups: boolean | readonly string[];
  /** The first rule whose pattern matches a service name applies to its checks. */
  readonly services: readonly NameRule<CheckOverrides>[];
}

/** How what is missing is registered. */
export interface SyncPolicy extends SyncOptions {
  /** The first rule whose pattern matches a service name applies to its records. */
  readonly services: readonly NameRule<RecordOverrides>[];
  /** Which load-balanced ECS services get a CNAME: all, none, or those whose name matches a pattern (`*`). */
  readonly cname: boolean | readonly string[];
}

/** Which tasks may be stopped, and what earlier runs of the process have seen of them. */
export interface StoppingPolicy extends Pick<SyncPolicy, 'services'> {
  /** The ECS services whose tasks may be stopped: all, or those whose name matches a pattern (`*`). */
  readonly ecsServices: true | readonly string[];
  /** Tasks of one ECS service that a run may stop. */
  readonly limit: number;
  /** In seconds: how long answers are kept of a name about which nothing else is known. */
  readonly ttl: number;
  readonly deregisteredSince: DeregisteredSince;
}

/** What a plan is to bring about, and how far it may go: plain data, as settings have it. */
export interface Policy {
  readonly manage: Manage;
  readonly health: HealthPolicy;
  /** What is registered; `undefined` where records are only removed. */
  readonly sync?: SyncPolicy | undefined;
  /** Which tasks may be stopped; `undefined` where none may. */
  readonly stopping?: StoppingPolicy | undefined;
  readonly limits: GuardrailLimits;
}
