import type { Entry } from '../../model/entry.ts';
import { exceedsShare, formatShare } from '../../model/share.ts';
import type { Judged } from '../judge/judge-entries.ts';
import type { Guardrail } from './guardrail.ts';

/**
 * Holds back unhealthy removals of a name, or of the whole run, of which more than a share fails:
 * then the checker's own network is the likelier culprit. So it is when most probes fail in one and the
 * same network way. Entries that fail within their grace period count on neither side; those that a
 * threshold still spares, or an unread cluster, count as failing all the same. Those that are drained do not
 * fail, and go however many they are.
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
    const [failing, passing] = [judged.filter(isFailing), judged.filter(isPassing)];
    const run: Share = { failing: failing.length, checked: failing.length + passing.length, of: 'the run' };
    const [failingByRange, passingByRange] = [countByRange(failing), countByRange(passing)];
    const shareOf = ({ judgement: { entry } }: Judged): Share => {
      const of = rangeOf(entry);
      const count = countOf(failingByRange, of);
      return { failing: count, checked: count + countOf(passingByRange, of), of };
    };
    const panic = (share: Share) =>
      exceedsShare(share.failing, share.checked, limit)
        ? `${describe(share, limit)}, more than ${limit} %`
        : undefined;
    const whole = networkSelfTest?.detail ?? panic(run);
    const panicOf = (candidate: Judged) =>
      candidate.judgement.verdict === 'draining' ? undefined : (whole ?? panic(shareOf(candidate)));
    return {
      objection: (candidate) => (force ? undefined : panicOf(candidate)),
      passing: (candidate) => {
        const lifted = panicOf(candidate);
        if (lifted !== undefined) return `${lifted}; which is lifted`;
        return `${describe(shareOf(candidate), limit)}, and ${describe(run, limit)}, not more than ${limit} %`;
      },
    };
  },
};

interface Share {
  readonly failing: number;
  readonly checked: number;
  readonly of: string;
}

function describe({ failing, checked, of }: Share, limit: number): string {
  return `${failing} of ${checked} checked entries of ${of} fail (${formatShare(failing, checked, limit)})`;
}

/** Whether an entry counts as failing: also where a threshold still spares it, but not where it is drained. */
export function isFailing({ judgement: { verdict, reason } }: Judged): boolean {
  return verdict === 'unhealthy' || reason === 'below-threshold';
}

/** Whether an entry counts as passing, be it not often enough yet. */
export function isPassing({ judgement: { reason } }: Judged): boolean {
  return reason === 'healthy' || reason === 'recovering';
}

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
    const left = countByRange(judged.filter(leadsSomewhere));
    const live = countByRange(judged.filter(({ judgement: { verdict } }) => verdict === 'live'));
    for (const [range, count] of countByRange(decided)) left.set(range, countOf(left, range) - count);
    return {
      objection: ({ judgement: { entry, verdict } }) => {
        const range = rangeOf(entry);
        // What is drained works still: nothing that fails may be left in its location.
        if (verdict === 'draining' && countOf(live, range) === 0) return `nothing else of ${range} is live`;
        const after = countOf(left, range) - 1;
        if (after < limits.minEndpoints) {
          return `${range} would be left with ${entries(Math.max(after, 0))}, fewer than ${limits.minEndpoints}`;
        }
        left.set(range, after);
        return undefined;
      },
      passing: ({ judgement: { entry } }) =>
        `${rangeOf(entry)} would be left with ${entries(countOf(left, rangeOf(entry)))}, not fewer than ${limits.minEndpoints}`,
    };
  },
};

/** Whoever asks for one type of a name is not helped by entries of another. SRV goes without saying. */
function rangeOf({ name, type }: Entry): string {
  return type === 'SRV' ? name : `${name} ${type}`;
}

function entries(count: number): string {
  return `${count} ${count === 1 ? 'entry' : 'entries'}`;
}

/** Nobody can follow an entry whose value cannot be read; and a foreign one is not ours to count on. */
function leadsSomewhere({ judgement }: Judged): boolean {
  return judgement.verdict !== 'foreign' && judgement.reason !== 'malformed-value';
}

function countByRange(judged: readonly Judged[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { judgement } of judged) {
    const range = rangeOf(judgement.entry);
    counts.set(range, countOf(counts, range) + 1);
  }
  return counts;
}

function countOf(counts: ReadonlyMap<string, number>, range: string): number {
  return counts.get(range) ?? 0;
}
