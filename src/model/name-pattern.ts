import { normalizeName } from './dns-name.ts';

/** Tests names (normalised) against a pattern in which `*` stands for any characters, dots included. */
export function namePattern(pattern: string): (name: string) => boolean {
  const escaped = normalizeName(pattern).replace(/[.+?^${}()|[\]\\]/g, '\\$&');
  const expression = new RegExp(`^${escaped.replaceAll('*', '.*')}$`);
  return (name) => expression.test(name);
}

/** Which names a switch is on for: all, none, or those that match one of its patterns; names in any case. */
export function nameSwitch(setting: boolean | readonly string[]): (name: string) => boolean {
  if (typeof setting === 'boolean') return () => setting;
  const patterns = setting.map(namePattern);
  return (name) => patterns.some((matches) => matches(normalizeName(name)));
}
