import { expect, it } from 'vitest';
import { entryKey } from '../../src/model/entry.ts';
import { confirmedHeld, heldByBudget } from '../../src/plan/budget-delay.ts';
import { guard } from '../../src/plan/guard/guard.ts';
import { isRemovable } from '../../src/plan/plan.ts';
import { NOTHING_SEEN, on, sawMachines } from './confirmations.ts';
import {
  agentSet,
  FAILING,
  facts,
  GONE,
  HEALTHY,
  host,
  inventory,
  judged,
  leadsTo,
  several,
} from './support.ts';

const HOST = host(1, { taskCount: 0 });
const KNOWN = inventory([], { hosts: [HOST] });
const stale = Array.from({ length: 6 }, (_, i) =>
  judged(GONE, agentSet({ owner: 90 + i, port: 2000 + i }), on(1)),
);
const failing = several(5, FAILING, '_time._tcp', leadsTo());
const entries = [...stale, ...failing, ...several(4, HEALTHY, '_time._tcp')];
const limits = { removalBudgetPercent: 30, unhealthyBudgetPercent: 30 };
const plan = { ...guard(facts(entries, limits, { inventory: KNOWN })), judged: entries, inventory: KNOWN };

it('what a budget holds back for a while are the stale entries, and not the unhealthy ones', () => {
  expect(new Set(plan.heldBack.map(({ guardrail }) => guardrail))).toEqual(new Set(['removal-budget']));
  expect(plan.heldBack).toHaveLength(11);
  expect(heldByBudget(plan)).toEqual(stale);
});

it('is confirmed where nothing else objects, and where it was asked', () => {
  const asked = stale.filter(isRemovable).slice(1);
  const keys = asked.map(({ judgement }) => entryKey(judgement.entry));
  const quiet = sawMachines({ 1: { tasks: 0 } });
  expect(confirmedHeld(asked, plan, { look: quiet })).toEqual(keys);
  expect(confirmedHeld(asked, plan, { look: NOTHING_SEEN })).toEqual([]);
});
