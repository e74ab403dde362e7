import { Command, Option } from 'commander';
import { describe, expect, it } from 'vitest';
import {
  collectTexts,
  flagValuesOf,
  settingOptions,
  shownDefault,
} from '../../src/config/setting-options.ts';
import { SETTINGS, TEXT_SETTINGS } from '../../src/config/setting-paths.ts';
import { load } from './support.ts';

/** Parses a command line the way the command does. */
function parse(...args: readonly string[]) {
  const command = new Command().option('--force').exitOverride();
  for (const { flags, isRepeatable } of settingOptions()) {
    const option = new Option(flags);
    if (isRepeatable) option.argParser(collectTexts);
    command.addOption(option);
  }
  return flagValuesOf(command.parse(args, { from: 'user' }).opts());
}

describe('flags on a command line', () => {
  it.each([
    { args: [], flags: {} },
    { args: ['--force'], flags: {} },
    { args: ['--health-grace-period', '5m'], flags: { '--health-grace-period': '5m' } },
    { args: ['--health-enabled'], flags: { '--health-enabled': true } },
    { args: ['--no-health-enabled'], flags: { '--health-enabled': false } },
    { args: ['--health-enabled=false'], flags: { '--health-enabled': 'false' } },
    { args: ['--allow-empty'], flags: { '--allow-empty': true } },
    { args: ['--no-guardrails-allow-empty'], flags: { '--guardrails-allow-empty': false } },
    { args: ['--clusters', 'a', '--clusters', 'b,c'], flags: { '--clusters': ['a', 'b,c'] } },
    {
      args: ['--health-headers', 'A: 1, 2', '--health-headers', 'B: 3'],
      flags: { '--health-headers': ['A: 1, 2', 'B: 3'] },
    },
    { args: ['--cname'], flags: { '--cname': true } },
    { args: ['--no-cname'], flags: { '--cname': false } },
    { args: ['--cname=false'], flags: { '--cname': ['false'] } },
    { args: ['--cname', 'web-*,api-*'], flags: { '--cname': ['web-*,api-*'] } },
    { args: ['--cname', 'web-*', '--cname=api-*'], flags: { '--cname': ['web-*', 'api-*'] } },
    { args: ['--cname', '--cname', 'web-*'], flags: { '--cname': ['web-*'] } },
    { args: ['--no-cname', '--cname', 'web-*'], flags: { '--cname': ['web-*'] } },
    { args: ['--cname', 'web-*', '--no-cname'], flags: { '--cname': false } },
    { args: ['--zone', 'a.b', '--zone', 'c.d'], flags: { '--zone': 'c.d' } },
  ])('$args', ({ args, flags }) => {
    expect(parse(...args)).toEqual(flags);
  });

  it.each([
    [['--cname'], true],
    [['--no-cname'], false],
    [['--cname=true'], true],
    [['--cname=false'], false],
    [
      ['--cname', 'web-*, API-*'],
      ['web-*', 'api-*'],
    ],
    [
      ['--cname', 'web-*', '--cname', 'api-*'],
      ['web-*', 'api-*'],
    ],
    [['--cname', 'web-*', '--cname'], true],
  ])('%j are a switch or the services that it is on for', (args, cname) => {
    expect(load({ flags: parse(...args) }).cname).toEqual(cname);
  });

  it('become settings', () => {
    const flags = parse('--clusters', 'a', '--clusters', 'b,c', '--no-health-enabled', '--manage=zone');
    expect(load({ flags })).toMatchObject({
      clusters: ['a', 'b', 'c'],
      health: { enabled: false },
      manage: { kind: 'zone' },
    });
  });
});

it('there is a flag for every setting that a text can hold, and one line of help', () => {
  const options = settingOptions();
  for (const { flag } of TEXT_SETTINGS) {
    expect(options.filter(({ flags }) => flags.startsWith(`${flag} `))).toHaveLength(1);
    expect(options.filter(({ setting, term }) => setting.flag === flag && term !== undefined)).toHaveLength(
      1,
    );
  }
});

it.each([
  ['--zone', undefined],
  ['--health-timeout', '2s'],
  ['--health-headers', undefined],
  ['--cname', undefined],
  ['--correct', undefined],
  ['--health-enabled', 'true'],
  ['--records-ttl', '0s'],
  ['--health-allow', undefined],
])('%s is shown with the default %s', (flag, shown) => {
  const option = settingOptions().find(({ flags }) => flags.startsWith(`${flag} `));
  expect(option && shownDefault(option.setting)).toBe(shown);
});

it.each([
  ['--zone', '--zone <zone>'],
  ['--correct', '--[no-]correct'],
  ['--cname', '--cname [patterns]'],
  ['--agent-hostname', '--hostname <hostname>'],
  ['--guardrails-allow-empty', '--allow-empty'],
])('%s is shown as %s', (flag, term) => {
  expect(settingOptions().find(({ setting }) => setting.flag === flag)?.term).toBe(term);
});

it('there is no flag for what only a file can hold', () => {
  const names = settingOptions().map(({ flags }) => flags.split(' ')[0]);
  expect(SETTINGS.filter(({ flag }) => !names.includes(flag)).map(({ name }) => name)).toEqual([
    'records.services',
    'health.services',
  ]);
});
