import { z } from 'zod';
import type { ComparisonRole } from '../model/setting-difference.ts';
import { roleOf, type SettingTraits, type TextKind, traitsOf } from './setting.ts';
import { settingsSchema } from './settings-schema.ts';

/** What the name of every variable begins with. */
export const VARIABLE_PREFIX = 'ECS_DNS_';
/** Names the config file; the one variable with the prefix that is no setting. */
export const CONFIG_VARIABLE = 'ECS_DNS_CONFIG';

/** One setting where a config file has it. */
export interface Setting extends SettingTraits {
  readonly path: readonly string[];
  /** The path with dots, as the docs and messages write it: `health.gracePeriod`. */
  readonly name: string;
  readonly role: ComparisonRole;
  /** Whether it has to be set; one that is not required and has no default is optional. */
  readonly isRequired: boolean;
  /** As a config file would hold it; `undefined` when there is none. */
  readonly defaultValue: unknown;
  readonly schema: z.core.$ZodType;
}

/** One setting under all its names. */
export interface SettingLeaf extends Setting {
  /** `ECS_DNS_HEALTH_GRACE_PERIOD` */
  readonly variable: string;
  /** `--health-grace-period` */
  readonly flag: string;
}

/** A setting that can be written as text, and so as a variable or flag. */
export type TextLeaf = SettingLeaf & { readonly kind: TextKind };

/** All settings in the order of the schema. */
export const SETTING_LEAVES: readonly SettingLeaf[] = settingsBelow(settingsSchema, []).map(withNames);

/** Those that variables and flags can set. */
export const TEXT_LEAVES: readonly TextLeaf[] = SETTING_LEAVES.filter(isTextLeaf);

/** Those that only a config file can set: their variable and flag are names that do not exist. */
export const FILE_LEAVES: readonly SettingLeaf[] = SETTING_LEAVES.filter((leaf) => !isTextLeaf(leaf));

/** What a rule may hold, for each setting that is a list of rules; named as in the rule. */
export const RULE_SETTINGS: ReadonlyMap<string, readonly Setting[]> = new Map(
  FILE_LEAVES.map(({ name, schema }) => [name, settingsBelow(schema, [])]),
);

/** The names of the groups that settings come in: `health`, `guardrails`. */
export const SECTION_NAMES: ReadonlySet<string> = new Set(
  SETTING_LEAVES.flatMap(({ path }) => path.slice(1).map((_, index) => path.slice(0, index + 1).join('.'))),
);

const LEAF_BY_NAME = new Map(SETTING_LEAVES.map((leaf) => [leaf.name, leaf]));

/** The dotted name of what stands at a path; a key with a dot in it is no path, though it may look like one. */
export function nameOf(path: readonly string[]): string {
  return path.some((key) => key.includes('.')) ? '' : path.join('.');
}

/** The setting with this dotted name; `undefined` for a section and for anything unknown. */
export function findSetting(name: string): SettingLeaf | undefined {
  return LEAF_BY_NAME.get(name);
}

/** A setting's default as a variable would be set to it, item by item; nothing for an empty list or map. */
export function defaultItems({ defaultValue }: Setting): readonly string[] {
  const isPlain = ['string', 'number', 'boolean'].includes(typeof defaultValue);
  return Array.isArray(defaultValue) ? defaultValue.map(String) : isPlain ? [String(defaultValue)] : [];
}

/** The settings in a section, or in one rule of a list of rules. */
function settingsBelow(schema: z.core.$ZodType, path: readonly string[], role?: ComparisonRole): Setting[] {
  const fields = shapeOf(schema, path);
  return Object.entries(fields.shape).flatMap(([key, child]) => {
    const [childPath, inherited] = [[...path, key], roleOf(fields) ?? role ?? 'compared'];
    const traits = traitsOf(child);
    if (traits === undefined) return settingsBelow(child, childPath, inherited);
    const hasDefault = child instanceof z.ZodPrefault;
    return {
      ...traits,
      role: traits.role ?? inherited,
      path: childPath,
      name: childPath.join('.'),
      isRequired: !hasDefault && !(child instanceof z.ZodOptional),
      defaultValue: hasDefault ? child.def.defaultValue : undefined,
      schema: child,
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

function withNames(setting: Setting): SettingLeaf {
  const words = setting.path.map(inWords).join('-');
  return {
    ...setting,
    variable: VARIABLE_PREFIX + words.replaceAll('-', '_').toUpperCase(),
    flag: `--${words}`,
  };
}

/** `grace-period` for `gracePeriod`. */
export function inWords(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function isTextLeaf(leaf: SettingLeaf): leaf is TextLeaf {
  return leaf.kind !== 'rules';
}
