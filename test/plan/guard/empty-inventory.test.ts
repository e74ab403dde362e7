import { describe, expect, it } from 'vitest';
import type { Phase } from '../../../src/model/inventory.ts';
import { guard } from '../../../src/plan/guard/guard.ts';
import type { GuardFacts } from '../../../src/plan/guard/guardrail.ts';
import { BLUE, GREEN } from '../../clusters.ts';
import { agentSet, container, endpoint, facts, GONE, inventory, judged } from '../support.ts';

function outcome(given: GuardFacts) {
  const { removals, heldBack } = guard(given);
  const [first] = heldBack;
  return {
    removed: removals.length,
    held: heldBack.length,
    ...(first === undefined ? {} : { guardrail: first.guardrail, detail: first.detail }),
  };
}

describe('empty-inventory', () => {
  const STALE = [judged(GONE, agentSet())];
  const ONE = 'no task runs in 1 cluster; allow an empty inventory if that is right';
  const NONE = 'no task runs in 0 clusters; allow an empty inventory if that is right';
  const holding = (detail: string) => ({ removed: 0, held: 1, guardrail: 'empty-inventory', detail });
  const with1 = (phase: Phase) => inventory([endpoint(container(1, { phase }))]);

  it.each<[string, ReturnType<typeof inventory>, object]>([
    ['nothing runs', inventory([]), holding(ONE)],
    ['there is no cluster', inventory([], { clusters: [] }), holding(NONE)],
    [
      'nothing runs in two clusters',
      inventory([], {
        clusters: [
          { ...BLUE, complete: true },
          { ...GREEN, complete: true },
        ],
      }),
      holding(ONE.replace('1 cluster', '2 clusters')),
    ],
    ['all that is there is stopping', with1('stopping'), holding(ONE)],
    ['all that is there has stopped', with1('stopped'), holding(ONE)],
    ['one container is starting', with1('starting'), { removed: 1, held: 0 }],
    ['one container is running', with1('running'), { removed: 1, held: 0 }],
  ])('%s', (_, known, expected) => {
    expect(outcome(facts(STALE, { allowEmpty: false }, { inventory: known }))).toEqual(expected);
  });

  it('lets go what it is allowed to', () => {
    expect(outcome(facts(STALE, { allowEmpty: true }, { inventory: inventory([]) }))).toEqual({
      removed: 1,
      held: 0,
    });
  });

  it('is not lifted by force', () => {
    const given = facts(STALE, { allowEmpty: false, force: true }, { inventory: inventory([]) });
    expect(outcome(given)).toEqual(holding(ONE));
  });
});
