import { z } from 'zod';
import type { ComparisonRole } from '../model/setting-difference.ts';

/** How a setting is written as text; decides how variables and flags are turned into values. */
export type TextKind =
  | 'text'
  | 'choice'
  | 'duration'
  | 'number'
  | 'boolean'
  | 'list'
  | 'choice-or-list'
  | 'switch-or-list'
  | 'headers';

/** A list of rules has no form as one text: it stands in a config file or nowhere. */
export type SettingKind = TextKind | 'rules';

/** What values a setting takes. */
export interface ValueType<T extends z.ZodType> {
  readonly schema: T;
  readonly kind: SettingKind;
  /** What is allowed, worded so that it can follow "write …". */
  readonly allowed: string;
  /** Set for values that no message may repeat. */
  readonly isSecret: boolean;
}

/** What the docs, the error messages and the flags need to know of a setting besides its schema. */
export interface SettingTraits extends Omit<ValueType<z.ZodType>, 'schema'> {
  readonly description: string;
  /** A value as a config file holds it, for the docs. */
  readonly example: unknown;
  /** A second, shorter flag. */
  readonly shortFlag?: string;
  /** That of its section unless the setting has one of its own; `compared` where neither has. */
  readonly role?: ComparisonRole;
}

type Words = Omit<SettingTraits, keyof ValueType<z.ZodType>>;

const traits = z.registry<SettingTraits>();
const roles = z.registry<{ readonly role: ComparisonRole }>();

/** A setting that has to be set. */
export function required<T extends z.ZodType>(type: ValueType<T>, words: Words): T {
  return describe(type.schema, { ...type, ...words });
}

/** A setting that may be left out. */
export function optional<T extends z.ZodType>(type: ValueType<T>, words: Words) {
  return describe(z.optional(type.schema), { ...type, ...words });
}

/** A setting with a default, written as a config file would hold it; the example too unless there is another. */
export function withDefault<T extends z.ZodType>(
  type: ValueType<T>,
  value: z.input<T>,
  words: Omit<Words, 'example'> & Partial<Words>,
) {
  return describe(z.prefault(type.schema, value), { ...type, example: value, ...words });
}

/** A group of settings, and the role of those that have none of their own. */
export function section<T extends z.core.$ZodLooseShape>(
  { description, role = 'compared' }: Pick<Words, 'description' | 'role'>,
  settings: T,
) {
  const schema = z.strictObject(settings).describe(description);
  roles.add(schema, { role });
  return schema;
}

type InRules<T> = T extends z.ZodPrefault<infer U> | z.ZodOptional<infer U> ? z.ZodOptional<U> : never;

/** The same settings as a rule may hold them, where what is left out stays as it is. */
export function inRules<T extends Readonly<Record<string, z.ZodPrefault | z.ZodOptional>>>(settings: T) {
  const entries = Object.entries(settings).map(([key, schema]) => {
    const inner = z.optional(schema.unwrap());
    const known = traits.get(schema);
    return [key, known === undefined ? inner : describe(inner, known)];
  });
  return Object.fromEntries(entries) as { readonly [K in keyof T]: InRules<T[K]> };
}

/** The traits of a schema that is a setting; `undefined` for a section. */
export function traitsOf(schema: z.core.$ZodType): SettingTraits | undefined {
  return traits.get(schema);
}

/** The role of the settings of a section. */
export function roleOf(schema: z.core.$ZodType): ComparisonRole | undefined {
  return roles.get(schema)?.role;
}

function describe<T extends z.ZodType>(schema: T, settingTraits: SettingTraits): T {
  const described = schema.describe(settingTraits.description);
  traits.add(described, settingTraits);
  return described;
}
