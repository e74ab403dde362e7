import { namePattern } from './name-pattern.ts';

/** An operator's word on the services whose name, relative to the zone, matches the pattern (`*`). */
export interface NameRule<O> {
  readonly pattern: string;
  readonly overrides: O;
}

/**
 * Resolves what a service says itself, with what the first rule says whose pattern matches a name of it; no rule is
 * meant for a service without a name. The same words get the very same answer: fleets are large, and overrides few.
 */
export function ruleResolver<O extends object, R>(
  rules: readonly NameRule<O>[],
  resolve: (own: O, ruled: O | undefined) => R,
): (names: readonly (string | undefined)[], own: O) => R {
  const compiled = rules.map(({ pattern, overrides }) => ({ matches: namePattern(pattern), overrides }));
  const known = new WeakMap<O, Map<O | undefined, R>>();
  return (names, own) => {
    const rule = compiled.find(({ matches }) => names.some((name) => name !== undefined && matches(name)));
    const byRule = known.get(own) ?? new Map<O | undefined, R>();
    const resolved = byRule.get(rule?.overrides) ?? resolve(own, rule?.overrides);
    known.set(own, byRule.set(rule?.overrides, resolved));
    return resolved;
  };
}
