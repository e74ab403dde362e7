import type { Endpoint, RecordWishes } from '../../model/inventory.ts';
import { namePattern } from '../../model/name-pattern.ts';
import type { RecordRule } from '../../model/record-rule.ts';

/** What is asked of the records of an endpoint. */
export type WishesOf = (endpoint: Pick<Endpoint, 'serviceName' | 'wishes'>) => RecordWishes;

/**
 * What is asked of every endpoint's records, by the same rule as of its checks: the operator's rule for its
 * service over what the service says itself; what neither speaks of is as the general settings say. The first
 * rule whose pattern matches the name (relative to the zone) applies.
 *
 * | endpoint              | wishes                   |
 * |-----------------------|--------------------------|
 * | a named service       | rule, over its own words |
 * | a port without a name | its own words            |
 *
 * Endpoints that wish for the same get the very same wishes: fleets are large, and wishes few.
 */
export function wishesResolver(rules: readonly RecordRule[]): WishesOf {
  const compiled = rules.map((rule) => ({ ...rule, matches: namePattern(rule.pattern) }));
  const known = new WeakMap<RecordWishes, Map<RecordWishes, RecordWishes>>();
  return ({ serviceName, wishes }) => {
    if (serviceName === undefined) return wishes;
    const rule = compiled.find(({ matches }) => matches(serviceName));
    if (rule === undefined) return wishes;
    const byRule = known.get(wishes) ?? new Map<RecordWishes, RecordWishes>();
    const resolved = byRule.get(rule.wishes) ?? { ...wishes, ...rule.wishes };
    known.set(wishes, byRule.set(rule.wishes, resolved));
    return resolved;
  };
}
