import type { Endpoint, RecordOverrides } from '../../model/inventory.ts';
import { type NameRule, namePattern } from '../../model/name-pattern.ts';

/** What is asked of the records of an endpoint. */
export type OverridesOf = (endpoint: Pick<Endpoint, 'serviceName' | 'overrides'>) => RecordOverrides;

/**
 * What is asked of every endpoint's records, by the same rule as of its checks: the operator's rule for its
 * service over what the service says itself; what neither speaks of is as the general settings say. The first
 * rule whose pattern matches the name (relative to the zone) applies.
 *
 * | endpoint              | overrides                   |
 * |-----------------------|--------------------------|
 * | a named service       | rule, over its own words |
 * | a port without a name | its own words            |
 *
 * Endpoints that desired for the same get the very same overrides: fleets are large, and overrides few.
 */
export function overridesResolver(rules: readonly NameRule<RecordOverrides>[]): OverridesOf {
  const compiled = rules.map((rule) => ({ ...rule, matches: namePattern(rule.pattern) }));
  const known = new WeakMap<RecordOverrides, Map<RecordOverrides, RecordOverrides>>();
  return ({ serviceName, overrides }) => {
    if (serviceName === undefined) return overrides;
    const rule = compiled.find(({ matches }) => matches(serviceName));
    if (rule === undefined) return overrides;
    const byRule = known.get(overrides) ?? new Map<RecordOverrides, RecordOverrides>();
    const resolved = byRule.get(rule.overrides) ?? { ...overrides, ...rule.overrides };
    known.set(overrides, byRule.set(rule.overrides, resolved));
    return resolved;
  };
}
