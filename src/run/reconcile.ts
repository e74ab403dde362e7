import { randomUUID } from 'node:crypto';
import { describeError } from '../aws/aws-error.ts';
import type { ChangeOutcome } from '../model/change.ts';
import { leftOf } from '../plan/approved.ts';
import type { Observation } from '../plan/observation.ts';
import { afterPart, joinParts } from '../plan/parts.ts';
import { makePlan, type Plan } from '../plan/plan.ts';
import { eventsOf } from '../publish/events-of.ts';
import { sourceMetadataOf } from '../publish/source-metadata.ts';
import { inSpan } from '../spans.ts';
import { applyPlan } from './apply.ts';
import { askRemovals, type RemovalsAsked } from './ask-removals.ts';
import { checkApproved, withinOptions } from './check-approved.ts';
import { concernsOf } from './concerns.ts';
import { type FirstPart, firstPart } from './first-part.ts';
import { observe } from './observe.ts';
import { planWithProtections } from './plan-with-protections.ts';
import type { Ports } from './ports.ts';
import { changePlanOf, previewOf } from './preview.ts';
import { putBackLost } from './put-back-lost.ts';
import type { RunContext, RunOptions, RunResult } from './run.ts';
import { saveState } from './save-state.ts';
import { outcomeOfRun } from './span-outcomes.ts';
import { deregisteredAfter, stopTasks } from './stop-tasks.ts';

/**
 * One run: observe → plan → approve → confirm and apply → publish → stop. Throws a `RunError` before anything is
 * changed; all that fails later is a value in the result. With `inParts`, what is decided is applied while
 * slow endpoints are still asked.
 *
 * @example
 * const { plan } = await reconcile(ports, { ...options, dryRun: true });
 * console.log(`${plan.removals} entries would go`);
 */
export function reconcile(ports: Ports, given: RunOptions): Promise<RunResult> {
  return inSpan('run', () => reconcileOnce(ports, given), outcomeOfRun);
}

async function reconcileOnce(ports: Ports, given: RunOptions): Promise<RunResult> {
  const runId = randomUUID();
  const early = given.inParts === true && !given.dryRun ? firstPart(runId, ports, given) : undefined;
  const conduct = { ...given, onSlow: early?.begin };
  const observing = inSpan('observe', () => observe(ports, [given], conduct));
  const seeing = Promise.all([observing, askRemovals(ports, given)]).then(
    ([observation, asked]): Seen => ({ observation, asked }),
  );
  // However it ends, what was sent by then has to be settled, and told.
  await seeing.catch(() => {});
  const first = await early?.end();
  const conclude = (seen: Seen) => reconcileObserved({ ...seen, first, runId }, ports, given);
  // Only what comes before its first change throws: nothing was sent since the first part.
  const { result } = await seeing
    .then(conclude)
    .catch((error: unknown) => conclude(endedAfter(first, given, error)));
  return result;
}

/** What is known of a run that failed after a part of it was applied: nothing more is done, and what was done is told. */
function endedAfter(first: FirstPart | undefined, { stopping }: RunOptions, error: unknown): Seen {
  if (first === undefined || first.outcomes.size === 0) throw error;
  const cutShort = `the run ended after a part of it was applied: ${describeError(error)}`;
  return { observation: first.observation, asked: { stopping, incomplete: [] }, cutShort };
}

/** What a run has found out. */
interface Seen {
  readonly observation: Observation;
  readonly asked: RemovalsAsked;
  /** What of it was applied already. */
  readonly first?: FirstPart | undefined;
  /** Why nothing more is to be done. */
  readonly cutShort?: string;
  readonly runId?: string;
}

/** All of a run that comes after observing; with the plan that it came to in the end. */
export async function reconcileObserved(
  { observation: seen, asked, first, cutShort, runId = randomUUID() }: Seen,
  ports: Ports,
  given: RunOptions,
): Promise<{ readonly result: RunResult; readonly plan: Plan }> {
  // The very same policy finds what it was matched with in the observation, and nothing is matched again.
  const options = asked.stopping === given.stopping ? given : { ...given, stopping: asked.stopping };
  const left =
    first === undefined
      ? seen
      : { ...afterPart(seen, first.plan), protections: first.observation.protections };
  const { observation, plan: made } =
    cutShort !== undefined
      ? { observation: left, plan: makePlan(left, options) }
      : await inSpan('plan', () => planWithProtections(left, ports, options, options.signal));
  if (options.approvedPlan !== undefined) checkApproved(options.approvedPlan, observation);
  const plan = withinOptions(made, options);
  const preview = previewOf(plan, observation, runId);
  const changes = plan.groups.length > 0;
  const mayAct =
    !options.dryRun && cutShort === undefined && (changes || plan.stops.some(({ kind }) => kind === 'due'));
  const askedAt = ports.clock.now();
  const isApproved = mayAct && (await inSpan('approve', () => options.approve(preview)));
  const askedMs = ports.clock.now() - askedAt;
  const context = {
    runId,
    observation,
    ports,
    options: answeredAfter(askedMs, options),
    // A group of a first part writes one set, and has its key.
    inDoubt: first && new Set(first.unanswered.keys()),
  };
  const done = isApproved && changes ? await applyPlan(plan, context) : undefined;

  const rest = done === undefined ? { plan, outcomes: undefined } : await putBackLost(done, context);
  const { plan: final, outcomes } = first === undefined ? rest : joinParts(first, rest);
  // What a newer run has left for the next ones is not written over.
  if (!options.dryRun && done?.tooOld === undefined) {
    await saveState(final, outcomes, { ...context, observation: { ...observation, state: seen.state } });
  }
  if (outcomes !== undefined) await inSpan('publish', () => publish(final, outcomes, context));
  const stops = isApproved ? await inSpan('stop', () => stopTasks(plan.stops, context)) : preview.stops;
  const { approvedPlan } = options;
  const isLeft = approvedPlan !== undefined && isApproved === mayAct;
  const result = {
    ...preview,
    plan: changePlanOf(final),
    stops,
    concerns: { before: options.dryRun ? undefined : seen.state.concerns, now: concernsOf(final, outcomes) },
    left: isLeft ? leftOf(approvedPlan, final, outcomes, stops) : [],
    startedAt: observation.startedAt,
    finishedAt: ports.clock.now(),
    askedMs,
    outcomes,
    unconfirmed: [...asked.incomplete, ...(first?.incomplete ?? []), ...(done?.incomplete ?? [])],
    deregisteredSince: deregisteredAfter(final, outcomes, context),
    cutShort,
  };
  return { result, plan: final };
}

/** How long an operator thought about a question is not the time of the run. */
function answeredAfter(askedMs: number, options: RunOptions): RunOptions {
  return options.deadline === undefined ? options : { ...options, deadline: options.deadline + askedMs };
}

/** Tells the event bus of what was changed, once the zone is changed: whether it hears of it changes nothing. */
function publish(
  { groups, removing, inventory }: Plan,
  outcomes: ReadonlyMap<string, ChangeOutcome>,
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
