import type { Container } from '../../model/inventory.ts';
import { exceedsShare, formatShare } from '../../model/share.ts';
import { counted, type Guardrail, type GuardrailWords, sameForAll } from './guardrail.ts';

/** Below this many managed entries a share says nothing, and the budgets do not apply. */
const BUDGET_FLOOR = 10;

/** Holds back every stale removal when nothing at all runs: an empty answer is no proof. */
export const emptyInventory: Guardrail = {
  name: 'empty-inventory',
  words: {
    holdsBack: 'every stale entry, when nothing at all runs',
    byDefault: 'on',
    liftedBy: '`guardrails.allowEmpty`, `--allow-empty`',
    example: 'no task runs in 1 cluster; allow an empty inventory if that is right',
  },
  evaluate: (_candidates, { inventory, limits }) => {
    const clusters = counted(inventory.clusters.length, 'cluster');
    const there = inventory.containers.filter(isThere).length;
    const running = counted(there, 'container runs', 'containers run');
    if (there > 0) return sameForAll(false, () => `${running} in ${clusters}`);
    if (limits.allowEmpty) return sameForAll(false, () => `no task runs in ${clusters}, which is allowed`);
    return sameForAll(true, () => `no task runs in ${clusters}; allow an empty inventory if that is right`);
  },
};

function isThere({ phase }: Container): boolean {
  return phase === 'running' || phase === 'starting';
}

const BUDGET_WORDS: GuardrailWords = {
  holdsBack:
    'every stale entry, or every unhealthy one, when they are too large a share of the managed entries',
  byDefault: '50 % each, from 10 managed entries on',
  liftedBy: '`guardrails.removalBudgetPercent`, `guardrails.unhealthyBudgetPercent`, `--force`',
  example: '412 of 600 managed entries (69 %) exceeds 50 %',
};

/** Holds back all stale removals of a run that together take more than a share of the managed entries. */
export const removalBudget = budget('removalBudgetPercent');

/** Holds back all unhealthy removals of a run that together take more than a share of the managed entries. */
export const unhealthyBudget = budget('unhealthyBudgetPercent');

function budget(setting: 'removalBudgetPercent' | 'unhealthyBudgetPercent'): Guardrail {
  return {
    name: 'removal-budget',
    words: BUDGET_WORDS,
    evaluate: (candidates, { judged, limits }) => {
      const managed = judged.filter(({ judgement }) => judgement.verdict !== 'foreign').length;
      const limit = limits[setting];
      const taken = candidates.length;
      const taking = () => `${taken} of ${managed} managed entries (${formatShare(taken, managed, limit)})`;
      if (!exceedsShare(taken, managed, limit))
        return sameForAll(false, () => `${taking()}, not more than ${limit} %`);
      if (managed < BUDGET_FLOOR)
        return sameForAll(false, () => `${taking()}, and fewer than ${BUDGET_FLOOR} of them`);
      if (limits.force) return sameForAll(false, () => `${taking()} exceeds ${limit} %, which is lifted`);
      return sameForAll(true, () => `${taking()} exceeds ${limit} %`);
    },
  };
}
