import type { Judged } from '../judge/judge-entries.ts';
import {
  countBy,
  countOf,
  describeShare,
  failingShareOfRun,
  failingShares,
  panicOf,
} from './failing-share.ts';
import { counted, type Guardrail } from './guardrail.ts';

/**
 * Holds back unhealthy removals of a name of which more than a share fails, or of a run of which at least that share
 * does: then the checker's own network is the likelier culprit. Of fewer than 10 in a run, it is more than the share
 * as well, so that one of two sick containers still goes. Those that are drained do not fail, and go however many
 * they are.
 */
export const panicThreshold: Guardrail = {
  name: 'panic-threshold',
  words: {
    holdsBack:
      'unhealthy entries of a name of which more than a share fails; all of them when at least that share of the run fails (of fewer than 10 more than it)',
    byDefault: '50 %',
    liftedBy: '`guardrails.panicPercent`, `--force`',
    example: '2 of 2 checked entries of the run fail (100 %), more than 50 %',
  },
  evaluate: (_candidates, { judged, limits }) => {
    const { panicPercent: limit, force } = limits;
    const run = failingShareOfRun(judged, 'entries of the run');
    const ofRange = failingShares(judged, rangeOf);
    const shareOf = (one: Judged) => ofRange(rangeOf(one), `entries of ${rangeOf(one)}`);
    const whole = panicOf(run, limit);
    const panic = (one: Judged) =>
      one.judgement.verdict === 'draining' ? undefined : (whole ?? panicOf(shareOf(one), limit));
    return {
      objection: (candidate) => (force ? undefined : panic(candidate)),
      passing: (candidate) => {
        const lifted = panic(candidate);
        if (lifted !== undefined) return `${lifted}; which is lifted`;
        return `${describeShare(shareOf(candidate), limit)}; ${describeShare(run, limit)}`;
      },
    };
  },
};

/** Holds back unhealthy removals that would leave a name with fewer entries than the minimum. */
export const minEndpoints: Guardrail = {
  name: 'min-endpoints',
  words: {
    holdsBack: 'unhealthy entries without which a name would have too few',
    byDefault: '1',
    liftedBy: '`guardrails.minEndpoints`',
    example: '_calc._tcp.discovery.internal would be left with 0 entries, fewer than 1',
  },
  evaluate: (_candidates, { judged, limits }, decided) => {
    const before = countBy(judged.filter(countsAsEndpoint), rangeOf);
    const gone = countBy(decided, rangeOf);
    const live = new Set(judged.filter(({ judgement: { verdict } }) => verdict === 'live').map(rangeOf));
    const leftOf = (range: string) => countOf(before, range) - countOf(gone, range);
    return {
      objection: (candidate) => {
        const range = rangeOf(candidate);
        // What is drained works still: nothing that fails may be left in its place.
        if (candidate.judgement.verdict === 'draining' && !live.has(range))
          return `nothing else of ${range} is live`;
        const after = leftOf(range) - 1;
        if (after < limits.minEndpoints) {
          return `${range} would be left with ${counted(Math.max(after, 0), 'entry', 'entries')}, fewer than ${limits.minEndpoints}`;
        }
        gone.set(range, countOf(gone, range) + 1);
        return undefined;
      },
      passing: (candidate) =>
        `${rangeOf(candidate)} would be left with ${counted(leftOf(rangeOf(candidate)), 'entry', 'entries')}, not fewer than ${limits.minEndpoints}`,
    };
  },
};

/** A client that asks for one type of a name is not helped by entries of another. SRV goes without saying. */
export function rangeOf({ judgement: { entry } }: Judged): string {
  const { name, type } = entry;
  return type === 'SRV' ? name : `${name} ${type}`;
}

/** No client can follow an entry whose value cannot be read; and a foreign one is not ours to count on. */
export function countsAsEndpoint({ judgement }: Judged): boolean {
  return judgement.verdict !== 'foreign' && judgement.reason !== 'malformed-value';
}
