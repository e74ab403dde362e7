import { describe, expect, it } from 'vitest';
import { findSetting, SECTION_NAMES, SETTING_LEAVES } from '../../src/config/setting-paths.ts';

describe('the names of settings', () => {
  it.each([
    ['zone', 'ECS_DNS_ZONE', '--zone'],
    ['health.gracePeriod', 'ECS_DNS_HEALTH_GRACE_PERIOD', '--health-grace-period'],
    [
      'guardrails.removalBudgetPercent',
      'ECS_DNS_GUARDRAILS_REMOVAL_BUDGET_PERCENT',
      '--guardrails-removal-budget-percent',
    ],
  ])('%s is %s and %s', (name, variable, flag) => {
    expect(findSetting(name)).toMatchObject({ name, variable, flag });
  });

  it.each(['name', 'variable', 'flag'] as const)('are unique: %s', (kind) => {
    expect(new Set(SETTING_LEAVES.map((leaf) => leaf[kind])).size).toBe(SETTING_LEAVES.length);
  });

  it('tell sections from settings', () => {
    expect([...SECTION_NAMES]).toEqual(['health', 'guardrails']);
    expect(findSetting('health')).toBeUndefined();
  });
});

it('only the zone has no default', () => {
  const required = SETTING_LEAVES.filter(({ defaultValue }) => defaultValue === undefined);
  expect(required.map(({ name }) => name)).toEqual(['zone']);
});
