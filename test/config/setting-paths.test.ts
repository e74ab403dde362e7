import { describe, expect, it } from 'vitest';
import {
  FILE_SETTINGS,
  findSetting,
  SECTION_NAMES,
  SETTINGS,
  type Setting,
  TEXT_SETTINGS,
} from '../../src/config/setting-paths.ts';

describe('the names of settings', () => {
  it.each([
    ['zone', 'ECS_DNS_ZONE', '--zone'],
    ['stopUnhealthyTasks', 'ECS_DNS_STOP_UNHEALTHY_TASKS', '--stop-unhealthy-tasks'],
    ['records.ttl', 'ECS_DNS_RECORDS_TTL', '--records-ttl'],
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
    expect(new Set(SETTINGS.map((leaf) => leaf[kind])).size).toBe(SETTINGS.length);
  });

  it('tell sections from settings', () => {
    expect([...SECTION_NAMES]).toEqual([
      'records',
      'hosts',
      'notices',
      'agent',
      'health',
      'guardrails',
      'log',
    ]);
    expect(findSetting('health')).toBeUndefined();
  });
});

it('only the zone is required', () => {
  const required = SETTINGS.filter(({ isRequired }) => isRequired);
  expect(required.map(({ name }) => name)).toEqual(['zone']);
});

it('some settings are optional: not required, and without a default', () => {
  const optional = SETTINGS.filter(
    ({ isRequired, defaultValue }) => !isRequired && defaultValue === undefined,
  );
  expect(optional.map(({ name }) => name)).toEqual([
    'namespace',
    'eventBus',
    'notices.topic',
    'notices.webhook',
    'agent.hostname',
    'agent.address',
    'agent.socket',
    'agent.introspection',
    'events',
    'health.basicAuth',
    'health.bodyContains',
    'health.hostName',
    'health.tlsCa',
    'health.tlsCert',
    'health.tlsKey',
    'health.grpcService',
    'journal',
    'state',
  ]);
});

it('only the rules for services have no form as a text', () => {
  expect(FILE_SETTINGS.map(({ name }) => name)).toEqual(['records.services', 'health.services']);
  expect([...TEXT_SETTINGS, ...FILE_SETTINGS].toSorted(byName)).toEqual(SETTINGS.toSorted(byName));
});

function byName(left: Setting, right: Setting): number {
  return left.name < right.name ? -1 : 1;
}
