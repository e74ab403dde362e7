import { z } from 'zod';
import type { ComparisonRole } from '../model/setting-difference.ts';
import { type SettingWords, settingWords, type ValueType, valueTypes } from './setting.ts';
import { settingsSchema } from './settings-schema.ts';
import type { TextKind } from './text-values.ts';

export const VARIABLE_PREFIX = 'ECS_DNS_';
/** Names the config file; the one variable with the prefix that is no setting. */
export const CONFIG_VARIABLE = 'ECS_DNS_CONFIG';

/** One setting under all its names. */
export interface Setting extends ValueType, SettingWords {
  readonly path: readonly string[];
  /** The path with dots, as the docs and messages write it: `health.gracePeriod`. */
  readonly name: string;
  /** `ECS_DNS_HEALTH_GRACE_PERIOD` */
  readonly variable: string;
  /** `--health-grace-period` */
  readonly flag: string;
  readonly role: ComparisonRole;
  /** Whether it has to be set; one that is not required and has no default is optional. */
  readonly isRequired: boolean;
  /** As a config file would hold it; `undefined` when there is none. */
  readonly defaultValue: unknown;
  readonly schema: z.core.$ZodType;
}

/** A setting that can be written as text, and so as a variable or flag. */
export type TextSetting = Setting & { readonly kind: TextKind };

export const SETTINGS: readonly Setting[] = settingsBelow(settingsSchema, []);

export const TEXT_SETTINGS = SETTINGS.filter((one): one is TextSetting => one.kind !== 'rules');

/** Those that only a config file can set: their variable and flag are names that do not exist. */
export const FILE_SETTINGS: readonly Setting[] = SETTINGS.filter(({ kind }) => kind === 'rules');

/** By their flags; the full flags come last: where both are given, the full name wins over the short one. */
export const FLAGS: ReadonlyMap<string, TextSetting> = new Map([
  ...TEXT_SETTINGS.flatMap((one) => (one.shortFlag === undefined ? [] : [[one.shortFlag, one] as const])),
  ...TEXT_SETTINGS.map((one) => [one.flag, one] as const),
]);

/** What a rule may hold, for each setting that is a list of rules; named as in the rule. */
export const RULE_SETTINGS: ReadonlyMap<string, readonly Setting[]> = new Map(
  FILE_SETTINGS.map(({ name, schema }) => [name, settingsBelow(schema, [])]),
);

/** The names of the groups that settings come in: `health`, `guardrails`. */
export const SECTION_NAMES: ReadonlySet<string> = new Set(
  SETTINGS.flatMap(({ path }) => path.slice(1).map((_, index) => path.slice(0, index + 1).join('.'))),
);

const BY_NAME = new Map(SETTINGS.map((one) => [one.name, one]));

/** The dotted name of what stands at a path; a key with a dot in it is no path, though it may look like one. */
export function nameOf(path: readonly string[]): string {
  return path.some((key) => key.includes('.')) ? '' : path.join('.');
}

/** The setting with this dotted name; `undefined` for a section and for anything unknown. */
export function findSetting(name: string): Setting | undefined {
  return BY_NAME.get(name);
}

/** A setting's default as a variable would be set to it, item by item; nothing for an empty list or map. */
export function defaultItems({ defaultValue }: Setting): readonly string[] {
  const isPlain = ['string', 'number', 'boolean'].includes(typeof defaultValue);
  return Array.isArray(defaultValue) ? defaultValue.map(String) : isPlain ? [String(defaultValue)] : [];
}

/** The settings in a section, or in one rule of a list of rules. */
function settingsBelow(section: z.core.$ZodType, path: readonly string[]): Setting[] {
  const fields = shapeOf(section, path);
  return Object.entries(fields.shape).flatMap(([key, schema]) => {
    const at = [...path, key];
    const hasDefault = schema instanceof z.ZodPrefault;
    const isOptional = schema instanceof z.ZodOptional;
    const type = valueTypes.get(hasDefault || isOptional ? schema.unwrap() : schema);
    const words = settingWords.get(schema);
    if (type === undefined || words === undefined) return settingsBelow(schema, at);
    const flag = `--${inWords(at.join('-'))}`;
    return {
      role: settingWords.get(fields)?.role ?? 'compared',
      ...type,
      ...words,
      path: at,
      name: at.join('.'),
      variable: VARIABLE_PREFIX + flag.slice(2).replaceAll('-', '_').toUpperCase(),
      flag,
      isRequired: !hasDefault && !isOptional,
      defaultValue: hasDefault ? schema.def.defaultValue : undefined,
      schema,
    };
  });
}

/** The object that a section or a list of rules is made of. */
function shapeOf(schema: z.core.$ZodType, path: readonly string[]): z.ZodObject {
  if (schema instanceof z.ZodObject) return schema;
  if (schema instanceof z.ZodPrefault) return shapeOf(schema.unwrap(), path);
  if (schema instanceof z.ZodPipe) return shapeOf(schema.in, path);
  if (schema instanceof z.ZodArray) return shapeOf(schema.element, path);
  throw new TypeError(`the schema of ${path.join('.')} is neither a setting nor a section`);
}

/** `grace-period` for `gracePeriod`. */
export function inWords(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
