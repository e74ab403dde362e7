import { socketAddress } from '../../model/ip-address.ts';
import type { ProbeOutcome, ProbeTarget } from '../../model/probe.ts';
import type { Evidence } from '../../model/verdict.ts';

/** Where a stale entry was asked itself before it goes, and how that ended. */
export interface CandidateAnswer {
  readonly target: ProbeTarget;
  readonly outcome: ProbeOutcome;
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
