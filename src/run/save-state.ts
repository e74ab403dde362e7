import { type ChangeOutcome, deletedSets } from '../model/change.ts';
import { entryKey } from '../model/entry.ts';
import { recordSetKey } from '../model/record-set.ts';
import { confirmedHeld, heldByBudget } from '../plan/budget-delay.ts';
import { nextState } from '../plan/next-state.ts';
import { makePlan, type Plan } from '../plan/plan.ts';
import { concernsOf } from './concerns.ts';
import { confirm } from './confirm.ts';
import type { RunContext } from './run.ts';

/** Leaves to the next run what it is to know of this one; `outcomes` is `undefined` where nothing was to be applied. */
export async function saveState(
  plan: Plan,
  outcomes: ReadonlyMap<string, ChangeOutcome> | undefined,
  context: RunContext,
): Promise<void> {
  const { runId, observation, ports, options } = context;
  const endedAs = (status: ChangeOutcome['status']) =>
    plan.groups.filter(({ key }) => outcomes?.get(key)?.status === status);
  // What was confirmed to go and is still there, such as after a conflict, goes on being confirmed.
  const gone = new Set(endedAs('already-done').flatMap(deletedSets).map(recordSetKey));
  const going = outcomes === undefined ? [] : plan.removing.map(({ judgement }) => judgement.entry);
  const left = going
    .filter(({ recordSet }) => !gone.has(recordSetKey(recordSet)))
    .map(entryKey)
    .filter((key) => observation.state.staleSince.has(key));
  const confirmed = [...left, ...(await confirmHeld(plan, context))];
  const end = {
    id: runId,
    startedAt: observation.startedAt,
    finishedAt: ports.clock.now(),
    applied: endedAs('applied'),
    confirmed,
  };
  const next = { ...nextState(observation, plan, end, options), concerns: concernsOf(plan, outcomes) };
  await ports.state.save(observation.zone.id, next, options.signal);
}

/** Of a run's time so much is kept for saving the state and for the report. */
const RESERVE_MS = 10_000;

/**
 * Confirms what the budget holds back, so that it goes once that was so for long enough. Only an earlier run can tell
 * for how long: where none is known, no state is kept, and nothing is asked.
 */
async function confirmHeld(
  plan: Plan,
  { observation, ports, options }: RunContext,
): Promise<readonly string[]> {
  const held = heldByBudget(plan);
  const { deadline = Number.POSITIVE_INFINITY, signal } = options;
  const hasTime = ports.clock.now() + RESERVE_MS < deadline;
  if (observation.state.lastRun === undefined || held.length === 0 || !hasTime) return [];
  try {
    const confirmation = await confirm(plan, observation, ports, signal, held);
    return confirmedHeld(held, makePlan(observation, options, confirmation), confirmation);
  } catch {
    // Cut short, it has confirmed nothing: what was changed is still to be saved and reported.
    return [];
  }
}
