import { durationText, formatDuration } from '../model/duration.ts';
import { stateOfZone } from '../model/zone-states.ts';
import type { RunContext } from './run.ts';

/** When the plan of a run is too old to be carried out any further, in epoch milliseconds. */
export function expiryOf(context: RunContext): number {
  return readingOf(context) + context.options.limits.maxPlanAgeMs;
}

/** When the reading began that the plan was made from: of one that was made before, that one. */
function readingOf({ observation: { startedAt }, options: { approvedPlan } }: RunContext): number {
  return Math.min(startedAt, approvedPlan?.startedAt ?? startedAt);
}

/** Why nothing may be sent any more because of the time that has passed; `undefined` as long as it may. */
export function ageObjection(context: RunContext): string | undefined {
  const now = context.ports.clock.now();
  if (now < expiryOf(context)) return undefined;
  const age = durationText(now - readingOf(context));
  const limit = formatDuration(context.options.limits.maxPlanAgeMs);
  return `what it was planned from was read ${age} ago, and guardrails.maxPlanAge is ${limit}`;
}

/** The same; or because a run that began later has come to its end, which a store has to tell. */
export async function planObjection(context: RunContext): Promise<string | undefined> {
  const { runId, observation, ports, options } = context;
  const { maxPlanAgeMs } = options.limits;
  const { lastRun } = stateOfZone(await ports.state.load(options.signal), observation.zone.id);
  const isLater = lastRun !== undefined && lastRun.id !== runId && lastRun.startedAt > observation.startedAt;
  // One that ends far in the future had a clock that was wrong, and tells nothing of the order.
  const isNewer = isLater && lastRun.finishedAt <= ports.clock.now() + maxPlanAgeMs;
  // The store may have been slow to answer.
  return ageObjection(context) ?? (isNewer ? newerRun(lastRun) : undefined);
}

function newerRun({ id, startedAt }: { readonly id: string; readonly startedAt: number }): string {
  return `run ${id}, which began later (${new Date(startedAt).toISOString()}), has ended before it`;
}
