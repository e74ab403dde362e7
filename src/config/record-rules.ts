import { z } from 'zod';
import type { RecordRule } from '../model/record-rule.ts';
import { MAX_SRV_PRIORITY, MAX_WEIGHT } from '../model/record-set.ts';
import { ruleMatch } from './rule-match.ts';
import { setting } from './setting-traits.ts';
import { TTL_ALLOWED, timeToLive } from './value-schemas.ts';

/** One rule of `records.services` as a config file holds it. */
export const recordRule = z.strictObject({
  match: ruleMatch,
  ttl: setting(timeToLive.optional(), {
    kind: 'duration',
    description: 'The TTL of the records.',
    allowed: TTL_ALLOWED,
    example: '30s',
  }),
  weight: setting(z.int().min(0).max(MAX_WEIGHT).optional(), {
    kind: 'number',
    description:
      'The weight of the record sets, and of the values of SRV records; 1 if nobody asks for another.',
    allowed: `a whole number from 0 to ${MAX_WEIGHT}`,
    example: 10,
  }),
  priority: setting(z.int().min(0).max(MAX_SRV_PRIORITY).optional(), {
    kind: 'number',
    description:
      'The priority of the values of SRV records; clients take the lowest that answers. 1 if nobody asks for another.',
    allowed: `a whole number from 0 to ${MAX_SRV_PRIORITY}`,
    example: 1,
  }),
  initialStatus: setting(z.enum(['passing']).optional(), {
    kind: 'choice',
    description: '`passing`: records are created before a check has found their container healthy.',
    allowed: 'passing',
    example: 'passing',
  }),
});

/** The rule under the names that the rest of the program uses; it overrides only for what was given. */
export function resolveRecordRule({ match, ...given }: z.output<typeof recordRule>): RecordRule {
  const { ttl, weight, priority, initialStatus } = given;
  return {
    pattern: match,
    overrides: {
      ...(ttl === undefined ? {} : { ttl }),
      ...(weight === undefined ? {} : { weight }),
      ...(priority === undefined ? {} : { priority }),
      ...(initialStatus === undefined ? {} : { initialStatus }),
    },
  };
}
