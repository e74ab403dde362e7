import { exceedsShare, formatShare } from '../../model/share.ts';
import { isFailing, isPassing } from '../judge/health-records.ts';
import type { Judged } from '../judge/judge-entries.ts';

/** How much of what was checked fails. Where it is too much, the checker's own network is the likelier culprit. */
export interface FailingShare {
  readonly failing: number;
  readonly checked: number;
  /** Of what, in words: `entries of the run`. */
  readonly of: string;
}

/**
 * Counts what fails by key. Failures within a grace period count on neither side; those that a threshold still
 * spares count as failing, and passes that are not enough yet as passing. What is drained does not fail.
 */
export function failingShares<T extends Judged, K>(
  judged: readonly T[],
  keyOf: (one: T) => K,
): (key: K, of: string) => FailingShare {
  const failing = countBy(judged.filter(isFailing), keyOf);
  const passing = countBy(judged.filter(isPassing), keyOf);
  return (key, of) => {
    const count = countOf(failing, key);
    return { failing: count, checked: count + countOf(passing, key), of };
  };
}

export function describeShare({ failing, checked, of }: FailingShare, limit: number): string {
  return `${failing} of ${checked} checked ${of} fail (${formatShare(failing, checked, limit)})`;
}

/** Why so many failures are more likely the checker's own; `undefined` when they are not more than the limit. */
export function panicOf(share: FailingShare, limit: number): string | undefined {
  if (!exceedsShare(share.failing, share.checked, limit)) return undefined;
  return `${describeShare(share, limit)}, more than ${limit} %`;
}

/** How many there are of each key. */
export function countBy<T, K>(items: readonly T[], keyOf: (item: T) => K): Map<K, number> {
  const counts = new Map<K, number>();
  for (const item of items) counts.set(keyOf(item), countOf(counts, keyOf(item)) + 1);
  return counts;
}

export function countOf<K>(counts: ReadonlyMap<K, number>, key: K): number {
  return counts.get(key) ?? 0;
}
