import type { Endpoint, RecordOverrides } from '../../model/inventory.ts';
import { type NameRule, ruleResolver } from '../../model/rule-resolver.ts';

/** What is asked of the records of an endpoint. */
export type OverridesOf = (endpoint: Pick<Endpoint, 'serviceName' | 'overrides'>) => RecordOverrides;

/** What is asked of every endpoint's records: the operator's rule for its service over its own words. */
export function overridesResolver(rules: readonly NameRule<RecordOverrides>[]): OverridesOf {
  const resolve = ruleResolver(rules, (own: RecordOverrides, ruled) => (ruled ? { ...own, ...ruled } : own));
  return ({ serviceName, overrides }) => resolve([serviceName], overrides);
}
