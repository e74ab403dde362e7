import type { CheckOverrides, HealthCheck } from '../../model/health-check.ts';
import type { Container, Endpoint } from '../../model/inventory.ts';
import { namePattern } from '../../model/name-pattern.ts';
import { type NameRule, ruleResolver } from '../../model/rule-resolver.ts';

/** How an endpoint is to be checked. */
export type CheckOf = (endpoint: CheckedPort) => HealthCheck;

/** What decides of that: the names of an endpoint, and what its container says of its check. */
type CheckedPort = Pick<Endpoint, 'protocol' | 'serviceName' | 'isNamedByRegistry' | 'check'> & {
  readonly container?: Pick<Container, 'addressName' | 'isEcsChecked'> | undefined;
};

/**
 * The check of every endpoint: the operator's rule for its service over what the service says itself,
 * over the general settings. Nothing answers a probe over UDP. Endpoints that are checked alike get the very same check.
 *
 * A name for an address alone tells nothing of HTTP, nor does a registry of Cloud Map: a container with such a name has
 * been checked by ECS, or not at all. Where neither a rule nor the container names a kind, it is checked
 *
 * | where                                             | by    |
 * |---------------------------------------------------|-------|
 * | the task definition has a health check of it      | `ecs` |
 * | it has none                                       | `tcp` |
 * | no port is known                                  | not at all: there is nothing to connect to |
 */
export function checkResolver(
  general: HealthCheck & { readonly enabled: boolean },
  rules: readonly NameRule<CheckOverrides>[],
): CheckOf {
  const none: HealthCheck = { ...general, kind: 'none' };
  const resolverFor = (base: HealthCheck) =>
    ruleResolver(rules, (own: CheckOverrides, ruled = {}): HealthCheck => {
      const { attempts } = { ...base, ...given(ruled) };
      return { ...base, ...paced(given(own), attempts), ...given(ruled) };
    });
  const resolvers = {
    general: resolverFor(general),
    ecs: resolverFor({ ...general, kind: 'ecs' }),
    tcp: resolverFor({ ...general, kind: 'tcp' }),
  };
  return ({ protocol, serviceName, isNamedByRegistry, container, check }) => {
    if (protocol === 'udp' || !general.enabled) return none;
    const names = [serviceName, container?.addressName];
    return resolvers[baseOf({ serviceName, isNamedByRegistry, container })](names, check);
  };
}

function baseOf({
  serviceName,
  isNamedByRegistry = false,
  container,
}: Omit<CheckedPort, 'protocol' | 'check'>) {
  const isNamedAlone = serviceName === undefined && container?.addressName !== undefined;
  if (!isNamedByRegistry && !isNamedAlone) return 'general';
  return container?.isEcsChecked === true ? 'ecs' : 'tcp';
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
  { serviceName, container, check }: Omit<CheckedPort, 'protocol'>,
  rules: readonly NameRule<CheckOverrides>[],
): readonly CheckOrigin[] {
  const originsIn = (words: CheckOverrides, rule: string | undefined) =>
    Object.keys(given(words)).map((part) => [part, { part, rule }] as const);
  const names = [serviceName, container?.addressName].filter((name) => name !== undefined);
  const rule = rules.find(({ pattern }) => names.some(namePattern(pattern)));
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
