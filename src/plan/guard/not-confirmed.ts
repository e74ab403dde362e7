import { entryKey } from '../../model/entry.ts';
import { objectionRule } from '../confirm/findings.ts';
import { isForHealth } from '../judge/judge-entries.ts';
import { ALWAYS_ON, type Guardrail, sameForAll } from './guardrail.ts';

/**
 * Holds back, right before changes are applied, whatever the confirmation could not confirm, and
 * whatever was not in the plan that was approved.
 */
export const notConfirmed: Guardrail = {
  name: 'not-confirmed',
  words: {
    holdsBack:
      'stale entries of which the confirmation has seen anything else than the first; unhealthy ones of names that could not be read again, or by the name of whose host another may be meant',
    byDefault: ALWAYS_ON,
    liftedBy: 'nothing but the next run',
    example: 'ECS counts 2 tasks on i-1, of which 1 could be read',
  },
  evaluate: (_candidates, { inventory, confirmation }) => {
    if (confirmation === undefined) return sameForAll(false, () => 'the confirmation comes after the plan');
    const { approved, asked, look, unread } = confirmation;
    const objection = objectionRule(look, inventory);
    return {
      objection: (candidate) => {
        const key = entryKey(candidate.judgement.entry);
        if (!approved.has(key)) return 'the entry was not to be removed when the plan was made';
        if (unread !== undefined && isForHealth(candidate))
          return `its name could not be read again: ${unread}`;
        return asked === undefined || asked.has(key) ? objection(candidate) : undefined;
      },
      passing: ({ judgement: { verdict } }) =>
        verdict === 'stale'
          ? 'the confirmation has seen nothing that speaks against the removal'
          : 'the endpoint was asked in this very run, which needs no confirmation',
    };
  },
};
