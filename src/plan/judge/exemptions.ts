import { entryKey } from '../../model/entry.ts';
import {
  hasAnswered,
  type IndeterminateReason,
  isWithoutRoute,
  type ProbeOutcome,
} from '../../model/probe.ts';
import { NO_PROTECTIONS, protectionOf } from '../../model/protection.ts';
import type { RuleFacts } from './judge-input.ts';
import { held, protectedBy, type Rule, unverified, type When } from './rule.ts';

/**
 * What outweighs a verdict that asks for removal. A wildcard, a blank, a byte outside ASCII: Route 53 escapes them
 * in names, and no agent names a service so. Another tool wrote such an entry, and it stays. ECS and EC2 tell what runs
 * as far as this role may see: what answers is there, whatever they say.
 */
export const EXEMPTIONS: readonly Rule[] = [
  unverified('escaped-name', 'it would go, but its name has a wildcard or the like', (_, { entry }) =>
    entry.recordSet.Name.includes('\\'),
  ),
  unverified('still-answers', 'it would go as stale, but it answers when it is asked', (_, facts) => {
    const outcome = answerOf(facts);
    return outcome !== undefined && hasAnswered(outcome);
  }),
  held(
    unverified('deadline', 'it would go as stale, but time ran out before it was asked', unasked('deadline')),
  ),
  unverified(
    'checker-error',
    'it would go as stale, but the worker could not ask it',
    unasked('checker-error'),
  ),
  protectedBy('name-protected', 'it would go, but Route 53 protects its name and type', (_, facts) => {
    const protection = protectionOf(facts.entry.recordSet, facts.input.protections ?? NO_PROTECTIONS);
    return protection === undefined ? undefined : { protection };
  }),
];

function answerOf({ entry, input }: RuleFacts): ProbeOutcome | undefined {
  return input.answers.get(entryKey(entry))?.outcome;
}

function unasked(reason: IndeterminateReason): When<unknown> {
  return (_, facts) => {
    const outcome = answerOf(facts);
    return outcome?.kind === 'indeterminate' && outcome.reason === reason && !isWithoutRoute(outcome);
  };
}
