import { describe, expect, it } from 'vitest';
import { guard } from '../../../src/plan/guard/guard.ts';
import type { Judged } from '../../../src/plan/judge/judge-entries.ts';
import { GREEN } from '../../clusters.ts';
import {
  CALC,
  container,
  endpoint,
  FAILING,
  FOREIGN,
  facts,
  GONE,
  HEALTHY,
  inventory,
  leadsTo,
  RECOVERING,
  RUNNING,
  SPARED,
  STARTING,
  several,
  YOUNG,
  ZONE,
} from '../support.ts';

const HALF = { panicPercent: 50 };
const TIME = '_time._tcp';
const UNHEARD = { verdict: 'unverified', reason: 'deadline' } as const;

function outcome(entries: readonly Judged[], limits: object = HALF) {
  const { removals, heldBack } = guard(facts(entries, limits));
  return [removals.length, ...new Set(heldBack.map(({ guardrail, detail }) => `${guardrail}: ${detail}`))];
}

describe('of the run', () => {
  it.each<[string, Judged[], unknown[]]>([
    [
      'exactly the threshold of ten',
      [...several(5, FAILING), ...several(5, HEALTHY)],
      [0, 'panic-threshold: 5 of 10 checked entries of the run fail (50 %), at least 50 %'],
    ],
    ['one below', [...several(4, FAILING), ...several(6, HEALTHY)], [4]],
    ['exactly the threshold of fewer', [...several(4, FAILING), ...several(4, HEALTHY)], [4]],
    ['one of two', [...several(1, FAILING), ...several(1, HEALTHY)], [1]],
    [
      'one above',
      [...several(5, FAILING), ...several(4, HEALTHY)],
      [0, 'panic-threshold: 5 of 9 checked entries of the run fail (56 %), more than 50 %'],
    ],
    [
      'everything',
      several(2, FAILING),
      [0, 'panic-threshold: 2 of 2 checked entries of the run fail (100 %), more than 50 %'],
    ],
    [
      'a share that rounds to the threshold',
      [...several(101, FAILING), ...several(100, HEALTHY)],
      [0, 'panic-threshold: 101 of 201 checked entries of the run fail (50.2 %), at least 50 %'],
    ],
    [
      'a share that is told from the threshold by its second decimal',
      [...several(5001, FAILING), ...several(4999, HEALTHY)],
      [0, 'panic-threshold: 5001 of 10000 checked entries of the run fail (50.01 %), at least 50 %'],
    ],
    ['nothing fails', several(3, HEALTHY), [0]],
  ])('%s', (_, entries, expected) => {
    expect(outcome(entries)).toEqual(expected);
  });

  it.each<[string, Judged[], unknown[]]>([
    [
      'too many of them',
      [...several(1, FAILING), ...several(1, HEALTHY), ...several(1, UNHEARD)],
      [
        0,
        'panic-threshold: 2 of 3 entries of the run fail or were not heard (67 %), more than 50 %',
        'deadline: time ran out before it was probed',
      ],
    ],
    [
      'few of them',
      [...several(1, FAILING), ...several(3, HEALTHY), ...several(1, UNHEARD)],
      [1, 'deadline: time ran out before it was probed'],
    ],
  ])('what was not heard in time may fail: %s', (_, entries, expected) => {
    expect(outcome(entries)).toEqual(expected);
  });

  it('counts only entries that were checked', () => {
    const unchecked = [...several(9, RUNNING), ...several(9, STARTING), ...several(9, FOREIGN)];
    expect(outcome([...several(2, FAILING), ...several(1, HEALTHY), ...unchecked])).toEqual([
      0,
      'panic-threshold: 2 of 3 checked entries of the run fail (67 %), more than 50 %',
    ]);
  });

  it('lets stale entries go all the same, and does not count them', () => {
    expect(outcome([...several(2, GONE), ...several(1, FAILING)])).toEqual([
      2,
      'panic-threshold: 1 of 1 checked entries of the run fail (100 %), more than 50 %',
    ]);
  });
});

describe('of a name', () => {
  const rest = several(20, HEALTHY, TIME);

  it('exactly the threshold', () => {
    expect(outcome([...several(1, FAILING), ...several(1, HEALTHY), ...rest])).toEqual([1]);
  });

  it('one above, while other names pass', () => {
    expect(outcome([...several(2, FAILING), ...several(1, HEALTHY), ...rest])).toEqual([
      0,
      `panic-threshold: 2 of 3 checked entries of ${CALC}.${ZONE} fail (67 %), more than 50 %`,
    ]);
  });

  it('holds only the name that panics', () => {
    const { removals, heldBack } = guard(
      facts([...several(3, FAILING), ...several(2, FAILING, TIME), ...rest], HALF),
    );
    expect(removals.map(({ judgement }) => judgement.entry.name)).toEqual(Array(2).fill(`${TIME}.${ZONE}`));
    expect(heldBack.map(({ judgement }) => judgement.entry.name)).toEqual(Array(3).fill(`${CALC}.${ZONE}`));
  });
});

it('is lifted by force, of the run and of a name', () => {
  expect(outcome(several(3, FAILING), { ...HALF, force: true })).toEqual([3]);
});

describe('entries in their grace period', () => {
  it('do not add to the failing ones', () => {
    const { removals } = guard(
      facts([...several(1, FAILING), ...several(8, YOUNG), ...several(1, HEALTHY)], HALF),
    );
    expect(removals).toHaveLength(1);
  });

  it('do not add to those checked, either', () => {
    const { heldBack } = guard(
      facts([...several(2, FAILING), ...several(8, YOUNG), ...several(1, HEALTHY)], HALF),
    );
    const held = heldBack.filter(({ guardrail }) => guardrail === 'panic-threshold');
    expect(new Set(held.map(({ detail }) => detail))).toEqual(
      new Set(['2 of 3 checked entries of the run fail (67 %), more than 50 %']),
    );
  });
});

describe('failing entries that are not candidates', () => {
  const green = (count: number) => several(count, FAILING, CALC, leadsTo({ cluster: GREEN }));
  const unread = {
    scope: 'cluster/green',
    operation: 'ecs:ListTasks',
    error: 'x',
    hides: 'endpoints',
  } as const;
  const known = inventory([endpoint(container(1))], { incomplete: [unread] });
  const heldBy = (entries: readonly Judged[]) => {
    const { removals, heldBack } = guard(facts(entries, HALF, { inventory: known }));
    return [removals.length, ...new Set(heldBack.map(({ guardrail, detail }) => `${guardrail}: ${detail}`))];
  };

  it('count where an unread cluster holds them', () => {
    expect(heldBy([...green(4), ...several(2, FAILING), ...several(5, HEALTHY)])).toEqual([
      0,
      'inventory-incomplete: cluster green was not read completely: cluster/green ecs:ListTasks',
      'panic-threshold: 6 of 11 checked entries of the run fail (55 %), at least 50 %',
    ]);
    expect(heldBy([...green(4), ...several(1, FAILING), ...several(6, HEALTHY)])).toEqual([
      1,
      'inventory-incomplete: cluster green was not read completely: cluster/green ecs:ListTasks',
    ]);
  });

  it('count where they have not failed in enough runs', () => {
    expect(outcome([...several(4, SPARED), ...several(2, FAILING), ...several(5, HEALTHY)])).toEqual([
      0,
      'panic-threshold: 6 of 11 checked entries of the run fail (55 %), at least 50 %',
    ]);
  });

  it('count in the share of a name as well', () => {
    const rest = several(20, HEALTHY, TIME);
    expect(outcome([...several(1, SPARED), ...several(1, FAILING), ...several(1, HEALTHY), ...rest])).toEqual(
      [0, `panic-threshold: 2 of 3 checked entries of ${CALC}.${ZONE} fail (67 %), more than 50 %`],
    );
  });

  it('while those that pass, but not often enough yet, count as passing', () => {
    expect(outcome([...several(2, FAILING), ...several(2, RECOVERING)])).toEqual([2]);
    expect(outcome([...several(2, FAILING), ...several(1, RECOVERING)])).toEqual([
      0,
      'panic-threshold: 2 of 3 checked entries of the run fail (67 %), more than 50 %',
    ]);
  });
});
