import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseAlternative } from '../../src/config/compare-settings.ts';
import type { FlagValues } from '../../src/config/read-texts.ts';
import { SettingsError } from '../../src/config/settings-error.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

const ZONE = { ECS_DNS_ZONE: 'a.internal' };

interface Case {
  readonly what: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly flags: FlagValues;
  /** Name, role, from and to. */
  readonly differ: readonly (readonly [name: string, role: string, from: unknown, to: unknown])[];
}

const POLICY = ['policy', 'compared', 'prune', 'sync'] as const;

describe('what differs', () => {
  test.each<Case>([
    { what: 'the policy, which nobody has to name', flags: {}, differ: [POLICY] },
    { what: 'nothing where it is sync already', env: { ECS_DNS_POLICY: 'sync' }, flags: {}, differ: [] },
    { what: 'nothing where a flag says what is in force', flags: { '--policy': 'prune' }, differ: [] },
    {
      what: 'a list beside a word',
      flags: { '--manage': ['_api.*', '*._tcp'] },
      differ: [POLICY, ['manage', 'compared', 'convention', ['_api.*', '*._tcp']]],
    },
    {
      what: 'not another spelling of the same',
      env: { ECS_DNS_RECORDS_TTL: '60s' },
      flags: { '--records-ttl': '1m' },
      differ: [POLICY],
    },
    {
      what: 'a short flag, by the name of its setting',
      flags: { '--allow-empty': true, '--policy': 'prune' },
      differ: [['guardrails.allowEmpty', 'compared', false, true]],
    },
    {
      what: 'what is set beside what is not',
      flags: { '--event-bus': 'default', '--policy': 'prune' },
      differ: [['eventBus', 'apart', undefined, 'default']],
    },
    {
      what: 'that a secret is another, and not what it is',
      flags: { '--health-basic-auth': 'user:secret', '--policy': 'prune' },
      differ: [['health.basicAuth', 'shared', undefined, undefined]],
    },
    {
      what: 'how it is printed and where the zone is',
      flags: { '--zone': 'b.internal', '--output': 'json' },
      differ: [['zone', 'silent', 'a.internal', 'b.internal'], POLICY, ['output', 'silent', 'text', 'json']],
    },
  ])('$what', ({ env = {}, flags, differ }) => {
    const { differences } = parseAlternative({ env: { ...ZONE, ...env }, flags });
    expect(differences.map(({ name, role, from, to }) => [name, role, from, to])).toEqual(differ);
  });
});

describe('the two sides', () => {
  test('differ in what decides, and share what says where and how to look', () => {
    const flags = {
      '--manage': ['zone'],
      '--zone': 'b.internal',
      '--health-path': '/up',
      '--clusters': ['x'],
    };
    const { inForce, alternative } = parseAlternative({ env: ZONE, flags });
    expect(inForce).toEqual({ ...alternative, policy: 'prune', manage: { kind: 'convention' } });
    expect(alternative).toMatchObject({ policy: 'sync', manage: { kind: 'zone' }, clusters: ['x'] });
    expect(alternative.zone).toEqual({ kind: 'name', name: 'b.internal' });
  });

  test('need the zone from a flag alone', () => {
    const { inForce, alternative } = parseAlternative({ env: {}, flags: { '--zone': 'b.internal' } });
    expect(inForce.zone).toEqual(alternative.zone);
  });

  test('begin from a file, which variables go beyond', async () => {
    const file = join(await temporaryDirectory(), 'ecs-dns.yml');
    await writeFile(file, 'zone: a.internal\npolicy: sync\nmanage: zone\n');
    const { inForce, differences } = parseAlternative({
      file,
      env: { ECS_DNS_MANAGE: 'convention' },
      flags: {},
    });
    expect(inForce).toMatchObject({ policy: 'sync', manage: { kind: 'convention' } });
    expect(differences).toEqual([]);
  });

  test('are checked together, each problem once', () => {
    const load = () => parseAlternative({ env: { ECS_DNS_POLICY: 'snc' }, flags: { '--manage': [''] } });
    expect(load).toThrow(SettingsError);
    expect(problemsOf(load)).toEqual(['policy', 'manage', 'zone']);
  });
});

function problemsOf(load: () => unknown): readonly (string | undefined)[] {
  try {
    load();
  } catch (error) {
    if (error instanceof SettingsError) return error.problems.map(({ setting }) => setting);
  }
  return [];
}
