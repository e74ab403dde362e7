import { normalizeName } from './dns-name.ts';

/** Tests names (normalised) against a pattern in which `*` stands for any characters, dots included. */
export function namePattern(pattern: string): (name: string) => boolean {
  const escaped = normalizeName(pattern).replace(/[.+?^${}()|[\]\\]/g, '\\$&');
  const expression = new RegExp(`^${escaped.replaceAll('*', '.*')}$`);
  return (name) => expression.test(name);
}
