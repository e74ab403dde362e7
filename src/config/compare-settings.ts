import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { SettingDifference } from '../model/setting-difference.ts';
import { parseSettings, readSources, type SettingsSources } from './parse-settings.ts';
import { FLAGS, nameOf, SETTINGS, type Setting } from './setting-paths.ts';
import type { Settings } from './settings.ts';
import { inForceOf } from './settings-tree.ts';

export interface SettingsAlternative {
  readonly inForce: Settings;
  readonly alternative: Settings;
  /** All that differ, in the order of the schema. */
  readonly differences: readonly SettingDifference[];
}

/**
 * What file and variables say is in force; what the flags say on top is the alternative, whose policy is `sync`
 * unless a flag names another. Throws a `SettingsError` as `parseSettings` does.
 *
 * @example
 * const { inForce, alternative, differences } = parseAlternative({ file: 'ecs-dns.yml', flags: { '--cname': 'true' } });
 */
export function parseAlternative({ flags = {}, ...current }: SettingsSources): SettingsAlternative {
  const target = { ...current, flags: { '--policy': 'sync', ...flags } };
  const alternative = parseSettings(target);
  const shared = Object.entries(flags).filter(([flag]) => FLAGS.get(flag)?.role !== 'compared');
  const inForce = parseSettings({ ...current, flags: Object.fromEntries(shared) });
  const [valueBefore, valueAfter] = [valuesIn(current), valuesIn(target)];
  const differences = SETTINGS.flatMap((setting) => {
    const { name, role, isSecret, schema } = setting;
    const [from, to] = [valueBefore(setting), valueAfter(setting)];
    // Compared by what they mean, so that `60s` and `1m` are the same.
    const [before, after] = [from, to].map((value) => value !== undefined && z.parse(schema, value));
    if (isDeepStrictEqual(before, after)) return [];
    return [{ name, role, ...(isSecret ? { from: undefined, to: undefined } : { from, to }) }];
  });
  return { inForce, alternative, differences };
}

/** What the strongest source says, or else the default. */
export function valuesIn(sources: SettingsSources): (setting: Setting) => unknown {
  const inForce = inForceOf(readSources(sources));
  const values = new Map(inForce.map(({ path, value }) => [nameOf(path), value]));
  return ({ name, defaultValue }) => values.get(name) ?? defaultValue;
}
