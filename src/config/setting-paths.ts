import { z } from 'zod';
import { type SettingTraits, traitsOf } from './setting-traits.ts';
import { settingsSchema } from './settings-schema.ts';

/** What the name of every variable begins with. */
export const VARIABLE_PREFIX = 'ECS_DNS_';
/** Names the config file; the one variable with the prefix that is no setting. */
export const CONFIG_VARIABLE = 'ECS_DNS_CONFIG';

/** One setting under all its names. */
export interface SettingLeaf extends SettingTraits {
  readonly path: readonly string[];
  /** The path with dots, as the docs and messages write it: `health.gracePeriod`. */
  readonly name: string;
  /** `ECS_DNS_HEALTH_GRACE_PERIOD` */
  readonly variable: string;
  /** `--health-grace-period` */
  readonly flag: string;
  /** As a config file would hold it; `undefined` when the setting is required. */
  readonly defaultValue: unknown;
  readonly schema: z.core.$ZodType;
}

/** All settings in the order of the schema. */
export const SETTING_LEAVES: readonly SettingLeaf[] = leavesBelow(settingsSchema, []);

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

function leavesBelow(schema: z.core.$ZodType, path: readonly string[]): readonly SettingLeaf[] {
  const traits = traitsOf(schema);
  if (traits !== undefined) return [describeLeaf(schema, path, traits)];
  const section = schema instanceof z.ZodPrefault ? schema.unwrap() : schema;
  if (!(section instanceof z.ZodObject)) {
    throw new TypeError(`the schema of ${path.join('.')} is neither a setting nor a section`);
  }
  return Object.entries<z.core.$ZodType>(section.shape).flatMap(([key, child]) =>
    leavesBelow(child, [...path, key]),
  );
}

function describeLeaf(schema: z.core.$ZodType, path: readonly string[], traits: SettingTraits): SettingLeaf {
  const words = path.map((key) => key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)).join('-');
  return {
    ...traits,
    path,
    name: path.join('.'),
    variable: VARIABLE_PREFIX + words.replaceAll('-', '_').toUpperCase(),
    flag: `--${words}`,
    defaultValue: schema instanceof z.ZodPrefault ? schema.def.defaultValue : undefined,
    schema,
  };
}
