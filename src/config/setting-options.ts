import type { FlagValue, FlagValues } from './read-texts.ts';
import { defaultItems, FLAGS, inWords, TEXT_SETTINGS, type TextSetting } from './setting-paths.ts';
import { TEXT_FORMS } from './text-values.ts';

/** One flag as commander's `Option` takes it; no default, so that only a flag that was given counts. */
export interface SettingOption {
  readonly setting: TextSetting;
  readonly flags: string;
  /** How the help shows it; nothing for another way to write a flag that the help has already. */
  readonly term?: string;
  /** Whether every occurrence adds a value; otherwise the last one counts. */
  readonly isRepeatable?: true | undefined;
}

/** The options for all settings that a flag can set, in the order of the schema. */
export function settingOptions(): readonly SettingOption[] {
  return TEXT_SETTINGS.flatMap(optionsOf);
}

/**
 * Picks the settings' flags out of parsed options, which commander keys in camel case
 * (`healthGracePeriod`); options that are no settings are left alone.
 */
export function flagValuesOf(options: Readonly<Record<string, unknown>>): FlagValues {
  const given = [...FLAGS.keys()].map((flag) => [flag, options[optionKey(flag)]] as const);
  return Object.fromEntries(given.filter((pair): pair is [string, FlagValue] => isFlagValue(pair[1])));
}

/** Adds an occurrence of a repeatable flag to those before it, which for a switch may be a bare one. */
export function collectTexts(text: string, before: unknown): readonly unknown[] {
  return Array.isArray(before) ? [...before, text] : [text];
}

/** The default as the help shows it; nothing where it is off, empty, or too long for a line. */
export function shownDefault(setting: TextSetting): string | undefined {
  const items = defaultItems(setting);
  const isOff = items.length === 0 || items.length > 2 || items[0] === 'false';
  return isOff ? undefined : items.join(',');
}

function optionsOf(setting: TextSetting): readonly SettingOption[] {
  const { flag, shortFlag, kind, path } = setting;
  const { placeholder = `<${inWords(path.at(-1) ?? kind)}>`, isSwitch, isRepeatable } = TEXT_FORMS[kind];
  const term =
    kind === 'boolean' ? (shortFlag ?? `--[no-]${flag.slice(2)}`) : `${shortFlag ?? flag} ${placeholder}`;
  return [
    { setting, flags: `${flag} ${placeholder}`, term, isRepeatable },
    ...(isSwitch ? [{ setting, flags: `--no-${flag.slice(2)}` }] : []),
    ...(shortFlag === undefined ? [] : [{ setting, flags: `${shortFlag} ${placeholder}` }]),
  ];
}

/** As commander keys the option of a flag. */
export function optionKey(flag: string): string {
  return flag.slice(2).replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function isFlagValue(value: unknown): value is FlagValue {
  if (typeof value === 'string' || typeof value === 'boolean') return true;
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
