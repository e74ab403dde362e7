import type { FlagValue, FlagValues } from './read-texts.ts';
import { defaultItems, FLAGS, inWords, TEXT_SETTINGS, type TextSetting } from './setting-paths.ts';
import { TEXT_FORMS } from './text-values.ts';

/** One flag as commander's `Option` takes it; no default, so that only a flag that was given counts. */
export interface SettingOption {
  readonly flags: string;
  readonly description: string;
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

function optionsOf(leaf: TextSetting): readonly SettingOption[] {
  const { flag, shortFlag, kind, path, description } = leaf;
  const { placeholder = `<${inWords(path.at(-1) ?? kind)}>`, isSwitch, isRepeatable } = TEXT_FORMS[kind];
  const whole = {
    flags: `${flag} ${placeholder}`,
    // Descriptions are Markdown; a terminal shows the marks as they are.
    description: `${description.replaceAll('`', '')} (${describeDefault(leaf)})`,
    isRepeatable,
  };
  const off = { flags: `--no-${flag.slice(2)}`, description: `Short for ${flag}=false.` };
  const short = { flags: `${shortFlag} ${placeholder}`, description: `Short for ${flag}.` };
  return [whole, ...(isSwitch ? [off] : []), ...(shortFlag === undefined ? [] : [short])];
}

function describeDefault(leaf: TextSetting): string {
  if (leaf.isRequired) return 'required';
  if (leaf.defaultValue === undefined) return 'optional';
  return `default: ${defaultItems(leaf).join(',') || 'empty'}`;
}

function optionKey(flag: string): string {
  return flag.slice(2).replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function isFlagValue(value: unknown): value is FlagValue {
  if (typeof value === 'string' || typeof value === 'boolean') return true;
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
