import { z } from 'zod';
import { type SettingTraits, type TextKind, traitsOf } from './setting-traits.ts';
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
  SETTING_LEAVES.filter(({ kind }) => kind === 'rules').map(({ name, schema }) => [
    name,
    settingsBelow(itemOf(schema, name), []),
  ]),
);

/** The names of the groups that settings come in: `health`, `guardrails`. */
export const SECTION_NAMES: ReadonlySet<string> = new Set(
  SETTING_LEAVES.flatMap(({ path }) => path.slice(1).map((_, index) => path.slice(0, index + 1).join('.'))),
);

const LEAF_BY_NAME: ReadonlyMap<string, SettingLeaf> = new Map(
  SETTING_LEAVES.map((leaf) => [leaf.name, leaf]),
);

/** The setting with this dotted name; `undefined` for a section and for anything unknown. */
export function findSetting(name: string): SettingLeaf | undefined {
  return LEAF_BY_NAME.get(name);
}

function settingsBelow(schema: z.core.$ZodType, path: readonly string[]): readonly Setting[] {
  const traits = traitsOf(schema);
  if (traits !== undefined) return [describeSetting(schema, path, traits)];
  const section = withoutDefault(schema);
  if (!(section instanceof z.ZodObject)) {
    throw new TypeError(`the schema of ${path.join('.')} is neither a setting nor a section`);
  }
  return Object.entries<z.core.$ZodType>(section.shape).flatMap(([key, child]) =>
    settingsBelow(child, [...path, key]),
  );
}

/** The schema of one rule of a list of rules. */
function itemOf(schema: z.core.$ZodType, name: string): z.core.$ZodType {
  const list = withoutDefault(schema);
  if (list instanceof z.ZodArray) return list.element;
  throw new TypeError(`the schema of ${name} is no list of rules`);
}

function withoutDefault(schema: z.core.$ZodType): z.core.$ZodType {
  return schema instanceof z.ZodPrefault ? schema.unwrap() : schema;
}

function describeSetting(schema: z.core.$ZodType, path: readonly string[], traits: SettingTraits): Setting {
  const hasDefault = schema instanceof z.ZodPrefault;
  return {
    ...traits,
    path,
    name: path.join('.'),
    isRequired: !hasDefault && !(schema instanceof z.ZodOptional),
    defaultValue: hasDefault ? schema.def.defaultValue : undefined,
    schema,
  };
}

function withNames(setting: Setting): SettingLeaf {
  const words = setting.path
    .map((key) => key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`))
    .join('-');
  return {
    ...setting,
    variable: VARIABLE_PREFIX + words.replaceAll('-', '_').toUpperCase(),
    flag: `--${words}`,
  };
}

function isTextLeaf(leaf: SettingLeaf): leaf is TextLeaf {
  return leaf.kind !== 'rules';
}
