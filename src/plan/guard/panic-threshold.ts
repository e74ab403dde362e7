import type { Judged } from '../judge/judge-entries.ts';
import { rangeOf } from './endpoint-count.ts';
import { describeShare, failingShareOfRun, failingShares, panicOf } from './failing-share.ts';
import type { Guardrail } from './guardrail.ts';

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
