/**
 * How a share is held against a limit in percent.
 *
 * | the limit says | the share is too much when it is | held against                                          |
 * |----------------|----------------------------------|-------------------------------------------------------|
 * | `more than`    | above the limit                  | what is small: of two endpoints, one may well be sick |
 * | `at least`     | at the limit, or above it        | what is large: half of a fleet is no coincidence      |
 */
export type Limit = 'more than' | 'at least';

/** From so many on a count is large: half of it says more than that one of two is sick. */
export const LARGE_COUNT = 10;

/** Which of both is right for a share of so many. */
export function limitFor(whole: number): Limit {
  return whole >= LARGE_COUNT ? 'at least' : 'more than';
}

/** Whether `part` of `whole` is too much. */
export function isTooMuch(part: number, whole: number, percent: number, limit: Limit): boolean {
  return limit === 'at least' ? reachesShare(part, whole, percent) : exceedsShare(part, whole, percent);
}

/** A share in percent as people write it; with as many decimals as it takes to tell it from `limit`. */
export function formatShare(part: number, whole: number, limit: number): string {
  const percent = (part / whole) * 100;
  const telling = [0, 1, 2, 3]
    .map((decimals) => percent.toFixed(decimals))
    .find((text) => Number(text) !== limit);
  return `${telling ?? limit} %`;
}

/** Whether `part` is more than `limit` percent of `whole`. */
export function exceedsShare(part: number, whole: number, limit: number): boolean {
  return part * 100 > whole * limit;
}

/** Whether `part` is at least `limit` percent of `whole`. Nothing never is, and 100 percent is no limit. */
export function reachesShare(part: number, whole: number, limit: number): boolean {
  return part > 0 && limit < 100 && part * 100 >= whole * limit;
}
