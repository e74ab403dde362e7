import { expect, it } from 'vitest';
import type { RecordOverrides } from '../../../src/model/inventory.ts';
import type { NameRule } from '../../../src/model/rule-resolver.ts';
import { overridesResolver } from '../../../src/plan/desired/override-rules.ts';

const RULES: readonly NameRule<RecordOverrides>[] = [
  { pattern: '_calc.*', overrides: { ttl: 30, weight: 0 } },
  { pattern: '_calc._udp', overrides: { ttl: 1 } },
  { pattern: 'web-*', overrides: { initialStatus: 'passing' } },
  { pattern: '_plain.*', overrides: {} },
];
const OWN: RecordOverrides = { ttl: 60, priority: 5 };

it.each<[what: string, serviceName: string | undefined, own: RecordOverrides, overrides: RecordOverrides]>([
  ['nobody says anything', '_time._tcp', {}, {}],
  ['the service says something', '_time._tcp', OWN, OWN],
  ['a rule says something', '_calc._tcp', {}, { ttl: 30, weight: 0 }],
  ['both do: the rule wins where it speaks', '_calc._tcp', OWN, { ttl: 30, weight: 0, priority: 5 }],
  ['two rules match: the first applies alone', '_calc._udp', {}, { ttl: 30, weight: 0 }],
  ['a rule for the name of addresses', 'web-api', OWN, { ...OWN, initialStatus: 'passing' }],
  ['a rule that says nothing', '_plain._tcp', OWN, OWN],
  ['a port without a name', undefined, OWN, OWN],
])('%s', (_, serviceName, own, overrides) => {
  expect(overridesResolver(RULES)({ serviceName, overrides: own })).toStrictEqual(overrides);
});

it('no rule is for a port without a name, not even *', () => {
  const overridesOf = overridesResolver([{ pattern: '*', overrides: { ttl: 30 } }]);
  expect(overridesOf({ serviceName: undefined, overrides: OWN })).toBe(OWN);
  expect(overridesOf({ serviceName: 'any', overrides: OWN })).toEqual({ ttl: 30, priority: 5 });
});

it('gives endpoints that match the same rules the very same overrides, and no others', () => {
  const overridesOf = overridesResolver(RULES);
  const calc = (overrides: RecordOverrides) => overridesOf({ serviceName: '_calc._tcp', overrides });
  expect(calc(OWN)).toBe(calc(OWN));
  expect(calc({ priority: 9 })).toEqual({ ttl: 30, weight: 0, priority: 9 });
  expect(overridesOf({ serviceName: 'web-api', overrides: OWN })).toEqual({
    ...OWN,
    initialStatus: 'passing',
  });
});
