const MILLISECONDS = ['ms', 1] as const;
const LARGER_UNITS = [
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
] as const;

const FACTORS: ReadonlyMap<string, number> = new Map([...LARGER_UNITS, MILLISECONDS]);

/** How a duration is written: a whole number and a unit. */
export const DURATION_PATTERN = /^(0|[1-9]\d*)(ms|s|m|h)$/;

/** Reads `500ms`, `2s`, `5m` or `1h` into milliseconds; `undefined` for every other form. */
export function parseDuration(text: string): number | undefined {
  const fields = DURATION_PATTERN.exec(text);
  const factor = FACTORS.get(fields?.[2] ?? '');
  if (fields === null || factor === undefined) return undefined;
  const ms = Number(fields[1]) * factor;
  return Number.isSafeInteger(ms) ? ms : undefined;
}

/** Writes whole milliseconds (0 or more) in the largest unit that keeps the number whole. */
export function formatDuration(ms: number): string {
  if (ms === 0) return '0s';
  const [unit, factor] = LARGER_UNITS.find(([, size]) => ms % size === 0) ?? MILLISECONDS;
  return `${ms / factor}${unit}`;
}

const LONGEST_FIRST = [['d', 86_400_000], ...LARGER_UNITS] as const;

/**
 * Writes a duration that was measured (milliseconds, 0 or more) as short as people need it, in the same units: `812ms`,
 * `4.1s`, and from a minute on in the two largest of them: `1m40s`, `2d3h`.
 */
export function durationText(ms: number): string {
  const whole = Math.round(ms);
  if (whole < 1000) return `${whole}ms`;
  const tenths = Math.round(ms / 100);
  if (tenths < 600) return `${tenths / 10}s`;
  let left = Math.max(Math.floor(ms / 1000) * 1000, 60_000);
  const first = LONGEST_FIRST.findIndex(([, size]) => left >= size);
  const parts = LONGEST_FIRST.slice(first, first + 2).map(([unit, size]) => {
    const count = Math.floor(left / size);
    left -= count * size;
    return count === 0 ? '' : `${count}${unit}`;
  });
  return parts.join('');
}

/** The shortest and the longest duration that a setting takes, both included; whole milliseconds. */
export interface DurationRange {
  readonly minMs: number;
  readonly maxMs: number;
}

/** Timers of Node.js hold at most 24.8 days; a day is longer than any run and safely below that. */
export const MAX_DURATION_MS = 86_400_000;

/** Reads a duration as `parseDuration` does; `undefined` as well for one outside the range. */
export function parseDurationWithin(text: string, { minMs, maxMs }: DurationRange): number | undefined {
  const ms = parseDuration(text);
  return ms !== undefined && ms >= minMs && ms <= maxMs ? ms : undefined;
}

const NANOSECONDS = [
  ['ns', 1e-6],
  ['us', 1e-3],
  ['µs', 1e-3],
  ['μs', 1e-3],
] as const;
const GO_FACTORS: ReadonlyMap<string, number> = new Map([...FACTORS, ...NANOSECONDS]);
const GO_PART = /(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h)/g;

/**
 * Reads a duration as programs in Go write it: numbers with a unit each, one after the other, as in `1m30s`, `0.5s` or
 * `0`. Milliseconds, rounded; `undefined` for every other form, and for a duration outside the range.
 * Source: the documentation of Go's `time.ParseDuration`; signs make no sense here.
 */
export function parseGoDuration(text: string, { minMs, maxMs }: DurationRange): number | undefined {
  const parts = text === '0' ? [] : partsOf(text);
  const ms = parts && Math.round(parts.reduce((sum, part) => sum + part, 0));
  return ms !== undefined && ms >= minMs && ms <= maxMs ? ms : undefined;
}

/** The milliseconds of each part; `undefined` where something is left over, or where there is none. */
function partsOf(text: string): readonly number[] | undefined {
  const parts = text.match(GO_PART) ?? [];
  if (text === '' || parts.join('') !== text) return undefined;
  return parts.map((part) => Number.parseFloat(part) * Number(GO_FACTORS.get(part.replace(/[\d.]+/, ''))));
}
