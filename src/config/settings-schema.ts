import { z } from 'zod';
import { setting } from './setting-traits.ts';
import {
  addressRange,
  clusterReference,
  durationAllowed,
  durationBetween,
  headers,
  httpPath,
  namePattern,
  statusMatcher,
  zoneSelector,
} from './value-schemas.ts';

/** Timers of Node.js hold at most 24.8 days; a day is longer than any run and safely below that. */
const DAY_MS = 86_400_000;

/** RFC 1918, RFC 6598 and RFC 4193; loopback and link-local addresses are left out on purpose. */
const PRIVATE_RANGES = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', 'fc00::/7'];

const health = z
  .strictObject({
    enabled: setting(z.boolean().prefault(true), {
      kind: 'boolean',
      description: 'Whether endpoints are probed; without it no entry is ever called unhealthy.',
      allowed: 'true or false',
      example: true,
    }),
    path: setting(httpPath.prefault('/health'), {
      kind: 'text',
      description: 'The path, with its query if any, that a probe asks for.',
      allowed: 'a path that starts with one /, without blanks, \\ and #',
      example: '/health',
    }),
    matcher: setting(statusMatcher.prefault('200'), {
      kind: 'text',
      description: 'The HTTP statuses that count as healthy, as an Application Load Balancer writes them.',
      allowed: 'statuses from 100 to 599 such as 200, "200,204" or 200-299',
      example: '200-299',
    }),
    method: setting(z.enum(['GET', 'HEAD', 'OPTIONS']).prefault('GET'), {
      kind: 'choice',
      description: 'The HTTP method of a probe.',
      allowed: 'GET, HEAD or OPTIONS',
      example: 'GET',
    }),
    timeout: setting(durationBetween(1, DAY_MS).prefault('2s'), {
      kind: 'duration',
      description: 'How long one attempt may take, connecting included.',
      allowed: durationAllowed(1, DAY_MS),
      example: '2s',
    }),
    attempts: setting(z.int().min(1).max(10).prefault(3), {
      kind: 'number',
      description: 'How many attempts in a row must fail before an endpoint is unhealthy.',
      allowed: 'a whole number from 1 to 10',
      example: 3,
    }),
    interval: setting(durationBetween(0, DAY_MS).prefault('500ms'), {
      kind: 'duration',
      description: 'The pause between two attempts.',
      allowed: durationAllowed(0, DAY_MS),
      example: '500ms',
    }),
    concurrency: setting(z.int().min(1).max(1024).prefault(64), {
      kind: 'number',
      description: 'How many endpoints are probed at the same time.',
      allowed: 'a whole number from 1 to 1024',
      example: 64,
    }),
    gracePeriod: setting(durationBetween(0, DAY_MS).prefault('60s'), {
      kind: 'duration',
      description: 'A container that started less than this ago is never removed as unhealthy.',
      allowed: durationAllowed(0, DAY_MS),
      example: '60s',
    }),
    headers: setting(headers.prefault({}), {
      kind: 'headers',
      description:
        'Headers sent with each probe: a map in the file, `Name: value` elsewhere. Values are never printed.',
      allowed:
        'headers as "Name: value", each name once, each value as text on one line, none that controls the connection or the length',
      example: { 'X-Health-Check': 'ecs-dns' },
      isSecret: true,
    }),
    allow: setting(z.array(addressRange).prefault(PRIVATE_RANGES), {
      kind: 'list',
      description:
        'The addresses that may be probed, as CIDR ranges or single addresses; an endpoint elsewhere is not probed.',
      allowed: 'address ranges such as 10.0.0.0/8 or fd00::/8, or single addresses',
      example: ['10.0.0.0/8', 'fd00::/8'],
    }),
  })
  .meta({ description: 'How endpoints are probed.' });

const guardrails = z
  .strictObject({
    removalBudgetPercent: setting(z.number().min(0).max(100).prefault(50), {
      kind: 'number',
      description:
        'A run that would remove more than this share of the managed entries as stale removes none of them; counts from 10 managed entries on.',
      allowed: 'a number from 0 to 100',
      example: 50,
    }),
    panicPercent: setting(z.number().min(0).max(100).prefault(50), {
      kind: 'number',
      description:
        'When more than this share of what was probed is failing, for a name or for the run, nothing is removed as unhealthy there.',
      allowed: 'a number from 0 to 100',
      example: 50,
    }),
    minEndpoints: setting(z.int().min(0).prefault(1), {
      kind: 'number',
      description: 'How many entries a name keeps at the least when unhealthy ones are removed.',
      allowed: 'a whole number, 0 or more',
      example: 1,
    }),
    allowEmpty: setting(z.boolean().prefault(false), {
      kind: 'boolean',
      description: 'Whether stale entries may be removed when nothing at all is running.',
      allowed: 'true or false',
      example: false,
      shortFlag: '--allow-empty',
    }),
  })
  .meta({ description: 'When changes are held back.' });

/**
 * Every setting there is: types, bounds, defaults and texts. The names of variables and flags, the
 * documentation and the JSON Schema follow from it.
 */
export const settingsSchema = z.strictObject({
  zone: setting(zoneSelector, {
    kind: 'text',
    description: 'The hosted zone to keep true: its id, or its exact name.',
    allowed: 'a hosted-zone id such as Z0123456789ABC, or the exact name of the zone',
    example: 'servicediscovery.internal',
  }),
  clusters: setting(
    z
      .array(clusterReference)
      .transform((names): readonly string[] => [...new Set(names)])
      .prefault([]),
    {
      kind: 'list',
      description: 'The clusters to take the inventory of, by name or ARN; an empty list means all.',
      allowed: 'cluster names (letters, digits, - and _, at most 255) or cluster ARNs',
      example: ['blue', 'green'],
    },
  ),
  policy: setting(z.enum(['prune']).prefault('prune'), {
    kind: 'choice',
    description: 'What a run may do: `prune` only removes.',
    allowed: 'prune',
    example: 'prune',
  }),
  manage: setting(
    z.union([z.enum(['convention', 'zone']), z.array(namePattern).min(1)]).prefault('convention'),
    {
      kind: 'choice-or-list',
      description:
        'What may be removed. `convention`: the weighted SRV sets that host agents register, and the A sets of their hosts. `zone`: every SRV set below the apex, and the same A sets. Patterns: of the latter, the sets whose name, relative to the zone, matches one (`*` stands for any characters).',
      allowed: 'convention, zone, or name patterns relative to the zone such as _api.* or *._tcp',
      example: ['_api.*', '*._tcp'],
    },
  ),
  health: health.prefault({}),
  guardrails: guardrails.prefault({}),
  output: setting(z.enum(['text', 'json']).prefault('text'), {
    kind: 'choice',
    description: 'How the report is printed: `text` for people, `json` for programs.',
    allowed: 'text or json',
    example: 'text',
  }),
});
