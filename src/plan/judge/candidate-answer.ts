import { socketAddress } from '../../model/ip-address.ts';
import { isUnheard, type ProbeOutcome, type ProbeTarget } from '../../model/probe.ts';
import type { Evidence } from '../../model/verdict.ts';

/** Where a stale entry was asked itself before it goes, and how that ended. */
export interface CandidateAnswer {
  readonly target: ProbeTarget;
  readonly outcome: ProbeOutcome;
}

type Answers = ReadonlyMap<string, CandidateAnswer>;

/**
 * What the answers are worth beside the probes of what is known to run, by `probeKey`. Where nothing came back from
 * any of it, the worker has no way to anything: an entry that is silent, too, could not be asked.
 */
export function credibleAnswers(answers: Answers, outcomes: ReadonlyMap<string, ProbeOutcome>): Answers {
  const concluded = [...outcomes.values()].filter(({ kind }) => kind !== 'indeterminate');
  if (concluded.length === 0 || !concluded.every(isUnheard)) return answers;
  return new Map(
    [...answers].map(([key, answer]) => [key, isUnheard(answer.outcome) ? unasked(answer) : answer]),
  );
}

function unasked({ target, outcome: { attempts, durationMs } }: CandidateAnswer): CandidateAnswer {
  return { target, outcome: { kind: 'indeterminate', reason: 'checker-error', attempts, durationMs } };
}

/** What an entry answered, for people: where it was asked, and how that ended. */
export function answerEvidence(answer: CandidateAnswer | undefined): Evidence {
  if (answer === undefined) return {};
  const { target, outcome } = answer;
  const { status, errorCode } = outcome;
  return {
    asked: socketAddress(target.address, target.port),
    answer: outcome.kind === 'healthy' ? 'healthy' : outcome.reason,
    ...(status === undefined ? {} : { status }),
    ...(errorCode === undefined ? {} : { errorCode }),
  };
}
