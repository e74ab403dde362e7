import { isScope } from '../../model/inventory.ts';
import { isOnlyHoped } from '../judge/health-records.ts';
import type { Judged } from '../judge/judge-entries.ts';
import { endpointCount, isStopping, mayStillAnswer, outweighed, rangeOf } from './endpoint-count.ts';
import { countBy, countOf } from './failing-share.ts';
import { counted, type Guardrail, type GuardrailWords } from './guardrail.ts';

const NAME = 'min-endpoints';
const WORDS: GuardrailWords = {
  holdsBack:
    'unhealthy entries without which a name would have too few that may help a client; the last such entry, if it is stale and could not be asked, or if its task has not stopped yet',
  byDefault: '1',
  liftedBy: '`guardrails.minEndpoints`',
  example: '_calc._tcp.discovery.internal would be left with 0 entries, fewer than 1',
};

/** Holds back unhealthy removals that would leave a name with fewer entries than the minimum. */
export const minEndpoints: Guardrail = {
  name: NAME,
  words: WORDS,
  evaluate: (_candidates, { judged, limits }) => {
    const counts = endpointCount(judged);
    const left = countBy(judged.filter(counts), rangeOf);
    const isLive = (one: Judged) => one.judgement.verdict === 'live' && counts(one);
    const live = new Set(judged.filter(isLive).map(rangeOf));
    return {
      objection: (candidate) => {
        const range = rangeOf(candidate);
        // What is drained works still: nothing that fails may be left in its place, nor what no client is led to.
        if (candidate.judgement.verdict === 'draining' && !live.has(range))
          return `Route 53 answers ${range} with nothing else that is live`;
        const after = countOf(left, range) - (counts(candidate) ? 1 : 0);
        if (after < limits.minEndpoints) return tooFew(range, after, limits.minEndpoints);
        left.set(range, after);
        return undefined;
      },
      passing: (candidate) =>
        enough(rangeOf(candidate), countOf(left, rangeOf(candidate)), limits.minEndpoints),
    };
  },
};

/**
 * Holds back the stale removal that would take the last of a name that may help a client, where it could not be asked
 * whether it answers. A name of which everything is known to be gone is emptied.
 */
export const lastThatMayAnswer: Guardrail = {
  name: NAME,
  words: WORDS,
  evaluate: (_candidates, { judged, limits, isProbing, inventory }) => {
    const minimum = Math.min(1, limits.minEndpoints);
    const isPart = isScope(inventory);
    const [counts, isOutweighed] = [endpointCount(judged), outweighed(judged)];
    const isDoubtful = (one: Judged) => isProbing && mayStillAnswer(one) && !isOutweighed(one);
    // What fails, or is about to stop, is no reason to let go of what may answer. What is told to stop does answer: no
    // hope is reason enough.
    const isGood = (one: Judged) => one.judgement.verdict !== 'unhealthy' && counts(one);
    const isKnown = (one: Judged) => isGood(one) && !isOnlyHoped(one);
    const known = countBy(isPart ? judged.filter(isKnown) : [], rangeOf);
    const left = countBy(
      judged.filter((one) => isGood(one) || isDoubtful(one)),
      rangeOf,
    );
    return {
      objection: (candidate) => {
        const range = rangeOf(candidate);
        if (isPart && isStopping(candidate)) {
          if (countOf(known, range) >= minimum) return undefined;
          return `${tooFew(range, 0, minimum)}, and its task has not stopped yet`;
        }
        if (!isDoubtful(candidate)) return undefined;
        const after = countOf(left, range) - 1;
        if (after < minimum)
          return `${tooFew(range, after, minimum)}, and what it leads to could not be asked`;
        left.set(range, after);
        return undefined;
      },
      passing: (candidate) =>
        isDoubtful(candidate)
          ? enough(rangeOf(candidate), countOf(left, rangeOf(candidate)), minimum)
          : undefined,
    };
  },
};

function tooFew(range: string, after: number, minimum: number): string {
  return `${range} would be left with ${entries(after)}, fewer than ${minimum}`;
}

function enough(range: string, after: number, minimum: number): string {
  return `${range} would be left with ${entries(after)}, not fewer than ${minimum}`;
}

function entries(count: number): string {
  return counted(count, 'entry', 'entries');
}
