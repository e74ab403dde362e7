import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { loadSettings, readSources, type SettingsSources } from './load-settings.ts';
import type { FlagValues } from './read-flags.ts';
import { SETTING_LEAVES, type SettingLeaf, TEXT_LEAVES } from './setting-paths.ts';
import type { Settings } from './settings.ts';
import type { settingsSchema } from './settings-schema.ts';

/**
 * What a setting is to a comparison of two runs.
 *
 * | part     | the setting                                                                         |
 * |----------|-------------------------------------------------------------------------------------|
 * | switched | decides what is done with records: its two values are compared                      |
 * | reading  | says what is looked at, and how: that is done once, and a flag counts for both sides |
 * | beside   | changes no record                                                                   |
 * | silent   | says where something is, or how it is told                                          |
 */
export type SettingPart = 'switched' | 'reading' | 'beside' | 'unreachable';

const PARTS: Readonly<Record<keyof typeof settingsSchema.shape, SettingPart>> = {
  zone: 'unreachable',
  clusters: 'reading',
  policy: 'switched',
  manage: 'switched',
  records: 'switched',
  addresses: 'switched',
  cname: 'switched',
  correct: 'switched',
  stopUnhealthyTasks: 'beside',
  stopLimit: 'beside',
  eventBus: 'beside',
  health: 'reading',
  guardrails: 'switched',
  every: 'beside',
  journal: 'unreachable',
  output: 'unreachable',
};

/** A setting that a flag sets otherwise. */
export interface SwitchedSetting {
  /** Dotted, as the docs write it. */
  readonly name: string;
  readonly variable: string;
  readonly part: SettingPart;
  /** As a config file would hold them; `undefined` for nothing, and for what is secret. */
  readonly from: unknown;
  readonly to: unknown;
}

/** The settings in force, and those to which they are to be switched. */
export interface SettingsSwitch {
  readonly from: Settings;
  readonly to: Settings;
  /** All that differ, in the order of the schema. */
  readonly differences: readonly SwitchedSetting[];
}

/**
 * What file and variables say is in force; what the flags say on top is what is to be switched to. The policy
 * to switch to is `sync` unless a flag names another. Throws a `SettingsError` as `loadSettings` does.
 */
export function loadSwitch({ flags = {}, ...inForce }: SettingsSources): SettingsSwitch {
  const target = { ...inForce, flags: { '--policy': 'sync', ...flags } };
  const to = loadSettings(target);
  const from = loadSettings({ ...inForce, flags: sharedOf(flags) });
  const [before, after] = [writtenIn(inForce), writtenIn(target)];
  const differences = SETTING_LEAVES.flatMap((leaf): readonly SwitchedSetting[] => {
    const values = { from: before(leaf), to: after(leaf) };
    if (isSame(leaf, values)) return [];
    const { name, variable, isSecret } = leaf;
    const shown = isSecret === true ? { from: undefined, to: undefined } : values;
    return [{ name, variable, part: partOf(leaf), ...shown }];
  });
  return { from, to, differences };
}

/** The flags that count for both sides. */
function sharedOf(flags: FlagValues): FlagValues {
  const switched = new Set(
    TEXT_LEAVES.filter((leaf) => partOf(leaf) === 'switched').flatMap(({ flag, shortFlag }) => [
      flag,
      shortFlag,
    ]),
  );
  return Object.fromEntries(Object.entries(flags).filter(([flag]) => !switched.has(flag)));
}

function partOf({ path }: Pick<SettingLeaf, 'path'>): SettingPart {
  const parts = new Map<string | undefined, SettingPart>(Object.entries(PARTS));
  return parts.get(path[0]) ?? 'unreachable';
}

/** What the strongest source says, or else the default. */
function writtenIn(sources: SettingsSources): (leaf: SettingLeaf) => unknown {
  const strongest = new Map(readSources(sources).assignments.map(({ leaf, value }) => [leaf.name, value]));
  return ({ name, defaultValue }) => (strongest.has(name) ? strongest.get(name) : defaultValue);
}

/** Whether two spellings say the same, such as `60s` and `1m`. */
function isSame({ schema }: SettingLeaf, { from, to }: Pick<SwitchedSetting, 'from' | 'to'>): boolean {
  if (from === undefined || to === undefined) return from === to;
  return isDeepStrictEqual(z.parse(schema, from), z.parse(schema, to));
}
