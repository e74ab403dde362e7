import type { HealthCheck, ServiceRule } from '../model/health-check.ts';
import type { Endpoint } from '../model/inventory.ts';
import { namePattern } from '../model/name-pattern.ts';

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
 */
export function checkResolver(
  general: HealthCheck & { readonly enabled: boolean },
  rules: readonly ServiceRule[],
): CheckOf {
  const ruleOf = ruleFinder(rules);
  return (endpoint) => {
    if (endpoint.protocol === 'udp' || !general.enabled) return { ...general, kind: 'none' };
    return { ...general, ...given(endpoint.check), ...given(ruleOf(endpoint)?.overrides ?? {}) };
  };
}

/** Whose word a part of a check is, where it is not that of the general settings. */
export interface CheckOrigin {
  readonly part: string;
  /** The pattern of the rule; `undefined` for what the service says itself. */
  readonly rule: string | undefined;
}

/** Tells where the parts of an endpoint's check come from, each part once and in alphabetical order. */
export function checkOrigins(
  rules: readonly ServiceRule[],
): (endpoint: Pick<Endpoint, 'serviceName' | 'check'>) => readonly CheckOrigin[] {
  const ruleOf = ruleFinder(rules);
  return (endpoint) => {
    const rule = ruleOf(endpoint);
    const ruled = Object.keys(given(rule?.overrides ?? {}));
    const own = Object.keys(given(endpoint.check)).filter((part) => !ruled.includes(part));
    return [
      ...ruled.map((part) => ({ part, rule: rule?.pattern })),
      ...own.map((part) => ({ part, rule: undefined })),
    ].toSorted((a, b) => (a.part < b.part ? -1 : 1));
  };
}

function ruleFinder(rules: readonly ServiceRule[]) {
  const compiled = rules.map((rule) => ({ ...rule, matches: namePattern(rule.pattern) }));
  return ({ serviceName }: Pick<Endpoint, 'serviceName'>) =>
    compiled.find(({ matches }) => serviceName !== undefined && matches(serviceName));
}

/** An override that is there but undefined says nothing. */
function given(overrides: Endpoint['check']): Partial<HealthCheck> {
  return Object.fromEntries(Object.entries(overrides).filter(([, value]) => value !== undefined));
}
