import { afterAll, describe, expect, it } from 'vitest';
import { findSetting, TEXT_SETTINGS } from '../../src/config/setting-paths.ts';
import { buildTree } from '../../src/config/settings-tree.ts';
import { configFolder, linesOf } from './support.ts';

const files = configFolder();
afterAll(() => files.remove());

const ZONE = 'write a hosted-zone id such as Z0123456789ABC, or the exact name of the zone';
const CLUSTERS = 'write cluster names (letters, digits, - and _, at most 255) or cluster ARNs';
const MANAGE = 'write convention, zone, or name patterns relative to the zone such as _api.* or *._tcp';
const PATH = 'write a path that starts with one /, without blanks, \\ and #';
const MATCHER = 'write statuses from 100 to 599 such as 200, "200,204" or 200-299';
const DURATION = 'write a duration such as 500ms, 2s, 5m or 1h, from 0s to 24h';
const TIMEOUT = 'write a duration such as 500ms, 2s, 5m or 1h, from 1ms to 24h';
const HEADERS =
  'write headers as "Name: value", each name once, each value as text on one line, none that controls the connection or the length';
const ALLOW = 'write address ranges such as 10.0.0.0/8 or fd00::/8, or single addresses';
const CONCURRENCY = 'write a whole number from 1 to 4096';
const BUDGET = 'write a duration such as 500ms, 2s, 5m or 1h, from 1s to 24h';
const KIND = 'write http, https, grpc, tcp, ecs or none';
const BASIC_AUTH = 'write user:password, without control characters, the user not empty';
const BODY = 'write a text of 1 to 255 characters';
const PEM = 'write a PEM, or the path of a file that is one';
const GRPC_SERVICE = 'write the name of a gRPC service, of at most 127 letters, digits, _, -, / and dots';
const HOST = 'write a DNS name such as api.example.com, of letters, digits, -, _ and dots, without a port';
const THRESHOLD = 'write a whole number from 1 to 10';
const STATE = 'write the path of a .json file, dynamodb:TABLE or dynamodb:TABLE/KEY';
const JOURNAL = 'write the path of a directory, with a / in it, stderr or none';
const SERVICES = 'write a list of rules, each with match and the settings that differ';
const TTL = 'write whole seconds such as 0s, 60s or 5m, up to 24h';
const SWITCH = 'write true, false, or name patterns such as orders or web-*';
const LIMIT = 'write a whole number from 1 to 100';
const BUS = 'write the name or ARN of an event bus';
const QUEUE_URL = 'https://sqs.eu-west-1.amazonaws.com/123456789012/ecs-events';
const TOPIC = 'write the ARN of a standard SNS topic, such as arn:aws:sns:eu-west-1:123456789012:ecs-dns';
const WEBHOOK = 'write an https:// URL without user and password, such as https://hooks.slack.com/services/…';
const QUEUE = `write the URL of a standard SQS queue, such as ${QUEUE_URL}`;
const RECORD_RULES = 'write a list of rules, each with match and what differs';
const SECRET = 'the value (not shown)';

/** setting, text of the variable and the flag, the value as shown, the remedy */
const TEXTS: readonly (readonly [setting: string, text: string, shown: string, remedy: string])[] = [
  ['zone', '', '""', ZONE],
  ['zone', 'my zone', '"my zone"', ZONE],
  ['clusters', 'blue,bad name', '"bad name"', CLUSTERS],
  ['clusters', 'blue,', '""', CLUSTERS],
  ['clusters', 'arn:aws:ecs:eu-west-1:12:cluster/blue', '"arn:aws:ecs:eu-west-1:12:cluster/blue"', CLUSTERS],
  ['policy', 'snyc', '"snyc"', 'write prune or sync'],
  ['records.ttl', '60', '"60"', TTL],
  ['records.ttl', '1500ms', '"1500ms"', TTL],
  ['records.ttl', '25h', '"25h"', TTL],
  ['records.ttl', '-1s', '"-1s"', TTL],
  ['records.routing', 'latency', '"latency"', 'write weighted or multivalue'],
  ['records.ipv6', 'yes', '"yes"', 'write true or false'],
  ['hosts.name', 'aws', '"aws"', 'write ec2 or zone'],
  ['hosts.domains', 'corp.example.com,*.corp', '"*.corp"', 'write domain names such as corp.example.com'],
  ['addresses', 'both', '"both"', 'write private or public'],
  ['names', '', '[]', 'write metadata, registries or both, the one first that wins'],
  ['names', 'labels', '"labels"', 'write metadata, registries or both, the one first that wins'],
  [
    'namespace',
    'prod internal',
    '"prod internal"',
    'write the name or the id of a namespace of Cloud Map, such as prod.internal',
  ],
  ['cname', '', '[]', SWITCH],
  ['cname', 'web-*,a b', '"a b"', SWITCH],
  ['cname', 'web-*,true', '"true"', SWITCH],
  ['cname', 'web-*,', '""', SWITCH],
  ['correct', '1', '"1"', 'write true or false'],
  ['stopUnhealthyTasks', '/batch/', '"/batch/"', SWITCH],
  ['stopUnhealthyTasks', 'false,batch', '"false"', SWITCH],
  ['stopLimit', '0', '0', LIMIT],
  ['stopLimit', '101', '101', LIMIT],
  ['stopLimit', '50%', '"50%"', LIMIT],
  ['eventBus', '', '""', BUS],
  ['events', 'ecs-events', '"ecs-events"', QUEUE],
  ['events', `${QUEUE_URL}.fifo`, `"${QUEUE_URL}.fifo"`, QUEUE],
  ['eventBus', 'my bus', '"my bus"', BUS],
  [
    'eventBus',
    'arn:aws:events:eu-west-1:12:event-bus/dns',
    '"arn:aws:events:eu-west-1:12:event-bus/dns"',
    BUS,
  ],
  ['eventFormat', 'Agent', '"Agent"', 'write ecs-dns or agent'],
  ['notices.topic', 'ecs-dns', '"ecs-dns"', TOPIC],
  [
    'notices.topic',
    'arn:aws:sns:eu-west-1:123456789012:dns.fifo',
    '"arn:aws:sns:eu-west-1:123456789012:dns.fifo"',
    TOPIC,
  ],
  ['notices.webhook', 'http://hooks.example.com/x', SECRET, WEBHOOK],
  ['notices.webhook', 'https://user:hunter2@hooks.example.com/x', SECRET, WEBHOOK],
  ['notices.webhook', 'https://:hunter2@hooks.example.com/x', SECRET, WEBHOOK],
  ['notices.webhook', 'hooks.example.com', SECRET, WEBHOOK],
  ['notices.on', 'removals,all', '"all"', 'write any of removals, held-back, failures, drift'],
  [
    'agent.hostname',
    'web 1',
    '"web 1"',
    'write a DNS name such as api.example.com, of letters, digits, -, _ and dots, without a port',
  ],
  ['agent.address', 'fd00::1', '"fd00::1"', 'write an IPv4 address such as 10.0.1.2'],
  ['agent.socket', 'docker.sock', '"docker.sock"', 'write the absolute path of a file'],
  [
    'agent.introspection',
    '172.17.0.1:51678',
    '"172.17.0.1:51678"',
    'write http:// with a host and a port, such as http://172.17.0.1:51678',
  ],
  ['agent.waitForHealthy', 'no', '"no"', 'write true or false'],
  ['agent.deregisterOnExit', '1', '"1"', 'write true or false'],
  ['manage', '', '[]', MANAGE],
  ['manage', 'zone,_api.*', '"zone"', MANAGE],
  ['manage', '_api.*,a b', '"a b"', MANAGE],
  ['manage', '_api._tcp.example.com.', '"_api._tcp.example.com."', MANAGE],
  ['health.enabled', 'yes', '"yes"', 'write true or false'],
  ['health.enabled', '', '""', 'write true or false'],
  ['health.path', 'health', '"health"', PATH],
  ['health.path', '//example.com/', '"//example.com/"', PATH],
  ['health.path', '/a#b', '"/a#b"', PATH],
  ['health.path', '/a b', '"/a b"', PATH],
  ['health.path', '/\\example.com', '"/\\\\example.com"', PATH],
  ['health.path', '/a\r\nX: y', '"/a\\r\\nX: y"', PATH],
  ['health.matcher', '2xx', '"2xx"', MATCHER],
  ['health.matcher', '299-200', '"299-200"', MATCHER],
  ['health.method', 'get', '"get"', 'write GET, HEAD or OPTIONS'],
  ['health.timeout', '2 sec', '"2 sec"', TIMEOUT],
  ['health.timeout', '0s', '"0s"', TIMEOUT],
  ['health.timeout', '25h', '"25h"', TIMEOUT],
  ['health.attempts', 'three', '"three"', 'write a whole number from 1 to 10'],
  ['health.attempts', '11', '11', 'write a whole number from 1 to 10'],
  ['health.attempts', '1.5', '1.5', 'write a whole number from 1 to 10'],
  ['health.interval', '500', '"500"', DURATION],
  ['health.concurrency', '0', '0', CONCURRENCY],
  ['health.concurrency', '4097', '4097', CONCURRENCY],
  ['health.gracePeriod', '-1s', '"-1s"', DURATION],
  ['health.headers', 'X-Token hunter2', SECRET, HEADERS],
  ['health.headers', 'X-To ken: hunter2', SECRET, HEADERS],
  ['health.headers', 'X-Token: hunter2\r\nHost: x', SECRET, HEADERS],
  ['health.headers', 'Content-Length: 3', SECRET, HEADERS],
  ['health.allow', '10.0.0.0/33', '"10.0.0.0/33"', ALLOW],
  ['health.allow', 'localhost', '"localhost"', ALLOW],
  ['health.kind', 'HTTP', '"HTTP"', KIND],
  ['health.kind', '', '""', KIND],
  ['health.budget', '999ms', '"999ms"', BUDGET],
  ['health.budget', '25h', '"25h"', BUDGET],
  ['health.basicAuth', 'hunter2', SECRET, BASIC_AUTH],
  ['health.basicAuth', ':hunter2', SECRET, BASIC_AUTH],
  ['health.basicAuth', '', SECRET, BASIC_AUTH],
  ['health.basicAuth', 'user:hunter2\r\nHost: x', SECRET, BASIC_AUTH],
  ['health.basicAuth', 'us\ter:hunter2', SECRET, BASIC_AUTH],
  ['health.basicAuth', 'user:hunter2\u0085', SECRET, BASIC_AUTH],
  ['health.basicAuth', 'user:hunter2\u007f', SECRET, BASIC_AUTH],
  ['health.bodyContains', '', '""', BODY],
  ['health.bodyContains', 'x'.repeat(256), `"${'x'.repeat(119)}…`, BODY],
  ['health.hostName', '', '""', HOST],
  ['health.hostName', 'api.example.com:8080', '"api.example.com:8080"', HOST],
  ['health.hostName', 'api.example.com.', '"api.example.com."', HOST],
  ['health.hostName', 'api..example', '"api..example"', HOST],
  ['health.hostName', 'käse.example', '"käse.example"', HOST],
  ['health.hostName', '10.0.0.1', '"10.0.0.1"', HOST],
  ['health.hostName', '8080', '"8080"', HOST],
  ['health.hostName', '[fd00::1]', '"[fd00::1]"', HOST],
  ['health.hostName', 'a\r\nX: y', '"a\\r\\nX: y"', HOST],
  ['health.tlsSkipVerify', 'yes', '"yes"', 'write true or false'],
  ['health.tlsCa', '', SECRET, PEM],
  ['health.tlsCert', 'hunter2\0', SECRET, PEM],
  ['health.tlsKey', 'x'.repeat(65_537), SECRET, PEM],
  ['health.grpcService', 'orders v1', '"orders v1"', GRPC_SERVICE],
  ['health.grpcUseTls', 'yes', '"yes"', 'write true or false'],
  ['health.trustEcs', '1', '"1"', 'write true or false'],
  ['health.trustTargetGroups', 'a b', '"a b"', SWITCH],
  ['health.unhealthyThreshold', '0', '0', THRESHOLD],
  ['health.unhealthyThreshold', '11', '11', THRESHOLD],
  ['health.healthyThreshold', 'two', '"two"', THRESHOLD],
  ['health.healthyThreshold', '11', '11', THRESHOLD],
  ['state', '', '""', STATE],
  ['state', '/var/lib/memory.yml', '"/var/lib/memory.yml"', STATE],
  ['state', 'dynamodb:', '"dynamodb:"', STATE],
  ['state', 'dynamodb:ab', '"dynamodb:ab"', STATE],
  ['state', 'dynamodb:table/', '"dynamodb:table/"', STATE],
  ['state', 'dynamodb:table/a/b.json', '"dynamodb:table/a/b.json"', STATE],
  ['guardrails.removalBudgetPercent', '50%', '"50%"', 'write a number from 0 to 100'],
  ['guardrails.unhealthyBudgetPercent', 'half', '"half"', 'write a number from 0 to 100'],
  ['guardrails.budgetDelay', '0s', '"0s"', 'write a duration such as 500ms, 2s, 5m or 1h, from 1m to 24h'],
  ['guardrails.maxPlanAge', '0s', '"0s"', 'write a duration such as 500ms, 2s, 5m or 1h, from 1s to 24h'],
  ['guardrails.panicPercent', '101', '101', 'write a number from 0 to 100'],
  ['guardrails.minEndpoints', '-1', '-1', 'write a whole number, 0 or more'],
  ['guardrails.allowEmpty', '1', '"1"', 'write true or false'],
  ['every', '5', '"5"', 'write a duration such as 500ms, 2s, 5m or 1h, from 1s to 24h'],
  ['timeout', '0s', '"0s"', 'write a duration such as 500ms, 2s, 5m or 1h, from 1s to 24h'],
  ['journal', '', '""', JOURNAL],
  ['journal', 'off', '"off"', JOURNAL],
  ['journal', 'a/\nb', '"a/\\nb"', JOURNAL],
  ['log.format', 'pretty', '"pretty"', 'write text or json'],
  ['log.level', 'INFO', '"INFO"', 'write debug, info, warn or error'],
  ['output', 'yaml', '"yaml"', 'write text, json, html or markdown'],
];

it('covers every setting that can be a text', () => {
  expect(new Set(TEXTS.map(([name]) => name))).toEqual(new Set(TEXT_SETTINGS.map(({ name }) => name)));
});

describe.each(TEXTS)('%s: %j', (setting, text, shown, remedy) => {
  const leaf = findSetting(setting);
  const zone = setting === 'zone' ? {} : { ECS_DNS_ZONE: 'example.com' };

  it('as a variable', () => {
    const env = { ...zone, [leaf?.variable ?? '']: text };
    expect(linesOf({ env })).toEqual([`${leaf?.variable}: ${shown} is not valid; ${remedy}`]);
  });

  it('as a flag', () => {
    const flags = { [leaf?.flag ?? '']: text };
    expect(linesOf({ env: zone, flags })).toEqual([`${leaf?.flag}: ${shown} is not valid; ${remedy}`]);
  });
});

/** setting, value in the file, where and what is shown, the remedy */
const FILE_VALUES: readonly (readonly [setting: string, value: unknown, shown: string, remedy: string])[] = [
  ['zone', null, 'zone: null', ZONE],
  ['zone', 5, 'zone: 5', `${ZONE}, in quotes`],
  ['clusters', 'blue', 'clusters: "blue"', `${CLUSTERS}, as a list`],
  ['clusters', ['blue', 7], 'clusters[1]: 7', `${CLUSTERS}, in quotes`],
  ['policy', true, 'policy: true', 'write prune or sync, in quotes'],
  ['manage', 'everything', 'manage: "everything"', MANAGE],
  ['manage', ['_api.*', 'a b'], 'manage[1]: "a b"', MANAGE],
  ['manage', ['a b', 7], 'manage[0]: "a b"', MANAGE],
  ['manage', [], 'manage: []', MANAGE],
  ['health.enabled', 'true', 'health.enabled: "true"', 'write true or false, without quotes'],
  ['health.path', ['/'], 'health.path: ["/"]', PATH],
  ['health.matcher', 600, 'health.matcher: 600', `${MATCHER}, in quotes`],
  ['health.method', 'POST', 'health.method: "POST"', 'write GET, HEAD or OPTIONS'],
  ['health.timeout', 2, 'health.timeout: 2', TIMEOUT],
  ['health.attempts', '3', 'health.attempts: "3"', 'write a whole number from 1 to 10, without quotes'],
  ['health.attempts', Number.NaN, 'health.attempts: "NaN"', 'write a whole number from 1 to 10'],
  ['health.headers', { 'X-Token': 5 }, `health.headers.X-Token: ${SECRET}`, HEADERS],
  ['health.headers', { 'hunter2 x': 'y' }, `health.headers: ${SECRET}`, HEADERS],
  ['health.headers', { 'X-A': 'hunter2', 'x-a': 'hunter3' }, `health.headers.x-a: ${SECRET}`, HEADERS],
  ['health.headers', { Upgrade: 'hunter2' }, `health.headers.Upgrade: ${SECRET}`, HEADERS],
  ['health.headers', ['X-Token: hunter2'], `health.headers: ${SECRET}`, HEADERS],
  ['health.headers', 'X-Token: hunter2', `health.headers: ${SECRET}`, HEADERS],
  ['health.allow', ['10.0.0.0/8', '10.0.0.0/x'], 'health.allow[1]: "10.0.0.0/x"', ALLOW],
  ['health.kind', true, 'health.kind: true', `${KIND}, in quotes`],
  ['health.budget', 120, 'health.budget: 120', BUDGET],
  ['health.basicAuth', 5, `health.basicAuth: ${SECRET}`, `${BASIC_AUTH}, in quotes`],
  ['health.basicAuth', { user: 'hunter2' }, `health.basicAuth: ${SECRET}`, BASIC_AUTH],
  ['health.basicAuth', ['user:hunter2'], `health.basicAuth: ${SECRET}`, BASIC_AUTH],
  ['health.basicAuth', null, `health.basicAuth: ${SECRET}`, BASIC_AUTH],
  ['health.bodyContains', true, 'health.bodyContains: true', `${BODY}, in quotes`],
  ['health.hostName', null, 'health.hostName: null', HOST],
  ['health.tlsSkipVerify', 'true', 'health.tlsSkipVerify: "true"', 'write true or false, without quotes'],
  ['health.unhealthyThreshold', '2', 'health.unhealthyThreshold: "2"', `${THRESHOLD}, without quotes`],
  ['health.healthyThreshold', 1.5, 'health.healthyThreshold: 1.5', THRESHOLD],
  ['state', { table: 'x' }, 'state: {"table":"x"}', STATE],
  ['records.ttl', 60, 'records.ttl: 60', TTL],
  ['records.ttl', null, 'records.ttl: null', TTL],
  ['records.routing', true, 'records.routing: true', 'write weighted or multivalue, in quotes'],
  ['records.ipv6', 'true', 'records.ipv6: "true"', 'write true or false, without quotes'],
  ['records.services', 'web-*', 'records.services: "web-*"', RECORD_RULES],
  ['records.services', { match: '*' }, 'records.services: {"match":"*"}', RECORD_RULES],
  ['cname', 'true', 'cname: "true"', `${SWITCH}, without quotes`],
  ['cname', 'web-*', 'cname: "web-*"', `${SWITCH}, as a list`],
  ['cname', [], 'cname: []', SWITCH],
  ['cname', ['web-*', 7], 'cname[1]: 7', `${SWITCH}, in quotes`],
  ['cname', null, 'cname: null', SWITCH],
  ['stopUnhealthyTasks', [true], 'stopUnhealthyTasks[0]: true', `${SWITCH}, in quotes`],
  ['stopLimit', '2', 'stopLimit: "2"', `${LIMIT}, without quotes`],
  ['eventBus', 5, 'eventBus: 5', `${BUS}, in quotes`],
  ['health.services', 'hunter2', `health.services: ${SECRET}`, SERVICES],
  ['health.services', 5, `health.services: ${SECRET}`, SERVICES],
  ['health.services', null, `health.services: ${SECRET}`, SERVICES],
  ['health.services', { match: '*', basicAuth: 'a:hunter2' }, `health.services: ${SECRET}`, SERVICES],
  [
    'guardrails.panicPercent',
    '50',
    'guardrails.panicPercent: "50"',
    'write a number from 0 to 100, without quotes',
  ],
  ['guardrails.minEndpoints', 1.5, 'guardrails.minEndpoints: 1.5', 'write a whole number, 0 or more'],
  ['output', 'JSON', 'output: "JSON"', 'write text, json, html or markdown'],
];

it.each(FILE_VALUES)('%s in a file: %j', (setting, value, shown, remedy) => {
  const file = files.writeValues(buildTree([{ path: setting.split('.'), value }]));
  expect(linesOf({ file, env: {} })).toEqual([`FILE: ${shown} is not valid; ${remedy}`]);
});

it('names each faulty item of a list', () => {
  const env = { ECS_DNS_ZONE: 'a.b', ECS_DNS_HEALTH_ALLOW: '10.0.0.0/8,x,fd00::/8,y' };
  expect(linesOf({ env })).toEqual([
    `ECS_DNS_HEALTH_ALLOW: "x" is not valid; ${ALLOW}`,
    `ECS_DNS_HEALTH_ALLOW: "y" is not valid; ${ALLOW}`,
  ]);
});

it('names the short flag when that one was written', () => {
  const flags = { '--allow-empty': 'maybe' };
  expect(linesOf({ env: { ECS_DNS_ZONE: 'a.b' }, flags })).toEqual([
    '--allow-empty: "maybe" is not valid; write true or false',
  ]);
});

it('rejects a bare flag that needs a value', () => {
  expect(linesOf({ env: {}, flags: { '--zone': true } })).toEqual([`--zone: true is not valid; ${ZONE}`]);
});

it('rejects a header that is set twice by flags', () => {
  const flags = { '--health-headers': ['X-Token: hunter2', 'X-Token: hunter3'] };
  expect(linesOf({ env: { ECS_DNS_ZONE: 'a.b' }, flags })).toEqual([
    `--health-headers: ${SECRET} is not valid; ${HEADERS}`,
  ]);
});

it('keeps to one printable line, whatever the value', () => {
  const env = { ECS_DNS_ZONE: `a\n\u001b[31m\u009b\u2028${'b'.repeat(500)}` };
  const [line, ...more] = linesOf({ env });
  expect(more).toEqual([]);
  expect(line).toMatch(/^ECS_DNS_ZONE: "a\\n\\u001b\[31m\\u009b\\u2028b+… is not valid; write /);
});

it('says how to set what is required', () => {
  expect(linesOf({ env: {} })).toEqual([
    'zone: required, but not set; set --zone, ECS_DNS_ZONE or zone in a config file to a hosted-zone id such as Z0123456789ABC, or the exact name of the zone',
  ]);
});
