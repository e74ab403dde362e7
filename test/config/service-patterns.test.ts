import { expect, test } from 'vitest';
import { servicesMatching } from '../../src/config/service-patterns.ts';

test.each([
  [true, 'orders', true],
  [['orders'], 'orders', true],
  [['web-*', 'ord*'], 'Orders-API', true],
  [['Web-*'], 'web-1', true],
  [['web-*'], 'orders', false],
] as const)('%j is on for %s: %s', (services, name, isOn) => {
  expect(servicesMatching(services)?.(name)).toBe(isOn);
});

test('a switch that is off has no rule', () => {
  expect(servicesMatching(false)).toBeUndefined();
});
