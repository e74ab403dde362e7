import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { decidingDifferences, decidingSettings } from '../../src/config/deciding-settings.ts';
import type { FlagValues } from '../../src/config/read-texts.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

const ZONE = { ECS_DNS_ZONE: 'a.internal' };
const of = (flags: FlagValues = {}, file?: string) => decidingSettings({ env: ZONE, flags, file });
const named = (before: FlagValues, now: FlagValues) =>
  decidingDifferences(of(before), of(now)).map(({ name }) => name);

test('what decides is told with its defaults, and nothing of where or how it is told', () => {
  const settings = of({ '--policy': 'sync', '--output': 'json' });

  expect(settings).toMatchObject({ policy: 'sync', manage: 'convention', 'guardrails.minEndpoints': 1 });
  expect(settings).toHaveProperty('stopUnhealthyTasks');
  for (const name of ['zone', 'output', 'journal', 'timeout', 'guardrails.maxPlanAge', 'eventBus'])
    expect(Object.keys(settings)).not.toContain(name);
});

test('no secret is in it, not even one of a rule', async () => {
  const file = join(await temporaryDirectory(), 'settings.yml');
  await writeFile(
    file,
    `health:
  basicAuth: 'user:hunter2'
  headers: { Authorization: hunter3 }
  services:
    - { match: '_a.*', path: /ready, basicAuth: 'user:hunter4', headers: { X-Key: hunter5 } }
`,
  );

  const settings = of({}, file);

  expect(JSON.stringify(settings)).not.toContain('hunter');
  expect(settings).toMatchObject({
    'health.basicAuth': '(set)',
    'health.headers': '(set)',
    'health.services': [{ match: '_a.*', path: '/ready', basicAuth: '(set)', headers: '(set)' }],
  });
  expect(of()).toMatchObject({ 'health.basicAuth': null, 'health.headers': null, 'health.services': [] });
});

test.each<[string, FlagValues, FlagValues, readonly string[]]>([
  ['nothing', {}, {}, []],
  ['another spelling of the same', { '--records-ttl': '60s' }, { '--records-ttl': '1m' }, []],
  ['another value', { '--records-ttl': '60s' }, { '--records-ttl': '61s' }, ['records.ttl']],
  ['a secret that is not set any more', { '--health-basic-auth': 'a:b' }, {}, ['health.basicAuth']],
  ['what is not compared', { '--output': 'json' }, {}, []],
])('%s: what differs is told by its name', (_, before, now, names) => {
  expect(named(before, now)).toEqual(names);
});

test('what a file holds in place of a value differs from every value', () => {
  expect(decidingDifferences({ ...of(), policy: 7 }, of())).toEqual([
    { name: 'policy', before: 7, now: 'prune' },
  ]);
});
