import type { SettingLeaf } from './setting-paths.ts';

/** A setting's default as a variable would be set to it, item by item; nothing for an empty list or map. */
export function defaultItems({ defaultValue }: Pick<SettingLeaf, 'defaultValue'>): readonly string[] {
  if (Array.isArray(defaultValue)) return defaultValue.map(String);
  const isPlain = ['string', 'number', 'boolean'].includes(typeof defaultValue);
  return isPlain ? [String(defaultValue)] : [];
}
