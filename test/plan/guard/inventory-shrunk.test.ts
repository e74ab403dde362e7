import { expect, it } from 'vitest';
import { EMPTY_STATE, type RunState } from '../../../src/model/run-state.ts';
import { guard } from '../../../src/plan/guard/guard.ts';
import { inventoryShrunk } from '../../../src/plan/guard/inventory-shrunk.ts';
import { isRemovable } from '../../../src/plan/plan.ts';
import { at, FAILING, facts, GONE, leadsTo, several } from '../support.ts';

const HOUR = 3_600_000;
const NOW = 100 * HOUR;
const WHY = '60 of 100 tasks that ran before are left (60 %), fewer than 85 %, and ECS tells no reason';
const missing = { before: 100, services: new Map([['blue api', { missing: 40, running: 10 }]]) };
const stale = several(2, GONE);
const entries = [...stale, ...several(1, FAILING, '_time._tcp', leadsTo())];

function given(shrunkSince: number | undefined, limits: Parameters<typeof facts>[1] = {}) {
  const running: RunState['running'] = { tasks: new Map(), shrunkSince };
  return facts(entries, limits, { missing, now: NOW, state: { ...EMPTY_STATE, running } });
}

it('holds every stale entry, and no unhealthy one', () => {
  const { removals, heldBack } = guard(given(undefined));
  expect(heldBack.map(({ guardrail, detail }) => `${guardrail}: ${detail}`)).toEqual([
    `inventory-shrunk: ${WHY}`,
    `inventory-shrunk: ${WHY}`,
  ]);
  expect(removals).toHaveLength(1);
});

const passing = (of: ReturnType<typeof given>) => {
  const { objection, passing: says } = inventoryShrunk.evaluate(stale.filter(isRemovable), of, []);
  const one = at(stale.filter(isRemovable), 0);
  return objection(one) ?? says(one);
};

it.each<[string, ReturnType<typeof given>, number, string | undefined]>([
  ['not a moment too early', given(NOW - HOUR + 1), 1, WHY],
  [
    'after the delay the lower number is believed',
    given(NOW - HOUR),
    3,
    `${WHY}, for so long that the lower number is believed`,
  ],
  ['forced', given(undefined, { force: true }), 3, `${WHY}, which is lifted`],
  [
    'nothing is missing',
    { ...given(undefined), missing: undefined },
    3,
    'the tasks that ran before are there, or ECS tells why not',
  ],
  ['nothing is known', { ...given(undefined), missing: undefined, state: EMPTY_STATE }, 3, undefined],
])('%s', (_, of, removed, detail) => {
  expect(guard(of).removals).toHaveLength(removed);
  expect(passing(of)).toBe(detail);
});
