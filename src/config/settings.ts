import type { z } from 'zod';
import type { AddressRange } from '../model/address-range.ts';
import type { Manage } from '../model/manage.ts';
import type { StatusRange } from '../model/status-matcher.ts';
import type { ZoneSelector } from '../model/zone.ts';
import type { settingsSchema } from './settings-schema.ts';

/** The settings of a run, complete and checked; every duration is in milliseconds. */
export interface Settings {
  readonly zone: ZoneSelector;
  /** Names or ARNs, each once; empty for all clusters. */
  readonly clusters: readonly string[];
  readonly policy: 'prune';
  readonly manage: Manage;
  readonly health: HealthSettings;
  readonly guardrails: GuardrailSettings;
  readonly output: 'text' | 'json';
}

export interface HealthSettings {
  readonly enabled: boolean;
  readonly path: string;
  readonly matcher: readonly StatusRange[];
  readonly method: 'GET' | 'HEAD' | 'OPTIONS';
  readonly timeoutMs: number;
  readonly attempts: number;
  readonly intervalMs: number;
  readonly concurrency: number;
  readonly gracePeriodMs: number;
  /** Names as written; the values may be secrets and are not for printing. */
  readonly headers: Readonly<Record<string, string>>;
  readonly allow: readonly AddressRange[];
}

export interface GuardrailSettings {
  readonly removalBudgetPercent: number;
  readonly panicPercent: number;
  readonly minEndpoints: number;
  readonly allowEmpty: boolean;
}

type CheckedSettings = z.output<typeof settingsSchema>;

/** The schema's output under the names that the rest of the program uses, units included. */
export function resolveSettings(checked: CheckedSettings): Settings {
  const { timeout, interval, gracePeriod, ...health } = checked.health;
  return {
    ...checked,
    manage: manageScope(checked.manage),
    health: { ...health, timeoutMs: timeout, intervalMs: interval, gracePeriodMs: gracePeriod },
  };
}

function manageScope(manage: CheckedSettings['manage']): Manage {
  return typeof manage === 'string' ? { kind: manage } : { kind: 'patterns', patterns: manage };
}
