import { expect, it } from 'vitest';
import type { CheckOverrides } from '../../../src/model/health-check.ts';
import type { Endpoint } from '../../../src/model/inventory.ts';
import type { NameRule } from '../../../src/model/rule-resolver.ts';
import { checkOrigins } from '../../../src/plan/judge/check-resolver.ts';
import { container, endpoint } from '../support.ts';

const RULES: readonly NameRule<CheckOverrides>[] = [
  { pattern: '_calc.*', overrides: { path: '/rule', timeoutMs: undefined } },
  { pattern: '*', overrides: { path: '/second', attempts: 9 } },
];
const OWN: CheckOverrides = { path: '/own', timeoutMs: 7, method: undefined };

it.each<[string, Partial<Endpoint>, readonly string[]]>([
  ['nobody says anything', { serviceName: undefined }, []],
  ['the service', { serviceName: undefined, check: OWN }, ['path: the service', 'timeoutMs: the service']],
  ['a rule', {}, ['path: _calc.*']],
  ['both: the rule wins where it speaks', { check: OWN }, ['path: _calc.*', 'timeoutMs: the service']],
  ['another rule', { serviceName: '_time._tcp' }, ['attempts: *', 'path: *']],
])('%s', (_, over, expected) => {
  const origins = checkOrigins(endpoint(container(1), over), RULES);
  expect(origins.map(({ part, rule }) => `${part}: ${rule ?? 'the service'}`)).toEqual(expected);
});

it('tells of a rule for the name of an address', () => {
  const rules = [{ pattern: 'redis', overrides: { kind: 'tcp' } }] as const;
  const one = endpoint(container(1, { addressName: 'redis' }), { serviceName: undefined });
  expect(checkOrigins(one, rules)).toEqual([{ part: 'kind', rule: 'redis' }]);
});
