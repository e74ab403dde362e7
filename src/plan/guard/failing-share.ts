import { formatShare, isTooMuch, type Limit, limitFor } from '../../model/share.ts';
import { isFailing, isPassing, isUnheard } from '../judge/health-records.ts';
import type { Judged } from '../judge/judge-entries.ts';

/** How much of what was checked fails. Where it is too much, the checker's own network is the likelier culprit. */
export interface FailingShare {
  readonly failing: number;
  /** How many of those were only not heard in time. */
  readonly unheard: number;
  readonly checked: number;
  /** How it is held against a limit in percent. */
  readonly limit: Limit;
  /** Of what, in words: `entries of the run`. */
  readonly of: string;
}

/**
 * Counts what fails by key, and what was not heard in time: of half of it the rest would say something else. Failures within a grace period count on neither side; those that a threshold still
 * spares count as failing, and passes that are not enough yet as passing. What is drained does not fail.
 */
export function failingShares<T extends Judged, K>(
  judged: readonly T[],
  keyOf: (one: T) => K,
): (key: K, of: string) => FailingShare {
  const failing = countBy(judged.filter(isFailing), keyOf);
  const silent = countBy(judged.filter(isUnheard), keyOf);
  const passing = countBy(judged.filter(isPassing), keyOf);
  return (key, of) => {
    const unheard = countOf(silent, key);
    const count = countOf(failing, key) + unheard;
    return { failing: count, unheard, checked: count + countOf(passing, key), limit: 'more than', of };
  };
}

/** The same of the whole run, of which the limit itself is too much once it is large. */
export function failingShareOfRun(judged: readonly Judged[], of: string): FailingShare {
  const share = failingShares(judged, () => 'run')('run', of);
  return { ...share, limit: limitFor(share.checked) };
}

/** A share that is no reason to panic, against the limit. */
export function describeShare(share: FailingShare, percent: number): string {
  return `${inWords(share, percent)}, ${share.limit === 'at least' ? 'less' : 'not more'} than ${percent} %`;
}

function inWords({ failing, unheard, checked, of }: FailingShare, percent: number): string {
  const [which, what] = unheard === 0 ? [`checked ${of}`, 'fail'] : [of, 'fail or were not heard'];
  return `${failing} of ${checked} ${which} ${what} (${formatShare(failing, checked, percent)})`;
}

/** Why so many failures are more likely the checker's own; `undefined` when they are not too many. */
export function panicOf(share: FailingShare, percent: number): string | undefined {
  const { failing, checked, limit } = share;
  if (!isTooMuch(failing, checked, percent, limit)) return undefined;
  return `${inWords(share, percent)}, ${limit} ${percent} %`;
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
