import { afterAll, describe, expect, it } from 'vitest';
import { RULE_SETTINGS } from '../../src/config/setting-paths.ts';
import { configFolder, linesOf, load } from './support.ts';

const files = configFolder();
afterAll(() => files.remove());

/** What the rules of a file become. */
function rulesOf(services: unknown) {
  return load({ file: files.writeValues({ records: { services } }) }).records.services;
}

describe('rules for records', () => {
  it('keep their order and hold only what was given', () => {
    const services = [
      { match: '_DB.*', ttl: '1m', priority: 10 },
      { match: 'orders' },
      { match: '*', weight: 0 },
    ];
    expect(rulesOf(services)).toStrictEqual([
      { pattern: '_db.*', overrides: { ttl: 60, priority: 10 } },
      { pattern: 'orders', overrides: {} },
      { pattern: '*', overrides: { weight: 0 } },
    ]);
  });

  const cases: readonly (readonly [key: string, value: unknown, overrides: object])[] = [
    ['ttl', '0s', { ttl: 0 }],
    ['ttl', '24h', { ttl: 86_400 }],
    ['weight', 255, { weight: 255 }],
    ['priority', 65_535, { priority: 65_535 }],
    ['initialStatus', 'passing', { initialStatus: 'passing' }],
  ];

  it.each(cases)('desired for %s: %j', (key, value, overrides) => {
    expect(rulesOf([{ match: '_api.*', [key]: value }])).toStrictEqual([{ pattern: '_api.*', overrides }]);
  });

  it('have a case here for everything that they may hold', () => {
    expect(new Set(['match', ...cases.map(([key]) => key)])).toEqual(
      new Set(RULE_SETTINGS.get('records.services')?.map(({ name }) => name)),
    );
  });

  it('leave the settings of all other records alone, and the rules for checks', () => {
    const health = { services: [{ match: '*', path: '/ready' }] };
    const file = files.writeValues({ records: { ttl: '5s', services: [{ match: '*', ttl: '1m' }] }, health });
    const settings = load({ file, env: { ECS_DNS_RECORDS_ROUTING: 'multivalue' } });
    expect(settings.records).toStrictEqual({
      ttl: 5,
      routing: 'multivalue',
      ipv6: false,
      services: [{ pattern: '*', overrides: { ttl: 60 } }],
    });
    expect(settings.health.services).toStrictEqual([{ pattern: '*', overrides: { path: '/ready' } }]);
  });

  it('may be none', () => {
    expect(rulesOf([])).toEqual([]);
  });
});

const MATCH = 'write a name pattern relative to the zone such as _api.* or *._tcp';
const TTL = 'write whole seconds such as 0s, 60s or 5m, up to 24h';
const WEIGHT = 'write a whole number from 0 to 255';
const PRIORITY = 'write a whole number from 0 to 65535';
const KEYS = 'match, ttl, weight, priority, initialStatus';

describe('a rule that is no use', () => {
  it.each([
    ['match: a b', `match: "a b" is not valid; ${MATCH}`],
    ['ttl: 60', `ttl: 60 is not valid; ${TTL}`],
    ['ttl: 1500ms', `ttl: "1500ms" is not valid; ${TTL}`],
    ['ttl: 25h', `ttl: "25h" is not valid; ${TTL}`],
    ['weight: 256', `weight: 256 is not valid; ${WEIGHT}`],
    ['weight: -1', `weight: -1 is not valid; ${WEIGHT}`],
    ['weight: "1"', `weight: "1" is not valid; ${WEIGHT}, without quotes`],
    ['priority: 65536', `priority: 65536 is not valid; ${PRIORITY}`],
    ['priority: 0.5', `priority: 0.5 is not valid; ${PRIORITY}`],
    ['initialStatus: critical', 'initialStatus: "critical" is not valid; write passing'],
    [
      'initialstatus: passing',
      'initialstatus: unknown setting; did you mean records.services[1].initialStatus?',
    ],
    ['path: /ready', `path: unknown setting; the settings of records.services[1] are ${KEYS}`],
  ])('%s', (yaml, line) => {
    const match = yaml.startsWith('match:') ? [] : ['      match: "*"'];
    const lines = [
      'zone: a.b',
      'records:',
      '  services:',
      '    - match: a',
      '    -',
      ...match,
      `      ${yaml}`,
    ];
    expect(linesOf({ file: files.write(lines.join('\n')), env: {} })).toEqual([
      `FILE, line ${lines.length}: records.services[1].${line}`,
    ]);
  });

  it('has no pattern', () => {
    const file = files.write('zone: a.b\nrecords:\n  services:\n    - ttl: 60s\n');
    expect(linesOf({ file, env: {} })).toEqual([
      `FILE, line 4: records.services[0].match: required, but not set; ${MATCH}`,
    ]);
  });

  it('is no mapping, and shown, for no secret belongs here', () => {
    const file = files.write('zone: a.b\nrecords:\n  services:\n    - web-*\n');
    expect(linesOf({ file, env: {} })).toEqual([
      'FILE, line 4: records.services[0]: "web-*" is not valid; write match and the settings that differ',
    ]);
  });
});
