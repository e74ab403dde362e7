import { createHash } from 'node:crypto';
import { groupText } from '../model/approved-plan.ts';
import { type ChangeOutcome, isInForce } from '../model/change.ts';
import { entryKey } from '../model/entry.ts';
import type { ChangePlan } from '../plan/plan.ts';

const LENGTH = 32;

/**
 * A digest of what people are to look into after a run: what is held back, and by which guardrail, what has failed, and
 * what was only planned. Without the numbers, which differ from run to run; empty where there is nothing.
 */
export function concernsOf(
  { heldBack, groups }: Pick<ChangePlan, 'heldBack' | 'groups'>,
  outcomes: ReadonlyMap<string, ChangeOutcome> | undefined,
): string {
  const held = heldBack.map(({ judgement, guardrail }) => `${guardrail} ${entryKey(judgement.entry)}`);
  const failed = groups.flatMap((group) => {
    const outcome = outcomes?.get(group.key);
    return isInForce(outcome) ? [] : [`${outcome?.status ?? 'planned'} ${groupText(group)}`];
  });
  const concerns = [...held, ...failed].toSorted();
  if (concerns.length === 0) return '';
  return createHash('sha256').update(JSON.stringify(concerns)).digest('hex').slice(0, LENGTH);
}
