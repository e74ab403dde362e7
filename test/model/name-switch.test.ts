import { expect, test } from 'vitest';
import { nameSwitch } from '../../src/model/name-pattern.ts';

test.each([
  [true, 'orders', true],
  [['orders'], 'orders', true],
  [['web-*', 'ord*'], 'Orders-API', true],
  [['Web-*'], 'web-1', true],
  [['web-*'], 'orders', false],
  [false, 'orders', false],
] as const)('%j is on for %s: %s', (setting, name, isOn) => {
  expect(nameSwitch(setting)(name)).toBe(isOn);
});
