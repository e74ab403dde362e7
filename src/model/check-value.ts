import { type DurationRange, MAX_DURATION_MS, parseDurationWithin } from './duration.ts';
import { CHECK_METHODS, type CheckOverrides } from './health-check.ts';
import { isHttpPath } from './http-path.ts';
import { parseStatusMatcher } from './status-matcher.ts';

/** What can be said of a check in one text, under the names that the settings give it. */
export type CheckValueName = 'method' | 'path' | 'matcher' | 'timeout' | 'interval';

/** How long one attempt may be allowed to take. */
export const CHECK_TIMEOUT_RANGE: DurationRange = { minMs: 1, maxMs: MAX_DURATION_MS };
/** How long the pause between two attempts may be. */
export const CHECK_INTERVAL_RANGE: DurationRange = { minMs: 0, maxMs: MAX_DURATION_MS };

/**
 * What a text says of a check (durations in milliseconds once read); `undefined` for a text that the
 * setting of the same name would not take either.
 */
export function checkValueOf(name: CheckValueName, text: string): CheckOverrides | undefined {
  switch (name) {
    case 'method':
      return overrideOf(
        'method',
        CHECK_METHODS.find((method) => method === text),
      );
    case 'path':
      return overrideOf('path', isHttpPath(text) ? text : undefined);
    case 'matcher':
      return overrideOf('matcher', parseStatusMatcher(text));
    case 'timeout':
      return overrideOf('timeoutMs', parseDurationWithin(text, CHECK_TIMEOUT_RANGE));
    case 'interval':
      return overrideOf('intervalMs', parseDurationWithin(text, CHECK_INTERVAL_RANGE));
  }
}

function overrideOf<K extends keyof CheckOverrides>(
  key: K,
  value: CheckOverrides[K],
): CheckOverrides | undefined {
  return value === undefined ? undefined : { [key]: value };
}
