import type { FlagValue, FlagValues } from './read-texts.ts';
import { defaultItems, inWords, TEXT_LEAVES, type TextLeaf } from './setting-paths.ts';
import { TEXT_FORMS } from './text-values.ts';

/** One flag as commander's `Option` takes it; no default, so that only a flag that was given counts. */
export interface SettingOption {
  readonly flags: string;
  readonly description: string;
  /** Whether every occurrence adds a value; otherwise the last one counts. */
  readonly isRepeatable: boolean;
}

/** The options for all settings that a flag can set, in the order of the schema. */
export function settingOptions(): readonly SettingOption[] {
  return TEXT_LEAVES.flatMap(optionsOf);
}

/**
 * Picks the settings' flags out of parsed options, which commander keys in camel case
 * (`healthGracePeriod`); options that are no settings are left alone.
 */
export function flagValuesOf(options: Readonly<Record<string, unknown>>): FlagValues {
  const flags = TEXT_LEAVES.flatMap(({ flag, shortFlag }) => (shortFlag ? [shortFlag, flag] : [flag]));
  const given = flags.map((flag) => [flag, options[optionKey(flag)]] as const);
  return Object.fromEntries(given.filter((pair): pair is [string, FlagValue] => isFlagValue(pair[1])));
}

/** Adds an occurrence of a repeatable flag to those before it, which for a switch may be a bare one. */
export function collectTexts(text: string, before: unknown): readonly unknown[] {
  return Array.isArray(before) ? [...before, text] : [text];
}

function optionsOf(leaf: TextLeaf): readonly SettingOption[] {
  const { flag, shortFlag, kind, path, description } = leaf;
  const {
    placeholder = `<${inWords(path.at(-1) ?? kind)}>`,
    isSwitch,
    isRepeatable = false,
  } = TEXT_FORMS[kind];
  const short = (flags: string, of: string) => ({
    flags,
    description: `Short for ${of}.`,
    isRepeatable: false,
  });
  return [
    {
      flags: `${flag} ${placeholder}`,
      description: `${plain(description)} (${describeDefault(leaf)})`,
      isRepeatable,
    },
    ...(isSwitch ? [short(`--no-${flag.slice(2)}`, `${flag}=false`)] : []),
    ...(shortFlag === undefined ? [] : [short(`${shortFlag} [boolean]`, flag)]),
  ];
}

function describeDefault(leaf: TextLeaf): string {
  if (leaf.isRequired) return 'required';
  if (leaf.defaultValue === undefined) return 'optional';
  return `default: ${defaultItems(leaf).join(',') || 'empty'}`;
}

/** Descriptions are Markdown; a terminal shows the marks as they are. */
function plain(markdown: string): string {
  return markdown.replaceAll('`', '');
}

function optionKey(flag: string): string {
  return flag.slice(2).replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function isFlagValue(value: unknown): value is FlagValue {
  if (typeof value === 'string' || typeof value === 'boolean') return true;
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
