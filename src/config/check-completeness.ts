import { z } from 'zod';
import type { Assignment } from './reading.ts';
import { findSetting, SETTING_LEAVES, type SettingLeaf } from './setting-paths.ts';
import { type SettingsProblem, showValue } from './settings-error.ts';

const MEMORY = 'health.memory';
/** More than one run in a row can't be counted by a run that knows nothing of the one before. */
const THRESHOLDS: ReadonlySet<string> = new Set(['health.unhealthyThreshold', 'health.healthyThreshold']);

const STOPPING = 'stopUnhealthyTasks';
/** Whatever finds a task unhealthy. */
const CHECKS = ['health.enabled', 'health.trustEcs'] as const;

/** What has to be set beside what is set; the assignments of all sources, the weakest first. */
export function checkCompleteness(assignments: readonly Assignment[]): readonly SettingsProblem[] {
  const strongest = new Map(assignments.map((assignment) => [assignment.leaf.name, assignment]));
  const missing = SETTING_LEAVES.filter(({ isRequired, name }) => isRequired && !strongest.has(name));
  const memory = findSetting(MEMORY);
  const forgetful = [...strongest.values()].filter(
    ({ leaf, value }) => THRESHOLDS.has(leaf.name) && isMoreThanOne(leaf, value),
  );
  const lacksMemory = memory !== undefined && !strongest.has(MEMORY);
  const stopping = strongest.get(STOPPING);
  return [
    ...missing.map(missingSetting),
    ...(lacksMemory ? forgetful.map((threshold) => missingMemory(threshold, memory)) : []),
    ...(stopping !== undefined && isBlind(stopping, strongest) ? [missingCheck(stopping)] : []),
  ];
}

/** A value that is not valid is reported as that alone. */
function isMoreThanOne({ schema }: SettingLeaf, value: unknown): boolean {
  return typeof value === 'number' && value > 1 && z.safeParse(schema, value).success;
}

/** Whether tasks are to be stopped that nothing ever finds unhealthy. */
function isBlind(stopping: Assignment, strongest: ReadonlyMap<string, Assignment>): boolean {
  const isOn = stopping.value !== false && z.safeParse(stopping.leaf.schema, stopping.value).success;
  return (
    isOn && CHECKS.every((name) => (strongest.get(name)?.value ?? findSetting(name)?.defaultValue) === false)
  );
}

function missingSetting(leaf: SettingLeaf): SettingsProblem {
  return {
    setting: leaf.name,
    origin: { kind: 'none' },
    value: undefined,
    fault: 'required, but not set',
    remedy: howToSet(leaf),
  };
}

function missingMemory({ leaf, value, origin }: Assignment, memory: SettingLeaf): SettingsProblem {
  return {
    setting: leaf.name,
    origin,
    value: showValue(value),
    fault: `needs ${MEMORY}, which is not set`,
    remedy: `${howToSet(memory)}, or ${leaf.name} to 1`,
  };
}

function missingCheck({ leaf, value, origin }: Assignment): SettingsProblem {
  return {
    setting: leaf.name,
    origin,
    value: showValue(value),
    fault: `needs ${CHECKS.join(' or ')}, which are both off`,
    remedy: `set one of them to true, or ${leaf.name} to false`,
  };
}

function howToSet({ flag, variable, name, allowed }: SettingLeaf): string {
  return `set ${flag}, ${variable} or ${name} in a config file to ${allowed}`;
}
