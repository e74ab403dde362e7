import { z } from 'zod';
import { type DurationRange, MAX_DURATION_MS } from '../model/duration.ts';
import { health } from './health-schema.ts';
import { recordRule } from './record-rules.ts';
import { setting } from './setting-traits.ts';
import {
  clusterReference,
  durationAllowed,
  durationWithin,
  eventBus,
  journalLocation,
  managePattern,
  serviceSwitch,
  TTL_ALLOWED,
  timeToLive,
  zoneSelector,
} from './value-schemas.ts';

/** Nobody's quota bears a run every second. */
const EVERY_RANGE: DurationRange = { minMs: 1000, maxMs: MAX_DURATION_MS };

const guardrails = z
  .strictObject({
    removalBudgetPercent: setting(z.number().min(0).max(100).prefault(50), {
      kind: 'number',
      description:
        'A run that would remove more than this share of the managed entries as stale removes none of them; counts from 10 managed entries on.',
      allowed: 'a number from 0 to 100',
      example: 50,
    }),
    unhealthyBudgetPercent: setting(z.number().min(0).max(100).prefault(50), {
      kind: 'number',
      description:
        'A run that would remove more than this share of the managed entries as unhealthy removes none of them; counts from 10 managed entries on.',
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

const SERVICES_ALLOWED = 'true, false, or name patterns such as orders or web-*';

const records = z
  .strictObject({
    ttl: setting(timeToLive.prefault('0s'), {
      kind: 'duration',
      description:
        'The TTL of the records that `sync` creates, unless their service asks for another, or the name has records already: all records of a name and type share one TTL.',
      allowed: TTL_ALLOWED,
      example: '60s',
    }),
    routing: setting(z.enum(['weighted', 'multivalue']).prefault('weighted'), {
      kind: 'choice',
      description:
        "How Route 53 answers with the address records of tasks: `weighted` with one of them at a time, `multivalue` with up to eight. SRV records are always weighted, as the host agents' are.",
      allowed: 'weighted or multivalue',
      example: 'weighted',
    }),
    ipv6: setting(z.boolean().prefault(false), {
      kind: 'boolean',
      description: 'Whether `sync` gives tasks that have an IPv6 address an AAAA record beside the A record.',
      allowed: 'true or false',
      example: true,
    }),
    services: setting(z.array(recordRule).prefault([]), {
      kind: 'rules',
      description:
        'Services whose records differ; of the rules whose `match` fits a name the first applies, over what the service asks for itself. Only a config file can hold them.',
      allowed: 'a list of rules, each with match and what differs',
      example: [
        { match: '_db.*', ttl: '30s', priority: 10 },
        { match: 'canary-*', weight: 1, initialStatus: 'passing' },
      ],
    }),
  })
  .meta({ description: 'What the records look like that `sync` creates.' });

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
  policy: setting(z.enum(['prune', 'sync']).prefault('prune'), {
    kind: 'choice',
    description:
      'What a run may do: `prune` only removes; `sync` also registers what runs, is healthy and has no record.',
    allowed: 'prune or sync',
    example: 'sync',
  }),
  manage: setting(
    z.union([z.enum(['convention', 'zone']), z.array(managePattern).min(1)]).prefault('convention'),
    {
      kind: 'choice-or-list',
      description:
        'What may be removed. `convention`: the weighted SRV sets that host agents register, and the A sets of their hosts. `zone`: every SRV set below the apex, and the same A sets. Patterns: of the latter, the sets whose name, relative to the zone, matches one (`*` stands for any characters).',
      allowed: 'convention, zone, or name patterns relative to the zone such as _api.* or *._tcp',
      example: ['_api.*', '*._tcp'],
    },
  ),
  records: records.prefault({}),
  addresses: setting(z.enum(['private', 'public']).prefault('private'), {
    kind: 'choice',
    description:
      'Which address `sync` takes for the records of a task that has a network interface of its own: the private one, or the public one where it has one.',
    allowed: 'private or public',
    example: 'private',
  }),
  cname: setting(serviceSwitch.prefault(false), {
    kind: 'switch-or-list',
    description:
      'Which load-balanced ECS services `sync` gives a CNAME record that points at their balancer: `true` for all, or patterns of service names (`*` stands for any characters).',
    allowed: SERVICES_ALLOWED,
    example: ['web-*'],
  }),
  correct: setting(z.boolean().prefault(false), {
    kind: 'boolean',
    description:
      'Whether `sync` puts right a TTL or weight of a managed record that differs from what its service asks for; without it, what was changed by hand stays.',
    allowed: 'true or false',
    example: false,
  }),
  stopUnhealthyTasks: setting(serviceSwitch.prefault(false), {
    kind: 'switch-or-list',
    description:
      'The ECS services whose unhealthy tasks are stopped, once they are out of DNS and the TTL has passed: `true` for all, or patterns of service names (`*` stands for any characters). Needs `health.enabled` or `health.trustEcs`.',
    allowed: SERVICES_ALLOWED,
    example: ['batch-*'],
  }),
  stopLimit: setting(z.int().min(1).max(100).prefault(1), {
    kind: 'number',
    description:
      'How many tasks of one ECS service a run may stop at the most; the last one that runs is never stopped.',
    allowed: 'a whole number from 1 to 100',
    example: 1,
  }),
  eventBus: setting(eventBus.optional(), {
    kind: 'text',
    description:
      'An EventBridge event bus, by name or ARN, that is told of each record that was registered or removed. Without it no events are sent.',
    allowed: 'the name or ARN of an event bus',
    example: 'default',
  }),
  health: health.prefault({}),
  guardrails: guardrails.prefault({}),
  every: setting(durationWithin(EVERY_RANGE).prefault('5m'), {
    kind: 'duration',
    description:
      'The time between two runs: how often `watch` runs, and what stale-record-minutes are counted by.',
    allowed: durationAllowed(EVERY_RANGE),
    example: '5m',
  }),
  journal: setting(journalLocation.optional(), {
    kind: 'text',
    description:
      'Where the record sets that a run removes are written down before they go, for `ecs-dns restore`: a directory, in which each run that changes something writes a file, or `stderr`, or `none`. Without it the directory is `ecs-dns/journal` in `XDG_STATE_HOME`, or in `~/.local/state`; the Lambda writes to its log.',
    allowed: 'the path of a directory, with a / in it, stderr or none',
    example: '/var/lib/ecs-dns/journal',
  }),
  output: setting(z.enum(['text', 'json']).prefault('text'), {
    kind: 'choice',
    description: 'How the report is printed: `text` for people, `json` for programs.',
    allowed: 'text or json',
    example: 'text',
  }),
});
