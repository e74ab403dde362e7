import type { Endpoint, RecordOverrides } from '../../model/inventory.ts';
import type { RecordRule } from '../../model/record-rule.ts';
import { ruleResolver } from '../../model/rule-resolver.ts';

/** What is asked of the records of an endpoint. */
export type OverridesOf = (endpoint: Pick<Endpoint, 'serviceName' | 'overrides'>) => RecordOverrides;

/** What is asked of every endpoint's records: the operator's rule for its service over its own words. */
export function overridesResolver(rules: readonly RecordRule[]): OverridesOf {
  const resolve = ruleResolver(rules, (own: RecordOverrides, ruled) => (ruled ? { ...own, ...ruled } : own));
  return ({ serviceName, overrides }) => resolve(serviceName, overrides);
}
