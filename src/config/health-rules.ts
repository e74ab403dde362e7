import { z } from 'zod';
import type { ServiceRule } from '../model/health-check.ts';
import { CHECK_PARTS, optional } from './check-settings.ts';
import { setting } from './setting-traits.ts';
import { namePattern } from './value-schemas.ts';

/** One rule of `health.services` as a config file holds it. */
export const serviceRule = z.strictObject({
  match: setting(namePattern, {
    kind: 'text',
    description:
      'The services that the rule is for: a pattern of their names relative to the zone (`*` stands for any characters).',
    allowed: 'a name pattern relative to the zone such as _api.* or *._tcp',
    example: '_api.*',
  }),
  kind: optional(CHECK_PARTS.kind),
  path: optional(CHECK_PARTS.path),
  matcher: optional(CHECK_PARTS.matcher),
  method: optional(CHECK_PARTS.method),
  timeout: optional(CHECK_PARTS.timeout),
  attempts: optional(CHECK_PARTS.attempts),
  interval: optional(CHECK_PARTS.interval),
  headers: optional(CHECK_PARTS.headers),
  basicAuth: optional(CHECK_PARTS.basicAuth),
  bodyContains: optional(CHECK_PARTS.bodyContains),
  hostName: optional(CHECK_PARTS.hostName),
  tlsSkipVerify: optional(CHECK_PARTS.tlsSkipVerify),
});

/** The rule under the names that the rest of the program uses; only what was given is overridden. */
export function resolveRule(rule: z.output<typeof serviceRule>): ServiceRule {
  const { match, timeout, interval, ...overrides } = rule;
  return {
    pattern: match,
    overrides: {
      ...overrides,
      ...(timeout === undefined ? {} : { timeoutMs: timeout }),
      ...(interval === undefined ? {} : { intervalMs: interval }),
    },
  };
}
