import { NOT_PROBED } from '../model/probe.ts';
import type { CandidateAnswer } from './judge/candidate-answer.ts';
import { credibleAnswers } from './judge/credible-answers.ts';
import type { Observation } from './observation.ts';

/**
 * What was observed while slow endpoints are still asked, without what stale entries have not answered yet, or not so that
 * it tells anything: what is still to be heard may bear their silence out. At the end they may go, and so they count in the
 * budgets. `unheard` has them, by `entryKey`.
 */
export function heardSoFar(observation: Observation): {
  readonly seen: Observation;
  readonly unheard: ReadonlySet<string>;
} {
  const { probeResults, inventory } = observation;
  const credible = credibleAnswers(probeResults.answers, probeResults.outcomes, inventory);
  const isHeard = ([key, answer]: readonly [string, CandidateAnswer]) =>
    answer.outcome !== NOT_PROBED && credible.get(key) === answer;
  const all = [...probeResults.answers];
  return {
    seen: { ...observation, probeResults: { ...probeResults, answers: new Map(all.filter(isHeard)) } },
    unheard: new Set(all.flatMap((one) => (isHeard(one) ? [] : [one[0]]))),
  };
}
