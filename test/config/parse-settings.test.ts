import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { exampleConfig } from '../../scripts/pages/settings-page.ts';
import { parseSettings } from '../../src/config/parse-settings.ts';
import type { SettingsInput } from '../../src/config/settings.ts';
import { SettingsError } from '../../src/config/settings-error.ts';
import { settingsSchema } from '../../src/config/settings-schema.ts';
import { configFolder } from './support.ts';

const ZONE = 'set zone to a hosted-zone id such as Z0123456789ABC, or the exact name of the zone';

describe('settings from a plain object', () => {
  it('are those of a file that says the same', () => {
    const files = configFolder();
    const file = files.write(exampleConfig());
    expect(parseSettings(parse(exampleConfig()))).toStrictEqual(parseSettings({ file, env: {} }));
    files.remove();
  });

  it('have the defaults of all others, whatever the environment says', () => {
    expect(parseSettings({ zone: 'a.b', health: { timeout: '5s' } })).toMatchObject({
      zone: { kind: 'name', name: 'a.b' },
      health: { timeoutMs: 5000, attempts: 3, basicAuth: undefined },
      journal: { kind: 'default' },
    });
  });

  it('may be left undefined', () => {
    const rule = { match: '*', path: undefined, timeout: '1s' };
    const input = { zone: 'a.b', eventBus: undefined, health: { attempts: undefined, services: [rule] } };
    const { health, eventBus } = parseSettings(input);
    expect({ attempts: health.attempts, eventBus }).toEqual({ attempts: 3, eventBus: undefined });
    expect(health.services).toStrictEqual([{ pattern: '*', overrides: { timeoutMs: 1000 } }]);
  });

  it.each<[what: string, input: unknown, lines: readonly string[]]>([
    ['nothing', {}, [`zone: required, but not set; ${ZONE}`]],
    ['no zone', { zone: undefined }, [`zone: required, but not set; ${ZONE}`]],
    [
      'one among the sources',
      { zone: 'a.b', env: {} },
      [
        'env: unknown setting; the settings are zone, clusters, policy, manage, names, namespace, records, hosts, addresses, cname, correct, stopUnhealthyTasks, stopLimit, eventBus, eventFormat, notices, agent, events, health, guardrails, every, timeout, journal, state, log, output',
      ],
    ],
    [
      'faults all over',
      {
        zone: 'a.b',
        polcy: 'sync',
        guardrails: [],
        clusters: ['a', 5],
        health: {
          attempts: '3',
          headers: { 'X-A': 'hunter2\n' },
          services: [{ kind: 'tcp', pth: '/' }, 'hunter2'],
        },
        journal: 5,
      },
      [
        'polcy: unknown setting; did you mean policy?',
        'guardrails: a list is not valid; write the settings of guardrails below it, or leave it out',
        'clusters[1]: 5 is not valid; write cluster names (letters, digits, - and _, at most 255) or cluster ARNs',
        'health.attempts: "3" is not valid; write a whole number from 1 to 10',
        'health.headers.X-A: the value (not shown) is not valid; write headers as "Name: value", each name once, each value as text on one line, none that controls the connection or the length',
        'health.services[0].match: required, but not set; write a name pattern relative to the zone such as _api.* or *._tcp',
        'health.services[0].pth: unknown setting; did you mean health.services[0].path?',
        'health.services[1]: the value (not shown) is not valid; write match and the settings that differ',
        'journal: 5 is not valid; write the path of a directory, with a / in it, stderr or none',
      ],
    ],
    [
      'a threshold without a state store',
      { zone: 'a.b', health: { unhealthyThreshold: 2 } },
      [
        'health.unhealthyThreshold: 2 needs state, which is not set; set state to the path of a .json file, dynamodb:TABLE or dynamodb:TABLE/KEY, or health.unhealthyThreshold to 1',
      ],
    ],
  ])('are refused with all their problems: %s', (_, input, lines) => {
    expect(linesOf(input as SettingsInput)).toEqual(lines);
  });

  it.each([
    ['a date', new Date(0)],
    ['a map', new Map([['path', '/ready']])],
    ['an error', new Error('no')],
    [
      'an instance',
      new (class Health {
        readonly path = '/ready';
      })(),
    ],
  ])('takes only plain objects for a section: %s is none', (_, health) => {
    expect(linesOf({ zone: 'z.internal', health } as unknown as SettingsInput)).toEqual([
      expect.stringMatching(/^health: /),
    ]);
  });

  it('takes an object of any realm, or without a prototype, for a section', () => {
    const health = Object.assign(Object.create(null), { path: '/ready' });
    expect(parseSettings({ zone: 'z.internal', health }).health).toMatchObject({ path: '/ready' });
    expect(
      parseSettings({ zone: 'z.internal', health: runInNewContext("({ path: '/ready' })") }).health,
    ).toMatchObject({ path: '/ready' });
  });

  it('can be told from sources, whose names no setting has', () => {
    expect(Object.keys(settingsSchema.in.shape)).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/^(?:file|env|flags|zoneId)$/)]),
    );
  });
});

function linesOf(input: SettingsInput): readonly string[] {
  try {
    parseSettings(input);
    return [];
  } catch (error) {
    if (error instanceof SettingsError) return error.message.split('\n');
    throw error;
  }
}
