import type { Container } from '../../model/inventory.ts';
import { counted, type Guardrail, sameForAll } from './guardrail.ts';

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
