import { expect, it } from 'vitest';
import type { CheckOverrides } from '../../../src/model/health-check.ts';
import type { Container, Endpoint } from '../../../src/model/inventory.ts';
import type { NameRule } from '../../../src/model/rule-resolver.ts';
import { checkResolver } from '../../../src/plan/judge/check-resolver.ts';
import { container, endpoint, HTTP } from '../support.ts';

const RULES: readonly NameRule<CheckOverrides>[] = [
  { pattern: '_calc.*', overrides: { path: '/rule', timeoutMs: undefined } },
  { pattern: '*', overrides: { path: '/second', attempts: 9 } },
];
const SLOW: readonly NameRule<CheckOverrides>[] = [{ pattern: '*', overrides: { intervalMs: 60_000 } }];
const OWN: CheckOverrides = { path: '/own', timeoutMs: 7, method: undefined };

it.each<[string, Partial<Endpoint>, readonly NameRule<CheckOverrides>[], boolean, object]>([
  ['nobody says anything', {}, [], true, HTTP],
  ['the service says something', { check: OWN }, [], true, { ...HTTP, path: '/own', timeoutMs: 7 }],
  ['a rule says something', {}, RULES, true, { ...HTTP, path: '/rule' }],
  [
    'both do: the rule wins where it speaks',
    { check: OWN },
    RULES,
    true,
    { ...HTTP, path: '/rule', timeoutMs: 7 },
  ],
  [
    'the second rule, for another service',
    { serviceName: '_time._tcp' },
    RULES,
    true,
    { ...HTTP, path: '/second', attempts: 9 },
  ],
  [
    'a port without a name: no rule, not even *',
    { serviceName: undefined, check: OWN },
    RULES,
    true,
    { ...HTTP, path: '/own', timeoutMs: 7 },
  ],
  [
    'registrator has the service checked every minute: attempts are closer together',
    { check: { intervalMs: 60_000 } },
    [],
    true,
    { ...HTTP, attempts: 3, intervalMs: 1000 },
  ],
  [
    'an interval that is short as it is',
    { check: { intervalMs: 200 } },
    [],
    true,
    { ...HTTP, intervalMs: 200 },
  ],
  [
    'a rule has more attempts: they fit in the same time',
    { serviceName: '_time._tcp', check: { intervalMs: 60_000 } },
    RULES,
    true,
    { ...HTTP, path: '/second', attempts: 9, intervalMs: 333 },
  ],
  ["an operator's own interval is taken at its word", {}, SLOW, true, { ...HTTP, intervalMs: 60_000 }],
  ['UDP', { protocol: 'udp', check: OWN }, RULES, true, { ...HTTP, kind: 'none' }],
  ['checks are off', { check: { kind: 'tcp' } }, RULES, false, { ...HTTP, kind: 'none' }],
  ['a service turns its own check off', { check: { kind: 'none' } }, [], true, { ...HTTP, kind: 'none' }],
])('%s', (_, over, rules, enabled, expected) => {
  expect(checkResolver({ ...HTTP, enabled }, rules)(endpoint(container(1), over))).toMatchObject(expected);
});

it('gives endpoints that are checked alike the very same check, and no other', () => {
  const checkOf = checkResolver({ ...HTTP, enabled: true }, RULES);
  const [alike, calc] = [endpoint(container(1), { check: OWN }), endpoint(container(2), { check: OWN })];
  expect(checkOf(alike)).toBe(checkOf(calc));
  expect(checkOf(endpoint(container(3), { check: { ...OWN, path: '/other', timeoutMs: 8 } }))).toMatchObject({
    path: '/rule',
    timeoutMs: 8,
  });
  expect(checkOf(endpoint(container(4), { check: OWN, serviceName: '_time._tcp' }))).toMatchObject({
    path: '/second',
  });
});

/** A port without a name of its own, of a container that bears a name for its address. */
const addressed = (over: Partial<Container> = {}, port: Partial<Endpoint> = {}) =>
  endpoint(container(1, { addressName: 'redis', ...over }), { serviceName: undefined, ...port });
const REDIS: readonly NameRule<CheckOverrides>[] = [
  { pattern: 'redis', overrides: { kind: 'http', path: '/rule' } },
];

it.each<[string, Endpoint, readonly NameRule<CheckOverrides>[], object]>([
  ['by TCP, where nobody says anything', addressed(), [], { ...HTTP, kind: 'tcp' }],
  [
    'by ECS, where its definition has a check',
    addressed({ isEcsChecked: true }),
    [],
    { ...HTTP, kind: 'ecs' },
  ],
  ['by TCP, where its definition has none', addressed({ isEcsChecked: false }), [], { ...HTTP, kind: 'tcp' }],
  [
    'as the container says',
    addressed({ isEcsChecked: true }, { check: { kind: 'http', path: '/own' } }),
    [],
    { ...HTTP, path: '/own' },
  ],
  ['as a rule says', addressed({ isEcsChecked: true }), REDIS, { ...HTTP, path: '/rule' }],
  ['by TCP, in the time that a rule says', addressed(), SLOW, { ...HTTP, kind: 'tcp', intervalMs: 60_000 }],
  [
    'by TCP, where a registry alone names the port',
    endpoint(container(1), { serviceName: '_a._tcp', isNamedByRegistry: true }),
    [],
    { ...HTTP, kind: 'tcp' },
  ],
  [
    'by ECS, where a registry alone names the port, too',
    addressed({ isEcsChecked: true }, { serviceName: '_a._tcp', isNamedByRegistry: true }),
    [],
    { ...HTTP, kind: 'ecs' },
  ],
  ['as any other, where the port has a name, too', addressed({}, { serviceName: '_a._tcp' }), [], HTTP],
  [
    'as a rule says, where the port has a name, too',
    addressed({}, { serviceName: '_a._tcp' }),
    REDIS,
    { ...HTTP, path: '/rule' },
  ],
  ['not at all over UDP', addressed({}, { protocol: 'udp' }), REDIS, { ...HTTP, kind: 'none' }],
])('what bears a name for its address is checked %s', (_, one, rules, expected) => {
  expect(checkResolver({ ...HTTP, enabled: true }, rules)(one)).toMatchObject(expected);
});
