import type { SettingInForce } from '../model/setting-in-force.ts';
import { readSources, type SettingsSources } from './parse-settings.ts';
import { defaultItems, nameOf, SETTINGS, type Setting } from './setting-paths.ts';
import type { Origin } from './settings-error.ts';
import { inForceOf, type Written } from './settings-tree.ts';

/** All settings in the order of the schema, from valid sources; of a secret one it is told only that it is set. */
export function settingsInForce(sources: SettingsSources): readonly SettingInForce[] {
  const written = new Map(inForceOf(readSources(sources)).map((one) => [nameOf(one.path), one]));
  return SETTINGS.map((setting) => inForce(setting, written.get(setting.name)));
}

function inForce(setting: Setting, written: Written | undefined): SettingInForce {
  const { name, isSecret = false } = setting;
  const value =
    written === undefined ? defaultItems(setting).join(',') || undefined : valueText(written.value);
  const from = written && originText(written.origin);
  return { name, value: isSecret ? undefined : value, isSecret, from };
}

function valueText(value: unknown): string {
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value.join(',');
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function originText(origin: Origin): string {
  switch (origin.kind) {
    case 'file':
      return origin.file;
    case 'variable':
    case 'flag':
      return origin.name;
    case 'object':
    case 'none':
      return 'the program';
  }
}
