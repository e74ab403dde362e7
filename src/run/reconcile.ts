import { randomUUID } from 'node:crypto';
import type { Observation } from '../plan/observation.ts';
import type { ChangePlan, Plan } from '../plan/plan.ts';
import { eventsOf } from '../publish/events-of.ts';
import { sourceMetadataOf } from '../publish/source-metadata.ts';
import { type ApplyResult, applyPlan } from './apply.ts';
import { askRemovals, type RemovalsAsked } from './ask-removals.ts';
import { observe } from './observe.ts';
import { planWithProtections } from './plan-with-protections.ts';
import type { Ports } from './ports.ts';
import type { RunContext, RunOptions, RunResult } from './run.ts';
import { saveState } from './save-state.ts';
import { deregisteredAfter, previewStops, stopTasks } from './stop-tasks.ts';

/**
 * One run: observe → plan → approve → confirm and apply → publish → stop. Throws a `RunError` before anything is
 * changed; all that fails later is a value in the result.
 *
 * @example
 * const { plan } = await reconcile(ports, { ...options, dryRun: true });
 * console.log(`${plan.removals} entries would go`);
 */
export async function reconcile(ports: Ports, given: RunOptions): Promise<RunResult> {
  const [seen, asked] = await Promise.all([observe(ports, [given], given), askRemovals(ports, given)]);
  const { result } = await reconcileObserved(seen, asked, ports, given);
  return result;
}

/** All of a run that comes after observing; with the plan that it came to in the end. */
export async function reconcileObserved(
  seen: Observation,
  asked: RemovalsAsked,
  ports: Ports,
  given: RunOptions,
): Promise<{ readonly result: RunResult; readonly plan: Plan }> {
  // The very same policy finds what it was matched with in the observation, and nothing is matched again.
  const options = asked.stopping === given.stopping ? given : { ...given, stopping: asked.stopping };
  const { observation, plan } = await planWithProtections(seen, ports, options, options.signal);
  const runId = randomUUID();
  const { zone, inventory, unknownHosts, probeResults, services, startedAt } = observation;
  const known = { runId, zone, inventory, unknownHosts, probeResults, services, startedAt };
  const preview = { ...known, plan: changePlanOf(plan), stops: previewStops(plan.stops) };
  const changes = plan.groups.length > 0;
  const mayAct = !options.dryRun && (changes || plan.stops.some(({ kind }) => kind === 'due'));
  const askedAt = ports.clock.now();
  const isApproved = mayAct && (await options.approve(preview));
  const context = {
    runId,
    observation,
    ports,
    options: answeredAfter(ports.clock.now() - askedAt, options),
  };
  const done = isApproved && changes ? await applyPlan(plan, context) : undefined;

  const final = done?.plan ?? plan;
  // What a newer run has left for the next ones is not written over.
  if (!options.dryRun && done?.tooOld === undefined) await saveState(final, done?.outcomes, context);
  if (done !== undefined) await publish(done, context);
  const stops = isApproved ? await stopTasks(plan.stops, context) : preview.stops;
  const result = {
    ...preview,
    plan: changePlanOf(final),
    stops,
    finishedAt: ports.clock.now(),
    outcomes: done?.outcomes,
    unconfirmed: [...asked.incomplete, ...(done?.incomplete ?? [])],
    deregisteredSince: deregisteredAfter(final, done?.outcomes, context),
  };
  return { result, plan: final };
}

/** How long an operator thought about a question is not the time of the run. */
function answeredAfter(askedMs: number, options: RunOptions): RunOptions {
  return options.deadline === undefined ? options : { ...options, deadline: options.deadline + askedMs };
}

/** What is told of a plan: what it would change, without what planning needs of the fleet. */
export function changePlanOf(plan: Plan): ChangePlan {
  const { judged, desiredRecords, unregistered, stops, inventory, matching, ...changes } = plan;
  return changes;
}

/** Tells the event bus of what was changed, once the zone is changed: whether it hears of it changes nothing. */
function publish(
  { plan: { groups, removing, inventory }, outcomes }: ApplyResult,
  { runId, observation: { zone }, ports: { publisher, clock }, options }: RunContext,
): Promise<void> {
  const time = clock.now();
  const events = () => {
    const judgements = removing.map(({ judgement }) => judgement);
    const describe = sourceMetadataOf({ judgements, ...inventory });
    return eventsOf({ runId, zone, groups, outcomes, describe, time });
  };
  return publisher.publish(events, options);
}
