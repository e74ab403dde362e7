import { z } from 'zod';
import { checkTogether } from './check-together.ts';
import { describeFault, faultsOf } from './faults.ts';
import { readConfigFile } from './read-file.ts';
import { type Environment, type FlagValues, readFlags, readVariables } from './read-texts.ts';
import { CONFIG_VARIABLE, findSetting, nameOf } from './setting-paths.ts';
import type { Settings, SettingsInput } from './settings.ts';
import { SettingsError, type SettingsProblem } from './settings-error.ts';
import { settingsSchema } from './settings-schema.ts';
import {
  buildTree,
  inForceOf,
  isBelow,
  type Path,
  readMapping,
  type Source,
  type Written,
} from './settings-tree.ts';

/** Where settings are read from, as the command line reads them. */
export interface SettingsSources {
  /** The config file that `--config` names; without it `ECS_DNS_CONFIG` may name one. */
  readonly file?: string | undefined;
  readonly env?: Environment;
  readonly flags?: FlagValues;
  /** The id of the zone that counts where no source names one. */
  readonly zoneId?: string | undefined;
}

/**
 * The settings of a run, from a plain object written as a config file is, or from the sources of the command
 * line: a flag wins over a variable, a variable over the file, the file over the default; lists and maps are
 * replaced whole. A value is checked even where a stronger one overrides it. Throws a `SettingsError` that holds
 * every problem of every source.
 *
 * @example
 * const settings = parseSettings({ zone: 'servicediscovery.internal', health: { path: '/ready' } });
 * @example
 * const settings = parseSettings({ file: 'ecs-dns.yml', env: process.env });
 */
export function parseSettings(input: SettingsInput | SettingsSources): Settings {
  const isObject = !isSources(input);
  const sources = isObject ? [readObject(input)] : readSources(input);
  const inForce = inForceOf(sources);
  const result = settingsSchema.safeParse(buildTree(inForce));
  const faults = faultsOf(result.error);
  const problems = sources.flatMap((source) => problemsOf(source, inForce, faults));
  // What could not be read may well set what would otherwise be missing.
  const isUnread = sources.some((source) => source.isUnread);
  if (!isUnread) problems.push(...checkTogether(inForce, faults, isObject));
  if (problems.length === 0 && result.success) return result.data;
  throw new SettingsError(problems);
}

/** What the sources of the command line hold, the weakest first. */
export function readSources({ file, env = {}, flags = {}, zoneId }: SettingsSources): readonly Source[] {
  const zone: Written = { path: ['zone'], value: `/hostedzone/${zoneId}`, origin: { kind: 'none' } };
  const name = file ?? env[CONFIG_VARIABLE];
  return [
    { written: zoneId === undefined ? [] : [zone], problems: [] },
    ...(name === undefined ? [] : [readConfigFile(name, file === undefined ? CONFIG_VARIABLE : '--config')]),
    readVariables(env),
    readFlags(flags),
  ];
}

/** No setting has the name of a source. */
function isSources(input: SettingsInput | SettingsSources): input is SettingsSources {
  const keys = Object.keys(input);
  return keys.length > 0 && keys.every((key) => ['file', 'env', 'flags', 'zoneId'].includes(key));
}

function readObject(input: object): Source {
  return { written: readMapping({ ...input }, { origin: { kind: 'object' } }), problems: [] };
}

/** What is wrong with one source: first what is no setting, then the values, each in the order of the source. */
function problemsOf(
  { written, problems }: Source,
  inForce: readonly Written[],
  faults: readonly Path[],
): SettingsProblem[] {
  const isSetting = ({ path }: Written) => findSetting(nameOf(path)) !== undefined;
  const ordered = [...written.filter((one) => !isSetting(one)), ...written.filter(isSetting)];
  const found = ordered.flatMap((one) => {
    const { path } = one;
    const below = faults.filter((fault) => isBelow(path, fault)).map((fault) => fault.slice(path.length));
    const paths = inForce.includes(one) ? below : faultsApart(one);
    return paths.map((inside) => describeFault(inside, one)).toSorted((a, b) => lineOf(a) - lineOf(b));
  });
  return [...problems, ...found];
}

/** Behind an alias there is no line, and nothing to sort by. */
function lineOf({ origin }: SettingsProblem): number {
  return ('line' in origin ? origin.line : undefined) ?? Number.MAX_SAFE_INTEGER;
}

/** The faults of a value that is not in the tree: one that is overridden, or that stands where a section should. */
function faultsApart({ path, value }: Written): readonly Path[] {
  const setting = findSetting(nameOf(path));
  return setting === undefined ? [[]] : faultsOf(z.safeParse(setting.schema, value).error);
}
