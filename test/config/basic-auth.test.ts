import { inspect } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { exampleConfig, settingsSections } from '../../scripts/pages/settings-page.ts';
import { parseSettings, type SettingsSources } from '../../src/config/parse-settings.ts';
import { settingOptions, shownDefault } from '../../src/config/setting-options.ts';
import { configFolder, load } from './support.ts';

const files = configFolder();
afterAll(() => files.remove());

const VARIABLE = { ECS_DNS_HEALTH_BASIC_AUTH: 'user:variable' };
const FLAG = { '--health-basic-auth': 'user:flag' };
const file = files.writeValues({ health: { basicAuth: 'user:file' } });

describe('user and password of a check', () => {
  it.each<readonly [string, Partial<SettingsSources>, string | undefined]>([
    ['nothing', {}, undefined],
    ['a file', { file }, 'user:file'],
    ['a variable', { env: VARIABLE }, 'user:variable'],
    ['a flag', { flags: FLAG }, 'user:flag'],
    ['a file and a variable', { file, env: VARIABLE }, 'user:variable'],
    ['a file and a flag', { file, flags: FLAG }, 'user:flag'],
    ['a variable and a flag', { env: VARIABLE, flags: FLAG }, 'user:flag'],
    ['all three', { file, env: VARIABLE, flags: FLAG }, 'user:flag'],
  ])('come from %s', (_, sources, basicAuth) => {
    expect(load(sources).health.basicAuth).toBe(basicAuth);
  });

  it.each([
    ['without a colon', 'hunter2'],
    ['without a user', ':hunter2'],
    ['on two lines', 'user:hunter2\n'],
    ['with a NUL', 'user:hunter2\0'],
  ])('are never part of an error: %s', (_, basicAuth) => {
    const services = [
      { match: '*', basicAuth },
      { match: basicAuth.trimEnd(), basicAuth: [basicAuth] },
      [basicAuth],
    ];
    const error = errorOf({
      file: files.writeValues({ health: { basicAuth, services: services.slice(0, 1) } }),
      env: { ECS_DNS_HEALTH_BASIC_AUTH: basicAuth },
      flags: { '--health-basic-auth': [basicAuth, basicAuth] },
    });
    expect(inspect(error, { depth: 9 })).not.toContain('hunter2');
    expect(error).toMatchObject({ problems: { length: 4 } });
  });

  it('are never part of an error about something else', () => {
    const health = {
      basicAuth: 'user:hunter2',
      services: [
        { match: '*', basicAuth: 'user:hunter3', kind: 'udp' },
        { basicAuth: 'user:hunter4' },
        { match: '*', basicAuht: 'user:hunter5' },
        ['user:hunter6'],
      ],
    };
    const error = errorOf({ file: files.writeValues({ health }), env: { ECS_DNS_OUTPUT: 'xml' } });
    expect(inspect(error, { depth: 9 })).not.toMatch(/hunter\d/);
    expect(error).toMatchObject({ problems: { length: 5 } });
  });

  it('are made up in the docs and absent from the help', () => {
    const [, secret = ''] = /basicAuth: (\S+)/.exec(exampleConfig()) ?? [];
    expect(secret).toBe('health-check:change-me');
    expect(JSON.stringify(settingsSections()).split(secret)).toHaveLength(2);
    for (const { setting, term } of settingOptions()) {
      expect(`${term} ${shownDefault(setting)}`).not.toContain(secret);
    }
  });
});

function errorOf(sources: SettingsSources): unknown {
  try {
    return parseSettings(sources);
  } catch (error) {
    return error;
  }
}
