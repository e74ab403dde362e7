import { socketAddress } from '../../model/ip-address.ts';
import type { IndeterminateReason, ProbeOutcome, ProbeTarget } from '../../model/probe.ts';
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

/** Whether an entry with such evidence was not asked, or could not be. */
export function isUnasked({ answer }: Evidence): boolean {
  return INCONCLUSIVE.has(answer);
}

const INCONCLUSIVE: ReadonlySet<unknown> = new Set<IndeterminateReason | undefined>([
  undefined,
  'address-not-allowed',
  'checker-error',
  'deadline',
]);
