import type { z } from 'zod';
import type { AddressRange } from '../model/address-range.ts';
import type { HealthCheck, ServiceRule } from '../model/health-check.ts';
import type { JournalLocation } from '../model/journal-location.ts';
import type { Manage } from '../model/manage.ts';
import type { MemoryLocation } from '../model/memory-location.ts';
import type { RecordRule } from '../model/record-rule.ts';
import type { ZoneSelector } from '../model/zone.ts';
import { resolveHealthRule } from './health-rules.ts';
import { resolveRecordRule } from './record-rules.ts';
import type { settingsSchema } from './settings-schema.ts';

/** The settings of a run, complete and checked; every duration is in milliseconds. */
export interface Settings {
  readonly zone: ZoneSelector;
  /** Names or ARNs, each once; empty for all clusters. */
  readonly clusters: readonly string[];
  readonly policy: 'prune' | 'sync';
  readonly manage: Manage;
  readonly records: RecordSettings;
  readonly addresses: 'private' | 'public';
  /** Which load-balanced ECS services get a CNAME. */
  readonly cname: ServiceSwitch;
  readonly correct: boolean;
  /** Of which ECS services tasks may be stopped. */
  readonly stopUnhealthyTasks: ServiceSwitch;
  /** Tasks of one ECS service that a run may stop. */
  readonly stopLimit: number;
  /** Name or ARN. */
  readonly eventBus: string | undefined;
  readonly health: HealthSettings;
  readonly guardrails: GuardrailSettings;
  /** The time between two runs. */
  readonly everyMs: number;
  /** Where what a run removes is written down. */
  readonly journal: JournalLocation;
  readonly output: 'text' | 'json';
}

/** All services, none, or those whose name matches one of the patterns (`*`). */
export type ServiceSwitch = boolean | readonly string[];

/** What created records look like unless a service says otherwise. */
export interface RecordSettings {
  /** In seconds. */
  readonly ttl: number;
  readonly routing: 'weighted' | 'multivalue';
  readonly ipv6: boolean;
  /** The first whose pattern matches applies. */
  readonly services: readonly RecordRule[];
}

/** How an endpoint is checked unless a service's rule says otherwise, and what holds for all checks. */
export interface HealthSettings extends HealthCheck {
  readonly enabled: boolean;
  readonly concurrency: number;
  /** How long all probes of a run may take together. */
  readonly budgetMs: number;
  readonly gracePeriodMs: number;
  readonly allow: readonly AddressRange[];
  /** Whether an essential container that ECS calls UNHEALTHY is unhealthy without a probe. */
  readonly trustEcs: boolean;
  /** Runs in a row that must find an endpoint failing; 1 whenever nothing is remembered. */
  readonly unhealthyThreshold: number;
  /** Runs in a row that an endpoint which was failing must pass; 1 whenever nothing is remembered. */
  readonly healthyThreshold: number;
  readonly memory: MemoryLocation;
  /** The first whose pattern matches applies. */
  readonly services: readonly ServiceRule[];
}

export interface GuardrailSettings {
  readonly removalBudgetPercent: number;
  readonly unhealthyBudgetPercent: number;
  readonly panicPercent: number;
  readonly minEndpoints: number;
  readonly allowEmpty: boolean;
}

type CheckedSettings = z.output<typeof settingsSchema>;

/** The schema's output under the names that the rest of the program uses, units included. */
export function resolveSettings(checked: CheckedSettings): Settings {
  const { every, manage, health, journal, records, ...others } = checked;
  return {
    ...others,
    everyMs: every,
    eventBus: others.eventBus,
    manage: manageScope(manage),
    records: { ...records, services: records.services.map(resolveRecordRule) },
    health: resolveHealth(health),
    journal: journal ?? { kind: 'default' },
  };
}

function resolveHealth(checked: CheckedSettings['health']): HealthSettings {
  const { timeout, interval, gracePeriod, budget, memory, services, ...health } = checked;
  return {
    ...health,
    basicAuth: health.basicAuth,
    bodyContains: health.bodyContains,
    hostName: health.hostName,
    timeoutMs: timeout,
    intervalMs: interval,
    gracePeriodMs: gracePeriod,
    budgetMs: budget,
    memory: memory ?? { kind: 'none' },
    services: services.map(resolveHealthRule),
  };
}

function manageScope(manage: CheckedSettings['manage']): Manage {
  return typeof manage === 'string' ? { kind: manage } : { kind: 'patterns', patterns: manage };
}
