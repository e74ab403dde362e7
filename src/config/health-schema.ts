import { z } from 'zod';
import { type DurationRange, MAX_DURATION_MS } from '../model/duration.ts';
import { CHECK_PARTS, optional, withDefault } from './check-settings.ts';
import { healthRule } from './health-rules.ts';
import { setting } from './setting-traits.ts';
import { addressRange, durationAllowed, durationWithin, memoryLocation } from './value-schemas.ts';

/** RFC 1918, RFC 6598 and RFC 4193; loopback and link-local addresses are left out on purpose. */
const PRIVATE_RANGES = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', 'fc00::/7'];

const GRACE_RANGE: DurationRange = { minMs: 0, maxMs: MAX_DURATION_MS };
const BUDGET_RANGE: DurationRange = { minMs: 1000, maxMs: MAX_DURATION_MS };

/** The settings of health checks: how one endpoint is checked, how all are, and what follows. */
export const health = z
  .strictObject({
    enabled: setting(z.boolean().prefault(true), {
      kind: 'boolean',
      description: 'Whether endpoints are probed; without it no entry is ever called unhealthy.',
      allowed: 'true or false',
      example: true,
    }),
    kind: withDefault(CHECK_PARTS.kind, 'http'),
    path: withDefault(CHECK_PARTS.path, '/health'),
    matcher: withDefault(CHECK_PARTS.matcher, '200'),
    method: withDefault(CHECK_PARTS.method, 'GET'),
    timeout: withDefault(CHECK_PARTS.timeout, '2s'),
    attempts: withDefault(CHECK_PARTS.attempts, 3),
    interval: withDefault(CHECK_PARTS.interval, '500ms'),
    concurrency: setting(z.int().min(1).max(4096).prefault(256), {
      kind: 'number',
      description:
        'How many endpoints are probed at the same time; each takes a file descriptor, of which a process on Lambda has 1,024.',
      allowed: 'a whole number from 1 to 4096',
      example: 256,
    }),
    budget: setting(durationWithin(BUDGET_RANGE).prefault('2m'), {
      kind: 'duration',
      description: 'How long all probes of a run may take together; what is not probed by then stays.',
      allowed: durationAllowed(BUDGET_RANGE),
      example: '2m',
    }),
    gracePeriod: setting(durationWithin(GRACE_RANGE).prefault('60s'), {
      kind: 'duration',
      description: 'A container that started less than this ago is never removed as unhealthy.',
      allowed: durationAllowed(GRACE_RANGE),
      example: '60s',
    }),
    headers: withDefault(CHECK_PARTS.headers, {}),
    basicAuth: optional(CHECK_PARTS.basicAuth),
    bodyContains: optional(CHECK_PARTS.bodyContains),
    hostName: optional(CHECK_PARTS.hostName),
    tlsSkipVerify: withDefault(CHECK_PARTS.tlsSkipVerify, false),
    allow: setting(z.array(addressRange).prefault(PRIVATE_RANGES), {
      kind: 'list',
      description:
        'The addresses that may be probed, as CIDR ranges or single addresses; an endpoint elsewhere is not probed.',
      allowed: 'address ranges such as 10.0.0.0/8 or fd00::/8, or single addresses',
      example: ['10.0.0.0/8', 'fd00::/8'],
    }),
    trustEcs: setting(z.boolean().prefault(false), {
      kind: 'boolean',
      description:
        "Whether an essential container that ECS's own health check calls UNHEALTHY is unhealthy without a probe.",
      allowed: 'true or false',
      example: false,
    }),
    unhealthyThreshold: setting(z.int().min(1).max(10).prefault(1), {
      kind: 'number',
      description:
        'How many runs in a row must find an endpoint failing before it is removed; more than 1 needs `health.memory`.',
      allowed: 'a whole number from 1 to 10',
      example: 2,
    }),
    healthyThreshold: setting(z.int().min(1).max(10).prefault(1), {
      kind: 'number',
      description:
        'How many runs in a row an endpoint that was failing must pass before it counts as healthy again for registration; more than 1 needs `health.memory`.',
      allowed: 'a whole number from 1 to 10',
      example: 2,
    }),
    memory: setting(memoryLocation.optional(), {
      kind: 'text',
      description:
        'Where failures are remembered from run to run: a file, or an item of a DynamoDB table, whose key is `ecs-dns` unless given. Without it nothing is remembered.',
      allowed: 'the path of a .json file, dynamodb:TABLE or dynamodb:TABLE/KEY',
      example: 'dynamodb:ecs-dns-memory',
    }),
    services: setting(z.array(healthRule).prefault([]), {
      kind: 'rules',
      description:
        'Services whose check differs; of the rules whose `match` fits a name the first applies. Only a config file can hold them.',
      allowed: 'a list of rules, each with match and the settings that differ',
      example: [
        { match: '_db.*', kind: 'tcp', timeout: '5s' },
        { match: '*._tcp', path: '/ready' },
      ],
      isSecret: true,
    }),
  })
  .meta({ description: 'How endpoints are probed.' });
