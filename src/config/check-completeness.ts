import { z } from 'zod';
import type { Assignment } from './reading.ts';
import { findSetting, SETTING_LEAVES, type SettingLeaf } from './setting-paths.ts';
import { type SettingsProblem, showValue } from './settings-error.ts';

const MEMORY = 'health.memory';
/** More than one run in a row can't be counted by a run that knows nothing of the one before. */
const THRESHOLDS: ReadonlySet<string> = new Set(['health.unhealthyThreshold', 'health.healthyThreshold']);

/** What has to be set beside what is set; the assignments of all sources, the weakest first. */
export function checkCompleteness(assignments: readonly Assignment[]): readonly SettingsProblem[] {
  const strongest = new Map(assignments.map((assignment) => [assignment.leaf.name, assignment]));
  const missing = SETTING_LEAVES.filter(({ isRequired, name }) => isRequired && !strongest.has(name));
  const memory = findSetting(MEMORY);
  const forgetful = [...strongest.values()].filter(
    ({ leaf, value }) => THRESHOLDS.has(leaf.name) && isMoreThanOne(leaf, value),
  );
  const lacksMemory = memory !== undefined && !strongest.has(MEMORY);
  return [
    ...missing.map(missingSetting),
    ...(lacksMemory ? forgetful.map((threshold) => missingMemory(threshold, memory)) : []),
  ];
}

/** A value that is not valid is reported as that alone. */
function isMoreThanOne({ schema }: SettingLeaf, value: unknown): boolean {
  return typeof value === 'number' && value > 1 && z.safeParse(schema, value).success;
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

function howToSet({ flag, variable, name, allowed }: SettingLeaf): string {
  return `set ${flag}, ${variable} or ${name} in a config file to ${allowed}`;
}
