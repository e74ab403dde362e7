import type { Judged } from '../judge.ts';
import { exceedsShare, formatShare } from '../share.ts';
import { type Guardrail, NO_OBJECTION, type Objection } from './guardrail.ts';

/**
 * Holds back unhealthy removals of a name, or of the whole run, of which more than a share fails:
 * then the checker's own network is the likelier culprit. So it is when most probes fail in one and the
 * same network way. Entries that fail within their grace period count on neither side; those that a
 * threshold still spares, or an unread cluster, count as failing all the same.
 */
export const panicThreshold: Guardrail = {
  name: 'panic-threshold',
  examine: (_candidates, { judged, limits, suspectVantage }) => {
    if (limits.force) return NO_OBJECTION;
    if (suspectVantage !== undefined) return () => suspectVantage.detail;
    const [failing, passing] = [judged.filter(isFailing), judged.filter(isPassing)];
    const run = panic(failing.length, passing.length, limits.panicPercent, 'the run');
    if (run !== undefined) return () => run;
    const failingByName = countByName(failing);
    const passingByName = countByName(passing);
    return ({ judgement: { entry } }) => {
      const [count, others] = [countOf(failingByName, entry.name), countOf(passingByName, entry.name)];
      return panic(count, others, limits.panicPercent, entry.name);
    };
  },
};

function isFailing({ judgement: { verdict, reason } }: Judged): boolean {
  return verdict === 'unhealthy' || reason === 'below-threshold';
}

function isPassing({ judgement: { reason } }: Judged): boolean {
  return reason === 'healthy' || reason === 'recovering';
}

function panic(failing: number, passing: number, limit: number, of: string): string | undefined {
  const checked = failing + passing;
  if (!exceedsShare(failing, checked, limit)) return undefined;
  return `${failing} of ${checked} checked entries of ${of} fail (${formatShare(failing, checked, limit)}), more than ${limit} %`;
}

/** Holds back unhealthy removals that would leave a name with fewer entries than the minimum. */
export const minEndpoints: Guardrail = {
  name: 'min-endpoints',
  examine: (_candidates, { judged, limits }, decided): Objection => {
    const left = countByName(judged.filter(leadsSomewhere));
    for (const [name, count] of countByName(decided)) left.set(name, countOf(left, name) - count);
    return ({ judgement: { entry } }) => {
      const after = countOf(left, entry.name) - 1;
      if (after < limits.minEndpoints) {
        return `${entry.name} would be left with ${Math.max(after, 0)} entries, fewer than ${limits.minEndpoints}`;
      }
      left.set(entry.name, after);
      return undefined;
    };
  },
};

/** Nobody can follow an entry whose value cannot be read; and a foreign one is not ours to count on. */
function leadsSomewhere({ judgement }: Judged): boolean {
  return judgement.verdict !== 'foreign' && judgement.reason !== 'malformed-value';
}

function countByName(judged: readonly Judged[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { judgement } of judged) {
    counts.set(judgement.entry.name, countOf(counts, judgement.entry.name) + 1);
  }
  return counts;
}

function countOf(counts: ReadonlyMap<string, number>, name: string): number {
  return counts.get(name) ?? 0;
}
