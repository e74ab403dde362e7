import { type DurationRange, MAX_DURATION_MS, parseGoDuration } from './duration.ts';
import { CHECK_METHODS, type CheckOverrides } from './health-check.ts';
import { parseStatusMatcher } from './status-matcher.ts';

/** Printable ASCII; no fragment, and nothing that a URL parser takes for the start of a host. */
export const HTTP_PATH_PATTERN = /^\/(?!\/)[!"$-[\]-~]*$/;
export const CHECK_TIMEOUT_RANGE: DurationRange = { minMs: 1, maxMs: MAX_DURATION_MS };
export const CHECK_INTERVAL_RANGE: DurationRange = { minMs: 0, maxMs: MAX_DURATION_MS };

/** Whether a request may ask for this path: it begins with one `/` and has no blank, `\` or `#`. */
export function isHttpPath(text: string): boolean {
  return HTTP_PATH_PATTERN.test(text);
}

const READERS = {
  method: (text) => ({ method: CHECK_METHODS.find((method) => method === text) }),
  path: (text) => ({ path: isHttpPath(text) ? text : undefined }),
  matcher: (text) => ({ matcher: parseStatusMatcher(text) }),
  timeout: (text) => ({ timeoutMs: parseGoDuration(text, CHECK_TIMEOUT_RANGE) }),
  interval: (text) => ({ intervalMs: parseGoDuration(text, CHECK_INTERVAL_RANGE) }),
} as const satisfies Readonly<Record<string, (text: string) => CheckOverrides>>;

/** What can be said of a check in one text, under the names that the settings give it. */
export type CheckValueName = keyof typeof READERS;

/**
 * What a text says of a check (durations in milliseconds once read); `undefined` for a text that makes no sense.
 * registrator hands durations on to Consul, so they are those of Go; all else is as in the setting of the same name.
 */
export function checkValueOf(name: CheckValueName, text: string): CheckOverrides | undefined {
  const override = READERS[name](text);
  return Object.values(override).includes(undefined) ? undefined : override;
}
