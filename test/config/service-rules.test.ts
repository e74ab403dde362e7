import { afterAll, describe, expect, it } from 'vitest';
import { RULE_SETTINGS } from '../../src/config/setting-paths.ts';
import { configFolder, linesOf, load, problemsOf } from './support.ts';

const files = configFolder();
afterAll(() => files.remove());

/** What the rules of a file become. */
function rulesOf(services: unknown) {
  return load({ file: files.writeValues({ health: { services } }) }).health.services;
}

describe('rules for services', () => {
  it('keep their order and hold only what was given', () => {
    const services = [
      { match: '_DB.*', kind: 'tcp', timeout: '5s' },
      { match: 'zone' },
      { match: '*', path: '/ready' },
    ];
    expect(rulesOf(services)).toStrictEqual([
      { pattern: '_db.*', overrides: { kind: 'tcp', timeoutMs: 5000 } },
      { pattern: 'zone', overrides: {} },
      { pattern: '*', overrides: { path: '/ready' } },
    ]);
  });

  const cases: readonly (readonly [key: string, value: unknown, overrides: object])[] = [
    ['kind', 'none', { kind: 'none' }],
    ['path', '/a?b', { path: '/a?b' }],
    ['matcher', 204, { matcher: [{ from: 204, to: 204 }] }],
    ['matcher', '200-299', { matcher: [{ from: 200, to: 299 }] }],
    ['method', 'HEAD', { method: 'HEAD' }],
    ['timeout', '500ms', { timeoutMs: 500 }],
    ['attempts', 1, { attempts: 1 }],
    ['interval', '0s', { intervalMs: 0 }],
    ['headers', { Accept: 'a/b' }, { headers: { Accept: 'a/b' } }],
    ['basicAuth', 'user:hunter2', { basicAuth: 'user:hunter2' }],
    ['bodyContains', 'ok', { bodyContains: 'ok' }],
    ['hostName', 'API.example.com', { hostName: 'api.example.com' }],
    ['tlsSkipVerify', true, { tlsSkipVerify: true }],
    ['tlsCa', '/ca.pem', { tlsCa: '/ca.pem' }],
    ['tlsCert', '/cert.pem', { tlsCert: '/cert.pem' }],
    ['tlsKey', '/key.pem', { tlsKey: '/key.pem' }],
    ['grpcService', 'orders.v1', { grpcService: 'orders.v1' }],
    ['grpcUseTls', true, { grpcUseTls: true }],
  ];

  it.each(cases)('override %s: %j', (key, value, overrides) => {
    expect(rulesOf([{ match: '_api.*', [key]: value }])).toStrictEqual([{ pattern: '_api.*', overrides }]);
  });

  it('have a case here for everything that they may hold', () => {
    expect(new Set(['match', ...cases.map(([key]) => key)])).toEqual(
      new Set(RULE_SETTINGS.get('health.services')?.map(({ name }) => name)),
    );
  });

  it('leave the settings of all other checks alone', () => {
    const file = files.writeValues({ health: { path: '/a', services: [{ match: '*', path: '/b' }] } });
    expect(load({ file, env: { ECS_DNS_HEALTH_TIMEOUT: '9s' } }).health).toMatchObject({
      path: '/a',
      timeoutMs: 9000,
      services: [{ pattern: '*', overrides: { path: '/b' } }],
    });
  });

  it('may be none', () => {
    expect(rulesOf([])).toEqual([]);
  });

  it('may share what they hold by aliases', () => {
    const file = files.write(
      'zone: a.b\nhealth:\n  services:\n    - &a {match: "x*", path: /a}\n    - *a\n    - {match: y, headers: &h {A: "1"}}\n    - {match: z, headers: *h}\n',
    );
    expect(load({ file }).health.services).toEqual([
      { pattern: 'x*', overrides: { path: '/a' } },
      { pattern: 'x*', overrides: { path: '/a' } },
      { pattern: 'y', overrides: { headers: { A: '1' } } },
      { pattern: 'z', overrides: { headers: { A: '1' } } },
    ]);
  });
});

const DURATION = 'a duration such as 500ms, 2s, 5m or 1h, from';
const MATCH = 'write a name pattern relative to the zone such as _api.* or *._tcp';
const HEADERS =
  'write headers as "Name: value", each name once, each value as text on one line, none that controls the connection or the length';
const KEYS =
  'match, kind, path, matcher, method, timeout, attempts, interval, headers, basicAuth, bodyContains, hostName, tlsSkipVerify, tlsCa, tlsCert, tlsKey, grpcService, grpcUseTls';

describe('a rule that is no use', () => {
  it.each([
    ['match: ""', `match: "" is not valid; ${MATCH}`],
    ['match: 5', `match: 5 is not valid; ${MATCH}, in quotes`],
    ['match: [a]', `match: ["a"] is not valid; ${MATCH}`],
    ['match: a b', `match: "a b" is not valid; ${MATCH}`],
    ['match: a.b.', `match: "a.b." is not valid; ${MATCH}`],
    ['kind: udp', 'kind: "udp" is not valid; write http, https, grpc, tcp, ecs or none'],
    [
      'path: ready',
      'path: "ready" is not valid; write a path that starts with one /, without blanks, \\ and #',
    ],
    [
      'matcher: 99',
      'matcher: 99 is not valid; write statuses from 100 to 599 such as 200, "200,204" or 200-299, in quotes',
    ],
    ['method: POST', 'method: "POST" is not valid; write GET, HEAD or OPTIONS'],
    ['timeout: "5"', `timeout: "5" is not valid; write ${DURATION} 1ms to 24h`],
    ['attempts: "3"', 'attempts: "3" is not valid; write a whole number from 1 to 10, without quotes'],
    ['interval: 1', `interval: 1 is not valid; write ${DURATION} 0s to 24h`],
    ['headers: hunter2', `headers: the value (not shown) is not valid; ${HEADERS}`],
    ['headers: {X-A: 5}', `headers.X-A: the value (not shown) is not valid; ${HEADERS}`],
    ['headers: {hunter2 x: a}', `headers: the value (not shown) is not valid; ${HEADERS}`],
    [
      'basicAuth: hunter2',
      'basicAuth: the value (not shown) is not valid; write user:password, without control characters, the user not empty',
    ],
    ['bodyContains: ""', 'bodyContains: "" is not valid; write a text of 1 to 255 characters'],
    [
      'hostName: a.b:80',
      'hostName: "a.b:80" is not valid; write a DNS name such as api.example.com, of letters, digits, -, _ and dots, without a port',
    ],
    ['tlsSkipVerify: "true"', 'tlsSkipVerify: "true" is not valid; write true or false, without quotes'],
    ['kind:', 'kind: null is not valid; write http, https, grpc, tcp, ecs or none'],
    ['timeuot: 2s', 'timeuot: unknown setting; did you mean health.services[1].timeout?'],
    [
      'TLS_skip_verify: true',
      'TLS_skip_verify: unknown setting; did you mean health.services[1].tlsSkipVerify?',
    ],
    ['concurrency: 5', `concurrency: unknown setting; the settings of health.services[1] are ${KEYS}`],
    ['__proto__: {kind: tcp}', `__proto__: unknown setting; the settings of health.services[1] are ${KEYS}`],
    ['secret: hunter2', `secret: unknown setting; the settings of health.services[1] are ${KEYS}`],
  ])('%s', (yaml, line) => {
    const match = yaml.startsWith('match:') ? [] : ['      match: "*"'];
    const lines = [
      'zone: a.b',
      'health:',
      '  services:',
      '    - match: a',
      '    -',
      ...match,
      `      ${yaml}`,
    ];
    expect(linesOf({ file: files.write(lines.join('\n')), env: {} })).toEqual([
      `FILE, line ${lines.length}: health.services[1].${line}`,
    ]);
  });

  it('has no pattern', () => {
    const file = files.write('zone: a.b\nhealth:\n  services:\n    - match: a\n    - kind: tcp\n');
    expect(linesOf({ file, env: {} })).toEqual([
      `FILE, line 5: health.services[1].match: required, but not set; ${MATCH}`,
    ]);
  });

  it.each(['hunter2', 'user:hunter2', '[hunter2]', '5', 'null', ''])('is no mapping: %s', (yaml) => {
    const file = files.write(`zone: a.b\nhealth:\n  services:\n    - match: a\n    - ${yaml}\n`);
    expect(linesOf({ file, env: {} })).toEqual([
      'FILE, line 5: health.services[1]: the value (not shown) is not valid; write match and the settings that differ',
    ]);
  });

  it('does not hide what is wrong with the others', () => {
    const file = files.write(
      [
        'zone: a.b',
        'health:',
        '  timeout: 2',
        '  services:',
        '    - {kind: udp, pth: /}',
        '    - nothing',
        '    - match: a',
        '      headers:',
        '        X-A: 1',
      ].join('\n'),
    );
    expect(linesOf({ file, env: {} })).toEqual([
      `FILE: health.timeout: 2 is not valid; write ${DURATION} 1ms to 24h`,
      `FILE, line 5: health.services[0].match: required, but not set; ${MATCH}`,
      'FILE, line 5: health.services[0].kind: "udp" is not valid; write http, https, grpc, tcp, ecs or none',
      'FILE, line 5: health.services[0].pth: unknown setting; did you mean health.services[0].path?',
      'FILE, line 6: health.services[1]: the value (not shown) is not valid; write match and the settings that differ',
      `FILE, line 8: health.services[2].headers.X-A: the value (not shown) is not valid; ${HEADERS}`,
    ]);
  });

  it('has no line where an alias stands for it', () => {
    const file = files.write('zone: a.b\nhealth:\n  services:\n    - &a {match: x, kind: udp}\n    - *a\n');
    expect(linesOf({ file, env: {} })).toEqual([
      'FILE, line 4: health.services[0].kind: "udp" is not valid; write http, https, grpc, tcp, ecs or none',
      'FILE: health.services[1].kind: "udp" is not valid; write http, https, grpc, tcp, ecs or none',
    ]);
  });

  it('is found in JSON as well', () => {
    const services = [{ match: 'a', timeout: '5' }];
    const file = files.write(JSON.stringify({ zone: 'a.b', health: { services } }, null, 2));
    expect(problemsOf({ file, env: {} })).toEqual([
      {
        setting: 'health.services[0].timeout',
        origin: { kind: 'file', file, key: 'health.services[0].timeout', line: 7 },
        value: '"5"',
        fault: 'is not valid',
        remedy: `write ${DURATION} 1ms to 24h`,
      },
    ]);
  });

  it('keeps a key that would break the line on it', () => {
    const file = files.write('zone: a.b\nhealth:\n  services:\n    - {match: a, "x\\ny": 1}\n');
    expect(linesOf({ file, env: {} })).toEqual([
      `FILE, line 4: "health.services[0].x\\ny": unknown setting; the settings of health.services[0] are ${KEYS}`,
    ]);
  });
});
