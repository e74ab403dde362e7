import { entryKey } from '../../model/entry.ts';
import type { ProbeOutcome } from '../../model/probe.ts';
import {
  type Evidence,
  isRemovableVerdict,
  type Judgement,
  type JudgementOf,
  type RemovableVerdict,
} from '../../model/verdict.ts';
import type { Match, Matched } from '../match/match-kinds.ts';
import { answerEvidence } from './candidate-answer.ts';
import { EXEMPTIONS } from './exemptions.ts';
import type { JudgeInput, RuleFacts } from './judge-input.ts';
import { outcomeOf } from './probe-targets.ts';
import type { Rule } from './rule.ts';
import { specOf } from './rules.ts';
import { SCOPE_EXEMPTIONS, SCOPE_RULES } from './scope-rules.ts';

/** An entry with its match and its verdict. */
export interface Judged {
  readonly match: Match;
  readonly judgement: Judgement;
}

/** An entry whose verdict asks for its removal. */
export interface Removable extends Judged {
  readonly judgement: JudgementOf<RemovableVerdict>;
}

/** Whether a verdict asks for the removal of its entry. */
export function isRemovable(judged: Judged): judged is Removable {
  return isRemovableVerdict(judged.judgement.verdict);
}

/** Whether an entry goes for how its container is, and not because it leads to none. */
export function isForHealth({ judgement: { verdict } }: Removable): boolean {
  return verdict !== 'stale';
}

/** Gives every entry its verdict, in the order given: of the rules for its match, the first that applies. */
export function judgeEntries(matched: readonly Matched[], input: JudgeInput): readonly Judged[] {
  const exemptions = input.isScope ? [...SCOPE_EXEMPTIONS, ...EXEMPTIONS] : EXEMPTIONS;
  return matched.map(({ entry, match }) => {
    const facts: RuleFacts = { entry, outcome: outcomeOf(match, input, input.outcomes), input };
    const { rules, evidence } = specOf(match);
    const decided = firstOf(input.isScope ? [...SCOPE_RULES, ...rules] : rules, match, facts);
    if (decided === undefined) throw new TypeError(`no rule applies to an entry that leads to ${match.kind}`);
    const exempt = isRemovableVerdict(decided.verdict) ? firstOf(exemptions, match, facts) : undefined;
    const { verdict, reason } = exempt ?? decided;
    const asked = answerEvidence(input.answers.get(entryKey(entry)));
    const spared = exempt && {
      ...exempt.evidence,
      ...(verdict === 'protected' && { wouldBe: decided.verdict }),
    };
    const probed = { ...probeEvidence(facts.outcome), ...decided.evidence };
    const all = { ...evidence(match, input), ...probed, ...asked, ...spared };
    return { match, judgement: { verdict, reason, entry, evidence: all } as Judgement };
  });
}

function firstOf(rules: readonly Rule[], match: Match, facts: RuleFacts) {
  for (const { verdict, apply } of rules) {
    const finding = apply(match, facts);
    if (finding !== undefined) return { verdict, ...finding };
  }
  return undefined;
}

function probeEvidence(outcome: ProbeOutcome | undefined): Evidence {
  if (outcome === undefined) return {};
  const { attempts, durationMs, status, errorCode, body } = outcome;
  return {
    attempts,
    durationMs,
    ...(status === undefined ? {} : { status }),
    ...(errorCode === undefined ? {} : { errorCode }),
    ...(body === undefined ? {} : { body }),
  };
}
