import { afterAll, describe, expect, it } from 'vitest';
import type { FlagValue } from '../../src/config/read-texts.ts';
import { findSetting, TEXT_SETTINGS } from '../../src/config/setting-paths.ts';
import { buildTree } from '../../src/config/settings-tree.ts';
import { configFolder, load } from './support.ts';

const files = configFolder();
afterAll(() => files.remove());

interface Case {
  readonly setting: string;
  readonly file: unknown;
  readonly variable: string;
  readonly flag: FlagValue;
  readonly expected: object;
}

const ARN = 'arn:aws-us-gov:ecs:us-gov-west-1:123456789012:cluster/blue_1';

const BUS = 'arn:aws-cn:events:cn-north-1:123456789012:event-bus/dns/changes_1.a-b';
const TOPIC = 'arn:aws:sns:eu-west-1:123456789012:ecs-dns';
const QUEUE = 'https://sqs.eu-west-1.amazonaws.com/123456789012/ecs-events';

const CASES: readonly Case[] = [
  {
    setting: 'zone',
    file: '/hostedzone/Z2ABC',
    variable: '/hostedzone/Z2ABC',
    flag: 'Z2ABC',
    expected: { zone: { kind: 'id', id: 'Z2ABC' } },
  },
  {
    setting: 'clusters',
    file: ['blue', ARN, 'blue'],
    variable: `blue, ${ARN}`,
    flag: ['blue', ARN],
    expected: { clusters: ['blue', ARN] },
  },
  { setting: 'policy', file: 'prune', variable: 'prune', flag: 'prune', expected: { policy: 'prune' } },
  {
    setting: 'manage',
    file: ['_API.*', '*._tcp'],
    variable: '_api.*,*._tcp',
    flag: ['_api.*', '*._tcp'],
    expected: { manage: { kind: 'patterns', patterns: ['_api.*', '*._tcp'] } },
  },
  {
    setting: 'manage',
    file: 'zone',
    variable: 'zone',
    flag: ['zone'],
    expected: { manage: { kind: 'zone' } },
  },
  {
    setting: 'manage',
    file: 'convention',
    variable: 'convention',
    flag: 'convention',
    expected: { manage: { kind: 'convention' } },
  },
  {
    setting: 'policy',
    file: 'sync',
    variable: 'sync',
    flag: 'sync',
    expected: { policy: 'sync' },
  },
  {
    setting: 'records.ttl',
    file: '5m',
    variable: '5m',
    flag: '300s',
    expected: { records: { ttl: 300 } },
  },
  {
    setting: 'records.ttl',
    file: '24h',
    variable: '24h',
    flag: '86400s',
    expected: { records: { ttl: 86_400 } },
  },
  {
    setting: 'records.ttl',
    file: '2000ms',
    variable: '2000ms',
    flag: '2s',
    expected: { records: { ttl: 2 } },
  },
  {
    setting: 'records.routing',
    file: 'multivalue',
    variable: 'multivalue',
    flag: 'multivalue',
    expected: { records: { routing: 'multivalue' } },
  },
  {
    setting: 'records.ipv6',
    file: true,
    variable: 'true',
    flag: true,
    expected: { records: { ipv6: true } },
  },
  {
    setting: 'hosts.name',
    file: 'zone',
    variable: 'zone',
    flag: 'zone',
    expected: { hosts: { name: 'zone', domains: [] } },
  },
  {
    setting: 'hosts.domains',
    file: ['Corp.example.com.', 'testapi', 'testapi'],
    variable: 'corp.example.com, testapi',
    flag: ['corp.example.com', 'testapi'],
    expected: { hosts: { name: 'ec2', domains: ['corp.example.com', 'testapi'] } },
  },
  {
    setting: 'names',
    file: ['registries', 'metadata'],
    variable: 'registries,metadata',
    flag: ['registries', 'metadata'],
    expected: { names: ['registries', 'metadata'] },
  },
  {
    setting: 'namespace',
    file: 'Prod.internal.',
    variable: 'prod.internal',
    flag: 'prod.internal',
    expected: { namespace: 'prod.internal' },
  },
  {
    setting: 'addresses',
    file: 'public',
    variable: 'public',
    flag: 'public',
    expected: { addresses: 'public' },
  },
  {
    setting: 'cname',
    file: true,
    variable: 'true',
    flag: true,
    expected: { cname: true },
  },
  {
    setting: 'cname',
    file: false,
    variable: 'false',
    flag: ['false'],
    expected: { cname: false },
  },
  {
    setting: 'cname',
    file: ['Web-*', 'api'],
    variable: 'Web-*, api',
    flag: ['web-*', 'api'],
    expected: { cname: ['web-*', 'api'] },
  },
  {
    setting: 'correct',
    file: true,
    variable: 'true',
    flag: true,
    expected: { correct: true },
  },
  {
    setting: 'stopUnhealthyTasks',
    file: true,
    variable: 'true',
    flag: ['true'],
    expected: { stopUnhealthyTasks: true },
  },
  {
    setting: 'stopUnhealthyTasks',
    file: ['batch-*'],
    variable: 'batch-*',
    flag: ['batch-*'],
    expected: { stopUnhealthyTasks: ['batch-*'] },
  },
  {
    setting: 'stopLimit',
    file: 100,
    variable: '100',
    flag: '100',
    expected: { stopLimit: 100 },
  },
  {
    setting: 'eventBus',
    file: 'default',
    variable: 'default',
    flag: 'default',
    expected: { eventBus: 'default' },
  },
  {
    setting: 'eventBus',
    file: 'aws.partner/a.b/c_d-1',
    variable: 'aws.partner/a.b/c_d-1',
    flag: 'aws.partner/a.b/c_d-1',
    expected: { eventBus: 'aws.partner/a.b/c_d-1' },
  },
  {
    setting: 'eventBus',
    file: BUS,
    variable: BUS,
    flag: BUS,
    expected: { eventBus: BUS },
  },
  {
    setting: 'notices.topic',
    file: TOPIC,
    variable: TOPIC,
    flag: TOPIC,
    expected: { notices: { topic: TOPIC } },
  },
  ...[
    'https://hooks.slack.com/services/T0/B0/x',
    'http://127.0.0.1:8080/hook',
    'http://[::1]/',
    'http://localhost',
  ].map((url) => ({
    setting: 'notices.webhook',
    file: url,
    variable: url,
    flag: url,
    expected: { notices: { webhook: url } },
  })),
  {
    setting: 'notices.on',
    file: ['drift', 'failures', 'drift'],
    variable: 'drift, failures',
    flag: ['drift', 'failures'],
    expected: { notices: { on: ['drift', 'failures'] } },
  },
  {
    setting: 'eventFormat',
    file: 'agent',
    variable: 'agent',
    flag: 'agent',
    expected: { eventFormat: 'agent' },
  },
  {
    setting: 'agent.hostname',
    file: 'Web01.corp.example.com',
    variable: 'Web01.corp.example.com',
    flag: 'Web01.corp.example.com',
    expected: { agent: { hostname: 'web01.corp.example.com' } },
  },
  {
    setting: 'agent.address',
    file: '10.0.1.2',
    variable: '10.0.1.2',
    flag: '10.0.1.2',
    expected: { agent: { address: '10.0.1.2' } },
  },
  {
    setting: 'agent.socket',
    file: '/run/podman/podman.sock',
    variable: '/run/podman/podman.sock',
    flag: '/run/podman/podman.sock',
    expected: { agent: { socket: '/run/podman/podman.sock' } },
  },
  {
    setting: 'agent.introspection',
    file: 'http://172.17.0.1:51678',
    variable: 'http://172.17.0.1:51678',
    flag: 'http://172.17.0.1:51678',
    expected: { agent: { introspection: 'http://172.17.0.1:51678' } },
  },
  {
    setting: 'agent.waitForHealthy',
    file: false,
    variable: 'false',
    flag: false,
    expected: { agent: { waitForHealthy: false } },
  },
  {
    setting: 'agent.deregisterOnExit',
    file: true,
    variable: 'true',
    flag: true,
    expected: { agent: { deregisterOnExit: true } },
  },
  {
    setting: 'events',
    file: QUEUE,
    variable: QUEUE,
    flag: QUEUE,
    expected: { events: QUEUE },
  },
  {
    setting: 'health.enabled',
    file: false,
    variable: 'false',
    flag: false,
    expected: { health: { enabled: false } },
  },
  {
    setting: 'health.enabled',
    file: true,
    variable: 'true',
    flag: 'true',
    expected: { health: { enabled: true } },
  },
  {
    setting: 'health.path',
    file: '/ready?deep=1&x=[a]',
    variable: '/ready?deep=1&x=[a]',
    flag: '/ready?deep=1&x=[a]',
    expected: { health: { path: '/ready?deep=1&x=[a]' } },
  },
  {
    setting: 'health.matcher',
    file: '200-299, 301',
    variable: '200-299,301',
    flag: '200-299,301',
    expected: {
      health: {
        matcher: [
          { from: 200, to: 299 },
          { from: 301, to: 301 },
        ],
      },
    },
  },
  {
    setting: 'health.matcher',
    file: 204,
    variable: '204',
    flag: '204',
    expected: { health: { matcher: [{ from: 204, to: 204 }] } },
  },
  {
    setting: 'health.method',
    file: 'HEAD',
    variable: 'HEAD',
    flag: 'HEAD',
    expected: { health: { method: 'HEAD' } },
  },
  {
    setting: 'health.timeout',
    file: '1ms',
    variable: '1ms',
    flag: '1ms',
    expected: { health: { timeoutMs: 1 } },
  },
  {
    setting: 'health.attempts',
    file: 10,
    variable: '10',
    flag: '10',
    expected: { health: { attempts: 10 } },
  },
  {
    setting: 'health.interval',
    file: '0s',
    variable: '0s',
    flag: '0s',
    expected: { health: { intervalMs: 0 } },
  },
  {
    setting: 'health.concurrency',
    file: 4096,
    variable: '4096',
    flag: '4096',
    expected: { health: { concurrency: 4096 } },
  },
  {
    setting: 'health.gracePeriod',
    file: '24h',
    variable: '24h',
    flag: '1440m',
    expected: { health: { gracePeriodMs: 86_400_000 } },
  },
  {
    setting: 'health.headers',
    file: { Host: 'api.example.com', 'X-Token': 'a:b' },
    variable: 'Host: api.example.com, X-Token:a:b',
    flag: ['Host: api.example.com', 'X-Token: a:b'],
    expected: { health: { headers: { Host: 'api.example.com', 'X-Token': 'a:b' } } },
  },
  {
    setting: 'health.allow',
    file: ['127.0.0.0/8', '::1'],
    variable: '127.0.0.0/8,::1',
    flag: ['127.0.0.0/8,::1'],
    expected: {
      health: {
        allow: [
          { family: 'ipv4', address: '127.0.0.0', prefixLength: 8 },
          { family: 'ipv6', address: '::1', prefixLength: 128 },
        ],
      },
    },
  },
  ...(['http', 'https', 'tcp', 'none'] as const).map((kind) => ({
    setting: 'health.kind',
    file: kind,
    variable: kind,
    flag: kind,
    expected: { health: { kind } },
  })),
  {
    setting: 'health.budget',
    file: '1s',
    variable: '1000ms',
    flag: '1s',
    expected: { health: { budgetMs: 1000 } },
  },
  {
    setting: 'health.budget',
    file: '24h',
    variable: '24h',
    flag: '1440m',
    expected: { health: { budgetMs: 86_400_000 } },
  },
  {
    setting: 'health.basicAuth',
    file: 'user:pass:word, =ü',
    variable: 'user:pass:word, =ü',
    flag: 'user:pass:word, =ü',
    expected: { health: { basicAuth: 'user:pass:word, =ü' } },
  },
  {
    setting: 'health.basicAuth',
    file: 'user:',
    variable: 'user:',
    flag: 'user:',
    expected: { health: { basicAuth: 'user:' } },
  },
  {
    setting: 'health.bodyContains',
    file: ' "up", 1',
    variable: ' "up", 1',
    flag: ' "up", 1',
    expected: { health: { bodyContains: ' "up", 1' } },
  },
  {
    setting: 'health.bodyContains',
    file: 'x'.repeat(255),
    variable: 'x'.repeat(255),
    flag: 'x'.repeat(255),
    expected: { health: { bodyContains: 'x'.repeat(255) } },
  },
  {
    setting: 'health.hostName',
    file: 'API_1.Example-2.com',
    variable: 'API_1.Example-2.com',
    flag: 'API_1.Example-2.com',
    expected: { health: { hostName: 'api_1.example-2.com' } },
  },
  {
    setting: 'health.hostName',
    file: '1.2.3.4.in-addr',
    variable: '1.2.3.4.in-addr',
    flag: '1.2.3.4.in-addr',
    expected: { health: { hostName: '1.2.3.4.in-addr' } },
  },
  {
    setting: 'health.tlsSkipVerify',
    file: true,
    variable: 'true',
    flag: true,
    expected: { health: { tlsSkipVerify: true } },
  },
  ...(['tlsCa', 'tlsCert', 'tlsKey'] as const).map((name) => ({
    setting: `health.${name}`,
    file: `/etc/${name}.pem`,
    variable: `/etc/${name}.pem`,
    flag: `/etc/${name}.pem`,
    expected: { health: { [name]: `/etc/${name}.pem` } },
  })),
  {
    setting: 'health.grpcService',
    file: 'orders.v1.Orders',
    variable: 'orders.v1.Orders',
    flag: 'orders.v1.Orders',
    expected: { health: { grpcService: 'orders.v1.Orders' } },
  },
  {
    setting: 'health.grpcUseTls',
    file: true,
    variable: 'true',
    flag: true,
    expected: { health: { grpcUseTls: true } },
  },
  {
    setting: 'health.trustEcs',
    file: true,
    variable: 'true',
    flag: true,
    expected: { health: { trustEcs: true } },
  },
  {
    setting: 'health.trustTargetGroups',
    file: ['web-*', 'Orders'],
    variable: 'web-*,Orders',
    flag: ['web-*,Orders'],
    expected: { health: { trustTargetGroups: ['web-*', 'orders'] } },
  },
  {
    setting: 'health.unhealthyThreshold',
    file: 1,
    variable: '1',
    flag: '1',
    expected: { health: { unhealthyThreshold: 1 } },
  },
  {
    setting: 'health.healthyThreshold',
    file: 1,
    variable: '1',
    flag: '1',
    expected: { health: { healthyThreshold: 1 } },
  },
  {
    setting: 'state',
    file: '/var/lib/ecs dns/state.json',
    variable: '/var/lib/ecs dns/state.json',
    flag: '/var/lib/ecs dns/state.json',
    expected: { state: { kind: 'file', path: '/var/lib/ecs dns/state.json' } },
  },
  {
    setting: 'state',
    file: 'dynamodb:ecs-dns_2.prod',
    variable: 'dynamodb:ecs-dns_2.prod',
    flag: 'dynamodb:ecs-dns_2.prod',
    expected: { state: { kind: 'dynamodb', table: 'ecs-dns_2.prod', key: 'ecs-dns' } },
  },
  {
    setting: 'guardrails.removalBudgetPercent',
    file: 0,
    variable: '0',
    flag: '0',
    expected: { guardrails: { removalBudgetPercent: 0 } },
  },
  {
    setting: 'guardrails.budgetDelay',
    file: '2h',
    variable: '2h',
    flag: '2h',
    expected: { guardrails: { budgetDelayMs: 7_200_000 } },
  },
  {
    setting: 'guardrails.unhealthyBudgetPercent',
    file: 20,
    variable: '20',
    flag: '20',
    expected: { guardrails: { unhealthyBudgetPercent: 20 } },
  },
  {
    setting: 'guardrails.panicPercent',
    file: 33.3,
    variable: '33.3',
    flag: '33.3',
    expected: { guardrails: { panicPercent: 33.3 } },
  },
  {
    setting: 'guardrails.minEndpoints',
    file: 0,
    variable: '0',
    flag: '0',
    expected: { guardrails: { minEndpoints: 0 } },
  },
  {
    setting: 'guardrails.allowEmpty',
    file: true,
    variable: 'true',
    flag: true,
    expected: { guardrails: { allowEmpty: true } },
  },
  {
    setting: 'guardrails.maxPlanAge',
    file: '90s',
    variable: '90s',
    flag: '90s',
    expected: { guardrails: { maxPlanAgeMs: 90_000 } },
  },
  { setting: 'every', file: '90s', variable: '90s', flag: '90s', expected: { everyMs: 90_000 } },
  { setting: 'timeout', file: '2m', variable: '2m', flag: '2m', expected: { timeoutMs: 120_000 } },
  {
    setting: 'journal',
    file: '/var/lib/ecs dns/journal',
    variable: '/var/lib/ecs dns/journal',
    flag: '/var/lib/ecs dns/journal',
    expected: { journal: { kind: 'directory', path: '/var/lib/ecs dns/journal' } },
  },
  {
    setting: 'journal',
    file: './none',
    variable: './none',
    flag: './none',
    expected: { journal: { kind: 'directory', path: './none' } },
  },
  {
    setting: 'journal',
    file: 'none',
    variable: 'none',
    flag: 'none',
    expected: { journal: { kind: 'none' } },
  },
  {
    setting: 'journal',
    file: 'stderr',
    variable: 'stderr',
    flag: 'stderr',
    expected: { journal: { kind: 'stderr' } },
  },
  {
    setting: 'log.format',
    file: 'json',
    variable: 'json',
    flag: 'json',
    expected: { log: { format: 'json' } },
  },
  {
    setting: 'log.level',
    file: 'debug',
    variable: 'debug',
    flag: 'debug',
    expected: { log: { level: 'debug' } },
  },
  { setting: 'output', file: 'json', variable: 'json', flag: 'json', expected: { output: 'json' } },
];

it('covers every setting that can be a text', () => {
  expect(new Set(CASES.map(({ setting }) => setting))).toEqual(
    new Set(TEXT_SETTINGS.map(({ name }) => name)),
  );
});

describe.each(CASES)('$setting: $variable', ({ setting, file, variable, flag, expected }) => {
  const leaf = findSetting(setting);

  it('in a file', () => {
    const tree = buildTree([{ path: setting.split('.'), value: file }]);
    expect(load({ file: files.writeValues(tree), env: { ECS_DNS_ZONE: undefined } })).toMatchObject(expected);
  });

  it('as a variable', () => {
    expect(load({ env: { [leaf?.variable ?? '']: variable } })).toMatchObject(expected);
  });

  it('as a flag', () => {
    expect(load({ flags: { [leaf?.flag ?? '']: flag } })).toMatchObject(expected);
  });
});

it('keeps commas in the value of a header that a flag sets', () => {
  const flags = { '--health-headers': ['Accept: text/html, text/plain'] };
  expect(load({ flags }).health.headers).toEqual({ Accept: 'text/html, text/plain' });
});

it('knows the short flag of guardrails.allowEmpty', () => {
  expect(load({ flags: { '--allow-empty': true } }).guardrails.allowEmpty).toBe(true);
});

it('knows the short flags of the agent', () => {
  const { agent } = load({ flags: { '--hostname': 'web01', '--deregister-on-exit': true } });
  expect(agent).toMatchObject({ hostname: 'web01', deregisterOnExit: true });
});
