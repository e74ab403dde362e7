import { z } from 'zod';
import { type DurationRange, MAX_DURATION_MS } from '../model/duration.ts';
import { health } from './health-schema.ts';
import { setting } from './setting-traits.ts';
import {
  clusterReference,
  durationAllowed,
  durationWithin,
  journalLocation,
  managePattern,
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
    z.union([z.enum(['convention', 'zone']), z.array(managePattern).min(1)]).prefault('convention'),
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
