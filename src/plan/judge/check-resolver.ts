import type { CheckOverrides, HealthCheck } from '../../model/health-check.ts';
import type { Endpoint } from '../../model/inventory.ts';
import { namePattern } from '../../model/name-pattern.ts';
import { type NameRule, ruleResolver } from '../../model/rule-resolver.ts';

/** How an endpoint is to be checked. */
export type CheckOf = (endpoint: Pick<Endpoint, 'protocol' | 'serviceName' | 'check'>) => HealthCheck;

/**
 * The check of every endpoint: the operator's rule for its service over what the service says itself,
 * over the general settings. Nothing answers a probe over UDP. Endpoints that are checked alike get the very same check.
 */
export function checkResolver(
  general: HealthCheck & { readonly enabled: boolean },
  rules: readonly NameRule<CheckOverrides>[],
): CheckOf {
  const none: HealthCheck = { ...general, kind: 'none' };
  const resolve = ruleResolver(rules, (own: CheckOverrides, ruled = {}): HealthCheck => {
    const { attempts } = { ...general, ...given(ruled) };
    return { ...general, ...paced(given(own), attempts), ...given(ruled) };
  });
  return ({ protocol, serviceName, check }) =>
    protocol === 'udp' || !general.enabled ? none : resolve(serviceName, check);
}

/** How long the pauses between all attempts of a check may take together, where the service itself says how long. */
const PAUSES_MS = 3000;

/** A service's own interval says how often it is checked, from seconds to minutes: attempts are closer together. */
function paced(own: Partial<HealthCheck>, attempts: number): Partial<HealthCheck> {
  const { intervalMs } = own;
  return intervalMs === undefined
    ? own
    : { ...own, intervalMs: Math.min(intervalMs, Math.floor(PAUSES_MS / attempts)) };
}

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
  const originsIn = (words: CheckOverrides, rule: string | undefined) =>
    Object.keys(given(words)).map((part) => [part, { part, rule }] as const);
  const rule = rules.find(({ pattern }) => serviceName !== undefined && namePattern(pattern)(serviceName));
  const origins = new Map([
    ...originsIn(check, undefined),
    ...originsIn(rule?.overrides ?? {}, rule?.pattern),
  ]);
  return [...origins.values()].toSorted((a, b) => (a.part < b.part ? -1 : 1));
}

/** An override that is there but undefined says nothing. */
function given(overrides: CheckOverrides): Partial<HealthCheck> {
  return Object.fromEntries(Object.entries(overrides).filter(([, value]) => value !== undefined));
}
