import { nextHistory } from '../model/health-history.ts';
import { decide } from '../plan/decide.ts';
import { healthRecords } from '../plan/judge/health-records.ts';
import type { Judged } from '../plan/judge/judge-entries.ts';
import { eventsOf } from '../publish/events-of.ts';
import { sourceMetadataOf } from '../publish/source-metadata.ts';
import { type ApplyResult, applyPlan } from './apply.ts';
import { observe } from './observe.ts';
import type { Ports } from './ports.ts';
import type { Observation, RunOptions, RunResult } from './run.ts';
import { decideStops, deregisteredAfter, previewStops, stopTasks } from './stop-tasks.ts';

/**
 * One run: zone → inventory → match → probe → judge → plan → confirm → apply → publish → stop. The zone is
 * read first, so that a record can only point at a container that was there before the inventory was taken; the other
 * way round, every record registered in between would look stale. Throws a `RunError` before anything
 * is changed; all that fails later is a value in the result.
 *
 * @example
 * const { plan } = await reconcile(ports, { ...options, dryRun: true });
 * console.log(`${plan.removals} entries would go`);
 */
export async function reconcile(ports: Ports, options: RunOptions): Promise<RunResult> {
  const observation = await observe(ports, options);
  const desired = decide(observation.matched, observation.facts);
  const stops = decideStops(desired, observation, options);

  const { zone, inventory, unknownHosts, probeResults, services, startedAt } = observation;
  const preview = {
    zone,
    inventory,
    unknownHosts,
    probeResults,
    services,
    plan: desired.plan,
    stops: previewStops(stops),
  };
  const changes = desired.plan.groups.length > 0;
  const mayAct = !options.dryRun && (changes || stops.some(({ kind }) => kind === 'due'));
  const isApproved = mayAct && (await options.approve(preview));
  const done = isApproved && changes ? await applyPlan(desired, observation, ports, options) : undefined;

  const { judged, desiredRecords, unregistered, plan } = done?.decision ?? desired;
  if (!options.dryRun)
    await remember([...judged, ...desiredRecords, ...unregistered], observation, ports, options);
  if (done !== undefined) await publish(done, observation, ports, options);
  const stopped = isApproved ? await stopTasks(stops, observation, ports, options) : preview.stops;
  return {
    ...preview,
    plan,
    stops: stopped,
    startedAt,
    finishedAt: ports.clock.now(),
    outcomes: done?.outcomes,
    unconfirmed: done?.incomplete ?? [],
    deregisteredSince: deregisteredAfter(plan, done?.outcomes, observation, ports, options),
  };
}

function remember(
  judged: readonly Judged[],
  { probeResults }: Observation,
  { memory }: Ports,
  { health, signal }: RunOptions,
): Promise<void> {
  return memory.save(nextHistory(healthRecords(judged, probeResults.history), health), signal);
}

/** Tells the event bus of what was changed, once all else is done: whether it hears of it changes nothing. */
function publish(
  { decision, outcomes }: ApplyResult,
  { zone, inventory: { containers } }: Observation,
  { publisher, clock }: Ports,
  options: RunOptions,
): Promise<void> {
  const { groups, removing } = decision.plan;
  const time = clock.now();
  const events = () => {
    const judgements = removing.map(({ judgement }) => judgement);
    return eventsOf({ zone, groups, outcomes, describe: sourceMetadataOf({ judgements, containers }), time });
  };
  return publisher.publish(events, options);
}
