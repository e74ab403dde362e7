import { z } from 'zod';

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

/** What the docs, the error messages and the flags need to know of a setting besides its schema. */
export interface SettingTraits {
  readonly kind: SettingKind;
  readonly description: string;
  /** What is allowed, worded so that it can follow "write …". */
  readonly allowed: string;
  /** A value as a config file holds it, for the docs. */
  readonly example: unknown;
  /** A second, shorter flag. */
  readonly shortFlag?: string;
  /** Set for values that no message may repeat. */
  readonly isSecret?: boolean;
}

const traits = z.registry<SettingTraits>();

/** Makes a schema a setting: gives it its description for JSON Schema and its traits. */
export function setting<T extends z.ZodType>(schema: T, settingTraits: SettingTraits): T {
  const described = schema.describe(settingTraits.description);
  traits.add(described, settingTraits);
  return described;
}

/** The traits of a schema that is a setting; `undefined` for a section. */
export function traitsOf(schema: z.core.$ZodType): SettingTraits | undefined {
  return traits.get(schema);
}
