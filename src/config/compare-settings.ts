import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { SettingDifference } from '../model/setting-difference.ts';
import { parseSettings, readSources, type SettingsSources } from './parse-settings.ts';
import { nameOf, SETTING_LEAVES, type SettingLeaf, TEXT_LEAVES } from './setting-paths.ts';
import type { Settings } from './settings.ts';
import { mergeWritten } from './settings-tree.ts';

/** The settings in force, and the alternative to them. */
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
  const compared = TEXT_LEAVES.filter(({ role }) => role === 'compared');
  const names = new Set(compared.flatMap(({ flag, shortFlag }) => [flag, shortFlag]));
  const shared = Object.entries(flags).filter(([flag]) => !names.has(flag));
  const inForce = parseSettings({ ...current, flags: Object.fromEntries(shared) });
  const [from, to] = [writtenIn(current), writtenIn(target)];
  const differences = SETTING_LEAVES.flatMap((leaf) => difference(leaf, from(leaf), to(leaf)));
  return { inForce, alternative, differences };
}

function difference(leaf: SettingLeaf, from: unknown, to: unknown): readonly SettingDifference[] {
  if (isDeepStrictEqual(read(leaf, from), read(leaf, to))) return [];
  const { name, role, isSecret } = leaf;
  return [{ name, role, ...(isSecret ? { from: undefined, to: undefined } : { from, to }) }];
}

/** What a value means, so that `60s` and `1m` are the same. */
function read({ schema }: SettingLeaf, value: unknown): unknown {
  return value === undefined ? undefined : z.parse(schema, value);
}

/** What the strongest source says, or else the default. */
function writtenIn(sources: SettingsSources): (leaf: SettingLeaf) => unknown {
  const { inForce } = mergeWritten(readSources(sources).flatMap(({ written }) => written));
  const values = new Map([...inForce].map(({ path, value }) => [nameOf(path), value]));
  return ({ name, defaultValue }) => values.get(name) ?? defaultValue;
}
