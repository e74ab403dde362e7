import type { Json } from '../service.ts';

/** Whether a value is an object with fields, and not a list. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object, or one without fields in place of anything else. */
export function objectOf(value: unknown): Json {
  return isObject(value) ? value : {};
}

/** The objects in a list; none when it is no list. */
export function objectsOf(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** The strings in a list; none when it is no list. */
export function stringsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

/** A string, number or boolean as text; `undefined` for anything else. */
export function optionalText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

/** The same, empty for anything else. */
export function textOf(value: unknown): string {
  return optionalText(value) ?? '';
}
