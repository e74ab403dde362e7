import { z } from 'zod';
import type { ServiceRule } from '../model/health-check.ts';
import { CHECK_PARTS, optional } from './check-settings.ts';
import { ruleMatch } from './rule-match.ts';

/** One rule of `health.services` as a config file holds it. */
export const healthRule = z.strictObject({
  match: ruleMatch,
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
export function resolveHealthRule(rule: z.output<typeof healthRule>): ServiceRule {
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
