import { expect, test } from 'vitest';
import { switchRule } from '../../src/config/service-switch.ts';

test.each([
  [true, 'orders', true],
  [['orders'], 'orders', true],
  [['web-*', 'ord*'], 'Orders-API', true],
  [['Web-*'], 'web-1', true],
  [['web-*'], 'orders', false],
] as const)('%j is on for %s: %s', (services, name, isOn) => {
  expect(switchRule(services)?.(name)).toBe(isOn);
});

test('a switch that is off has no rule', () => {
  expect(switchRule(false)).toBeUndefined();
});
