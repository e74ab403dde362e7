import type { Judged } from '../judge.ts';
import { exceedsShare, formatShare } from '../share.ts';
import { type Guardrail, NO_OBJECTION } from './guardrail.ts';

/** Below this many managed entries a share says nothing, and the budgets do not apply. */
const BUDGET_FLOOR = 10;

/** Holds back every stale removal when nothing at all runs: an empty answer is no proof. */
export const emptyInventory: Guardrail = {
  name: 'empty-inventory',
  examine: (_candidates, { inventory, limits }) => {
    const runs = inventory.containers.some(({ phase }) => phase === 'running' || phase === 'starting');
    if (runs || limits.allowEmpty) return NO_OBJECTION;
    const clusters = `${inventory.clusters.length} ${inventory.clusters.length === 1 ? 'cluster' : 'clusters'}`;
    return () => `no task runs in ${clusters}; allow an empty inventory if that is right`;
  },
};

/** Holds back all stale removals of a run that together take more than a share of the managed entries. */
export const removalBudget = budget('removalBudgetPercent');

/** Holds back all unhealthy removals of a run that together take more than a share of the managed entries. */
export const unhealthyBudget = budget('unhealthyBudgetPercent');

function budget(setting: 'removalBudgetPercent' | 'unhealthyBudgetPercent'): Guardrail {
  return {
    name: 'removal-budget',
    examine: (candidates, { judged, limits }) => {
      const managed = judged.filter(isManaged).length;
      const limit = limits[setting];
      const taken = candidates.length;
      if (limits.force || managed < BUDGET_FLOOR || !exceedsShare(taken, managed, limit)) return NO_OBJECTION;
      const share = formatShare(taken, managed, limit);
      return () => `${taken} of ${managed} managed entries (${share}) exceeds ${limit} %`;
    },
  };
}

function isManaged({ judgement }: Judged): boolean {
  return judgement.verdict !== 'foreign';
}
