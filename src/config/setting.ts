import { z } from 'zod';
import type { ComparisonRole } from '../model/setting-difference.ts';
import type { TextKind } from './text-values.ts';

/** What the docs, the error messages and the flags need to know of the values that a schema takes. */
export interface ValueType {
  /** How they are written as text; a list of rules stands in a config file or nowhere. */
  readonly kind: TextKind | 'rules';
  /** What is allowed, worded so that it can follow "write …". */
  readonly allowed: string;
}

export interface SettingWords {
  readonly description: string;
  /** A value as a config file holds it, for the docs; the default unless there is another. */
  readonly example?: unknown;
  /** A second, shorter flag. */
  readonly shortFlag?: string;
  /** That of its section unless the setting has one of its own; `compared` where neither has. */
  readonly role?: ComparisonRole;
  /** Set for values that no message may repeat. */
  readonly isSecret?: true;
}

export const valueTypes = z.registry<ValueType>();
export const settingWords = z.registry<SettingWords>();

/** A setting or a section; a setting that is neither optional nor has a default has to be set. */
export function setting<T extends z.ZodType>(schema: T, words: SettingWords): T {
  const described = schema.describe(words.description);
  const byDefault = schema instanceof z.ZodPrefault ? { example: schema.def.defaultValue } : {};
  settingWords.add(described, { ...byDefault, ...words });
  return described;
}

type InRules<T> = T extends z.ZodPrefault<infer U> | z.ZodOptional<infer U> ? z.ZodOptional<U> : never;

/** The same settings as a rule may hold them, where what is left out stays as it is. */
export function inRules<T extends Readonly<Record<string, z.ZodPrefault | z.ZodOptional>>>(settings: T) {
  const entries = Object.entries(settings).map(([key, schema]) => {
    return [key, setting(z.optional(schema.unwrap()), settingWords.get(schema) ?? { description: '' })];
  });
  return Object.fromEntries(entries) as { readonly [K in keyof T]: InRules<T[K]> };
}

type Renamed<T, N> = { [K in keyof T as K extends keyof N ? N[K] & string : K]: Exclude<T[K], undefined> };

/** The same values, some of them under other names; what is `undefined` is left out. */
export function renameKeys<T extends object, const N extends { readonly [K in keyof T]?: string }>(
  values: T,
  names: N,
): Renamed<T, N> {
  const nameOf = new Map<string, unknown>(Object.entries(names));
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given.map(([key, value]) => [nameOf.get(key) ?? key, value])) as Renamed<T, N>;
}
