import type { Judged } from '../judge/judge-entries.ts';
import { countBy, countOf, describeShare, failingShares, panicOf } from './failing-share.ts';
import { counted, type Guardrail } from './guardrail.ts';

/**
 * Holds back unhealthy removals of a name, or of the whole run, of which more than a share fails:
 * then the checker's own network is the likelier culprit. So it is when most probes fail in one and the
 * same network way. Those that are drained do not fail, and go however many they are.
 */
export const panicThreshold: Guardrail = {
  name: 'panic-threshold',
  words: {
    holdsBack:
      'unhealthy entries of a name, or of the run, of which too large a share fails; all of them when most probes fail in one network way',
    byDefault: '50 %',
    liftedBy: '`guardrails.panicPercent`, `--force`',
    example: '2 of 2 checked entries of the run fail (100 %), more than 50 %',
  },
  evaluate: (_candidates, { judged, limits, networkSelfTest }) => {
    const { panicPercent: limit, force } = limits;
    const run = failingShares(judged, () => 'run')('run', 'entries of the run');
    const ofRange = failingShares(judged, rangeOf);
    const shareOf = (one: Judged) => ofRange(rangeOf(one), `entries of ${rangeOf(one)}`);
    const whole = networkSelfTest?.detail ?? panicOf(run, limit);
    const panic = (one: Judged) =>
      one.judgement.verdict === 'draining' ? undefined : (whole ?? panicOf(shareOf(one), limit));
    return {
      objection: (candidate) => (force ? undefined : panic(candidate)),
      passing: (candidate) => {
        const lifted = panic(candidate);
        if (lifted !== undefined) return `${lifted}; which is lifted`;
        return `${describeShare(shareOf(candidate), limit)}, and ${describeShare(run, limit)}, not more than ${limit} %`;
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
