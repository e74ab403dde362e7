import type { CheckOverrides, HealthCheck } from '../../model/health-check.ts';
import type { Endpoint } from '../../model/inventory.ts';
import { type NameRule, namePattern } from '../../model/name-pattern.ts';

/** How an endpoint is to be checked. */
export type CheckOf = (endpoint: Endpoint) => HealthCheck;

/**
 * The check of every endpoint: the operator's rule for its service over what the service says itself,
 * over the general settings. The first rule whose pattern matches the service name applies.
 *
 * | endpoint                              | check                                  |
 * |---------------------------------------|----------------------------------------|
 * | UDP                                   | none: nothing answers a probe          |
 * | any, when health checks are off       | none                                   |
 * | a named service                       | rule, over its own words, over general |
 * | a port without a name                 | its own words over general             |
 *
 * Endpoints that are checked alike get the very same check: fleets are large, and checks few.
 */
export function checkResolver(
  general: HealthCheck & { readonly enabled: boolean },
  rules: readonly NameRule<CheckOverrides>[],
): CheckOf {
  const compiled = rules.map(({ pattern, overrides }) => ({ matches: namePattern(pattern), overrides }));
  const none: HealthCheck = { ...general, kind: 'none' };
  const known = new WeakMap<CheckOverrides, Map<CheckOverrides, HealthCheck>>();
  return ({ protocol, serviceName, check }) => {
    if (protocol === 'udp' || !general.enabled) return none;
    const rule = compiled.find(({ matches }) => serviceName !== undefined && matches(serviceName));
    const overrides = rule?.overrides ?? NO_OVERRIDES;
    const byRule = known.get(check) ?? new Map<CheckOverrides, HealthCheck>();
    const resolved = byRule.get(overrides) ?? { ...general, ...given(check), ...given(overrides) };
    known.set(check, byRule.set(overrides, resolved));
    return resolved;
  };
}

const NO_OVERRIDES: CheckOverrides = {};

/** An override that is there but undefined says nothing. */
function given(overrides: Endpoint['check']): Partial<HealthCheck> {
  return Object.fromEntries(Object.entries(overrides).filter(([, value]) => value !== undefined));
}
