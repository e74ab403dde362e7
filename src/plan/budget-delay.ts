import { entryKey } from '../model/entry.ts';
import { objectionRule } from './confirm/findings.ts';
import { isRemovable, type Removable } from './judge/judge-entries.ts';
import type { Confirmation, Plan } from './plan.ts';

/** The stale entries that only their budget holds back, in the order of the zone. */
export function heldByBudget({ heldBack, judged }: Pick<Plan, 'heldBack' | 'judged'>): readonly Removable[] {
  const held = new Set(
    heldBack
      .filter(({ guardrail, judgement }) => guardrail === 'removal-budget' && judgement.verdict === 'stale')
      .map(({ judgement }) => judgement),
  );
  return judged.filter(isRemovable).filter(({ judgement }) => held.has(judgement));
}

/** Which of them nothing objects to but their budget, by `entryKey`, in the plan made with their confirmation. */
export function confirmedHeld(
  held: readonly Removable[],
  plan: Pick<Plan, 'heldBack' | 'judged' | 'inventory'>,
  { look }: Pick<Confirmation, 'look'>,
): readonly string[] {
  const asked = new Set(held.map(({ judgement }) => entryKey(judgement.entry)));
  const objectionTo = objectionRule(look, plan.inventory);
  return heldByBudget(plan)
    .filter((one) => objectionTo(one) === undefined)
    .map(({ judgement }) => entryKey(judgement.entry))
    .filter((key) => asked.has(key));
}
