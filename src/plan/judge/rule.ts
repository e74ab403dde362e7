import type { Evidence, Reason, ReasonOf, Verdict } from '../../model/verdict.ts';
import type { Match } from '../match/match-kinds.ts';
import type { RuleFacts } from './judge-input.ts';

/** What a rule comes to: its reason, and what that rests on apart from what the match and the probe say. */
export interface Finding {
  readonly reason: Reason;
  readonly evidence: Evidence;
}

/** One row of the table: an entry that it applies to gets its verdict. `verdict` and the keys of `rows` fit. */
export interface Rule<M = Match> {
  readonly verdict: Verdict;
  /** Each reason that it can give, with what has to be so for that, in words. */
  readonly rows: readonly (readonly [Reason, string])[];
  /** `undefined` where it does not apply. */
  readonly apply: (match: M, facts: RuleFacts) => Finding | undefined;
  /** Whether a guardrail that always looks holds the entry back. */
  readonly isHeld: boolean;
}

/** Whether a rule applies; with evidence, where there is more to be said. */
export type When<M> = (match: M, facts: RuleFacts) => boolean | Evidence | undefined;

/** Makes the rules of one verdict that have one reason; without a condition they always apply. */
export function rulesFor<V extends Verdict>(verdict: V) {
  return <M>(reason: ReasonOf<V>, words: string, when: When<M> = () => true): Rule<M> => {
    const apply: Rule<M>['apply'] = (match, facts) => {
      const found = when(match, facts) || undefined;
      return found && { reason, evidence: found === true ? {} : found };
    };
    return { verdict, rows: [[reason, words]], apply, isHeld: false };
  };
}

export const live = rulesFor('live');
export const draining = rulesFor('draining');
export const stale = rulesFor('stale');
export const unverified = rulesFor('unverified');
export const protectedBy = rulesFor('protected');

/** A rule that takes its reason from what it looks at. */
export function byReason<M, V extends Verdict, R extends ReasonOf<V>>(
  verdict: V,
  words: Readonly<Record<R, string>>,
  reasonOf: (match: M, facts: RuleFacts) => NoInfer<R> | undefined,
): Rule<M> {
  const rows = Object.entries<string>(words) as unknown as Rule<M>['rows'];
  const apply: Rule<M>['apply'] = (match, facts) => {
    const reason = reasonOf(match, facts);
    return reason && { reason, evidence: {} };
  };
  return { verdict, rows, apply, isHeld: false };
}

export function held<M>(rule: Rule<M>): Rule<M> {
  return { ...rule, isHeld: true };
}
