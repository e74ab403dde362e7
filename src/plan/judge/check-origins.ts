import type { CheckOverrides } from '../../model/health-check.ts';
import type { Endpoint } from '../../model/inventory.ts';
import { type NameRule, namePattern } from '../../model/name-pattern.ts';

/** Whose word a part of a check is, where it is not that of the general settings. */
export interface CheckOrigin {
  readonly part: string;
  /** The pattern of the operator's rule; `undefined` for what the service says itself. */
  readonly rule: string | undefined;
}

/** Tells where the parts of an endpoint's check come from, each part once and in alphabetical order. */
export function checkOrigins(
  { serviceName, check }: Pick<Endpoint, 'serviceName' | 'check'>,
  rules: readonly NameRule<CheckOverrides>[],
): readonly CheckOrigin[] {
  const rule = rules.find(({ pattern }) => serviceName !== undefined && namePattern(pattern)(serviceName));
  const ruled = rule === undefined ? [] : partsOf(rule.overrides);
  const own = partsOf(check).filter((part) => !ruled.includes(part));
  return [
    ...ruled.map((part) => ({ part, rule: rule?.pattern })),
    ...own.map((part) => ({ part, rule: undefined })),
  ].toSorted((a, b) => (a.part < b.part ? -1 : 1));
}

/** An override that is there but undefined says nothing. */
function partsOf(overrides: CheckOverrides): readonly string[] {
  return Object.entries(overrides).flatMap(([part, value]) => (value === undefined ? [] : [part]));
}
