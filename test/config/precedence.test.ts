import { afterAll, describe, expect, it } from 'vitest';
import { configFolder, load, problemsOf } from './support.ts';

const files = configFolder();
afterAll(() => files.remove());

const FILE = { health: { attempts: 2 } };
const VARIABLE = { ECS_DNS_HEALTH_ATTEMPTS: '4' };
const FLAG = { '--health-attempts': '5' };

describe('precedence: flag > variable > file > default', () => {
  it.each([
    { given: 'nothing', file: {}, env: {}, flags: {}, attempts: 3 },
    { given: 'file', file: FILE, env: {}, flags: {}, attempts: 2 },
    { given: 'variable', file: {}, env: VARIABLE, flags: {}, attempts: 4 },
    { given: 'flag', file: {}, env: {}, flags: FLAG, attempts: 5 },
    { given: 'file and variable', file: FILE, env: VARIABLE, flags: {}, attempts: 4 },
    { given: 'file and flag', file: FILE, env: {}, flags: FLAG, attempts: 5 },
    { given: 'variable and flag', file: {}, env: VARIABLE, flags: FLAG, attempts: 5 },
    { given: 'all three', file: FILE, env: VARIABLE, flags: FLAG, attempts: 5 },
  ])('$given: $attempts', ({ file, env, flags, attempts }) => {
    expect(load({ file: files.writeValues(file), env, flags }).health.attempts).toBe(attempts);
  });

  it('goes setting by setting within a section', () => {
    const file = files.writeValues({ health: { attempts: 2, path: '/file', timeout: '9s' } });
    const settings = load({
      file,
      env: { ECS_DNS_HEALTH_PATH: '/variable' },
      flags: { '--health-timeout': '7s' },
    });
    expect(settings.health).toMatchObject({ attempts: 2, path: '/variable', timeoutMs: 7000 });
  });

  it('replaces lists and maps as a whole', () => {
    const file = files.writeValues({ clusters: ['a', 'b'], health: { headers: { A: '1', B: '2' } } });
    const settings = load({ file, flags: { '--clusters': ['c'], '--health-headers': ['C: 3'] } });
    expect(settings.clusters).toEqual(['c']);
    expect(settings.health.headers).toEqual({ C: '3' });
  });

  it('lets an empty variable empty a list', () => {
    const file = files.writeValues({ clusters: ['a'] });
    expect(load({ file, env: { ECS_DNS_CLUSTERS: '' } }).clusters).toEqual([]);
  });

  it('prefers the full flag to the short one', () => {
    const flags = { '--allow-empty': true, '--guardrails-allow-empty': false };
    expect(load({ flags }).guardrails.allowEmpty).toBe(false);
  });

  it('checks a value even where a stronger one hides it', () => {
    const file = files.writeValues({ health: { attempts: 99 } });
    expect(problemsOf({ file, env: VARIABLE, flags: FLAG })).toMatchObject([
      { setting: 'health.attempts', origin: { kind: 'file', key: 'health.attempts' }, value: '99' },
    ]);
  });
});

describe('the config file', () => {
  it('is named by ECS_DNS_CONFIG', () => {
    const file = files.writeValues({ output: 'json' });
    expect(load({ env: { ECS_DNS_CONFIG: file } }).output).toBe('json');
  });

  it('is rather the one that --config names', () => {
    const file = files.writeValues({ output: 'json' });
    expect(load({ file, env: { ECS_DNS_CONFIG: '/does/not/exist' } }).output).toBe('json');
  });

  it('may be JSON, indented with tabs', () => {
    const file = files.write(JSON.stringify({ zone: 'a.b', clusters: ['blue'] }, null, '\t'), 'tabs.json');
    expect(load({ file, env: { ECS_DNS_ZONE: undefined } })).toMatchObject({
      zone: { kind: 'name', name: 'a.b' },
      clusters: ['blue'],
    });
  });

  it('may begin with a byte order mark', () => {
    expect(load({ file: files.write('\ufeffoutput: json\n') }).output).toBe('json');
  });
});

it('knows every default', () => {
  expect(load({})).toStrictEqual({
    zone: { kind: 'name', name: 'example.com' },
    clusters: [],
    policy: 'prune',
    manage: { kind: 'convention' },
    names: ['metadata'],
    records: { ttl: 0, routing: 'weighted', ipv6: false, services: [] },
    hosts: { name: 'ec2', domains: [] },
    addresses: 'private',
    cname: false,
    correct: false,
    stopUnhealthyTasks: false,
    stopLimit: 1,
    eventBus: undefined,
    eventFormat: 'ecs-dns',
    notices: { on: ['removals', 'held-back', 'failures'] },
    agent: { waitForHealthy: true, deregisterOnExit: false },
    events: undefined,
    health: {
      enabled: true,
      kind: 'http',
      path: '/health',
      matcher: [{ from: 200, to: 200 }],
      method: 'GET',
      timeoutMs: 2000,
      attempts: 3,
      intervalMs: 500,
      concurrency: 256,
      budgetMs: 120_000,
      gracePeriodMs: 60_000,
      headers: {},
      basicAuth: undefined,
      bodyContains: undefined,
      hostName: undefined,
      tlsSkipVerify: false,
      tlsCa: undefined,
      tlsCert: undefined,
      tlsKey: undefined,
      grpcService: undefined,
      grpcUseTls: false,
      allow: [
        { family: 'ipv4', address: '10.0.0.0', prefixLength: 8 },
        { family: 'ipv4', address: '172.16.0.0', prefixLength: 12 },
        { family: 'ipv4', address: '192.168.0.0', prefixLength: 16 },
        { family: 'ipv4', address: '100.64.0.0', prefixLength: 10 },
        { family: 'ipv6', address: 'fc00::', prefixLength: 7 },
      ],
      trustEcs: false,
      trustTargetGroups: false,
      unhealthyThreshold: 1,
      healthyThreshold: 1,
      services: [],
    },
    guardrails: {
      removalBudgetPercent: 30,
      unhealthyBudgetPercent: 50,
      budgetDelayMs: 3_600_000,
      panicPercent: 50,
      minEndpoints: 1,
      allowEmpty: false,
      maxPlanAgeMs: 600_000,
    },
    everyMs: 300_000,
    timeoutMs: 600_000,
    journal: { kind: 'default' },
    state: { kind: 'none' },
    log: { format: 'text', level: 'info' },
    output: 'text',
  });
});
