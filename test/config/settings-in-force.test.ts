import { expect, test } from 'vitest';
import { RULE_SETTINGS, SETTINGS } from '../../src/config/setting-paths.ts';
import { settingsInForce } from '../../src/config/settings-in-force.ts';
import type { SettingInForce } from '../../src/model/setting-in-force.ts';

const ENV = {
  ECS_DNS_ZONE: 'a.internal',
  ECS_DNS_CLUSTERS: 'blue,green',
  ECS_DNS_HEALTH_BASIC_AUTH: 'bob:hush-one',
  ECS_DNS_HEALTH_HEADERS: 'X-Token: hush-two',
  ECS_DNS_HEALTH_TIMEOUT: '5s',
};

function named(name: string, settings: readonly SettingInForce[]) {
  return settings.find((one) => one.name === name);
}

test('tells of each setting its value, and which source sets it; the strongest counts', () => {
  const settings = settingsInForce({ env: ENV, flags: { '--health-timeout': '7s', '--every': '1m' } });

  expect(settings.map(({ name }) => name)).toEqual(SETTINGS.map(({ name }) => name));
  expect(named('clusters', settings)).toMatchObject({ value: 'blue,green', from: 'ECS_DNS_CLUSTERS' });
  expect(named('health.timeout', settings)).toMatchObject({ value: '7s', from: '--health-timeout' });
  expect(named('every', settings)).toMatchObject({ value: '1m', from: '--every' });
  expect(named('policy', settings)).toMatchObject({ value: 'prune', from: undefined });
  expect(named('eventBus', settings)).toMatchObject({ value: undefined, from: undefined });
});

test('tells of a secret only that it is set', () => {
  const settings = settingsInForce({ env: ENV });

  expect(JSON.stringify(settings)).not.toContain('hush');
  expect(named('health.basicAuth', settings)).toEqual({
    name: 'health.basicAuth',
    value: undefined,
    isSecret: true,
    from: 'ECS_DNS_HEALTH_BASIC_AUTH',
  });
});

test('a list of rules that may hold secrets is a secret as a whole', () => {
  for (const [name, rule] of RULE_SETTINGS) {
    const holdsSecrets = rule.some(({ isSecret }) => isSecret === true);
    expect({ name, isSecret: named(name, settingsInForce({ env: ENV }))?.isSecret }).toEqual({
      name,
      isSecret: holdsSecrets,
    });
  }
});
