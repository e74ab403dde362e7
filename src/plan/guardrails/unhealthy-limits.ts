import type { Judged } from '../judge.ts';
import { exceedsShare, formatShare } from '../share.ts';
import { type Guardrail, NO_OBJECTION, type Objection } from './guardrail.ts';

/**
 * Holds back unhealthy removals of a name, or of the whole run, of which more than a share fails:
 * then the checker's own network is the likelier culprit. So it is when most probes fail in one and the
 * same network way. Entries in their grace period count on neither side.
 */
export const panicThreshold: Guardrail = {
  name: 'panic-threshold',
  examine: (candidates, { judged, limits, suspectVantage }) => {
    if (limits.force) return NO_OBJECTION;
    if (suspectVantage !== undefined) return () => suspectVantage.detail;
    const passing = judged.filter(({ judgement }) => judgement.reason === 'healthy');
    const run = panic(candidates.length, passing.length, limits.panicPercent, 'the run');
    if (run !== undefined) return () => run;
    const failingByName = countByName(candidates);
    const passingByName = countByName(passing);
    return ({ judgement: { entry } }) => {
      const failing = failingByName.get(entry.name) ?? 0;
      return panic(failing, passingByName.get(entry.name) ?? 0, limits.panicPercent, entry.name);
    };
  },
};

function panic(failing: number, passing: number, limit: number, of: string): string | undefined {
  const checked = failing + passing;
  if (!exceedsShare(failing, checked, limit)) return undefined;
  return `${failing} of ${checked} checked entries of ${of} fail (${formatShare(failing, checked, limit)}), more than ${limit} %`;
}

/** Holds back unhealthy removals that would leave a name with fewer entries than the minimum. */
export const minEndpoints: Guardrail = {
  name: 'min-endpoints',
  examine: (_candidates, { judged, limits }, decided): Objection => {
    const left = countByName(judged.filter(({ judgement }) => judgement.verdict !== 'foreign'));
    for (const [name, count] of countByName(decided)) left.set(name, (left.get(name) ?? 0) - count);
    return ({ judgement: { entry } }) => {
      const after = (left.get(entry.name) ?? 0) - 1;
      if (after < limits.minEndpoints) {
        return `${entry.name} would be left with ${Math.max(after, 0)} entries, fewer than ${limits.minEndpoints}`;
      }
      left.set(entry.name, after);
      return undefined;
    };
  },
};

function countByName(judged: readonly Judged[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { judgement } of judged) {
    counts.set(judgement.entry.name, (counts.get(judgement.entry.name) ?? 0) + 1);
  }
  return counts;
}
