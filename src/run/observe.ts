import { normalizeName } from '../model/dns-name.ts';
import { type GraceLookup, type Inventory, NO_GRACE } from '../model/inventory.ts';
import type { RunState } from '../model/run-state.ts';
import { countRunning, type MissingTasks, missingTasks, unexplained } from '../model/running-tasks.ts';
import type { Zone } from '../model/zone.ts';
import { notOfTheFuture, stateOfZone, withoutPause } from '../model/zone-states.ts';
import { type Selection, selectionOf } from '../plan/explain.ts';
import {
  endpointsToAskTargetsOf,
  failingIn,
  type Observation,
  questionsOf,
  serviceInterest,
  withTargetHealth,
} from '../plan/observation.ts';
import type { Policy } from '../plan/policy.ts';
import type { ProbeOptions } from '../probe/prober.ts';
import { askEndpoints, type Heard } from './ask-endpoints.ts';
import { lookUpHosts } from './look-up-hosts.ts';
import { lookUpTargets } from './look-up-targets.ts';
import type { Ports } from './ports.ts';
import type { Progress, RunOptions } from './run.ts';

/** How a run is conducted, whatever its policy. */
export interface Conduct extends Pick<RunOptions, 'progress' | 'signal' | 'deadline' | 'waitUntil'> {
  /** Told once, where only slow endpoints are left to be heard: with what is known by then. */
  readonly onSlow?: ((observation: Observation) => void) | undefined;
  /** A name or set identifier of which everything is to be known: what target groups say, whether they are believed or not. */
  readonly explained?: string | undefined;
}

/**
 * Finds out all that plans for the given policies are made of: reads the zone, then the inventory, and asks
 * whatever entries lead to how it is. The zone is read first, so that a record can only point at a container that
 * was there before the inventory was taken; the other way round, every record registered in between would look stale.
 * Throws a `RunError` for what a run cannot do without.
 */
export async function observe(
  ports: Ports,
  policies: readonly Policy[],
  conduct: Conduct,
): Promise<Observation> {
  const { clock, inventory: source, prober } = ports;
  const { signal, onSlow } = conduct;
  const startedAt = clock.now();
  const [zone, states] = await Promise.all([ports.zone.find(signal), ports.state.load(signal)]);
  const state = asKnown(stateOfZone(states, zone.id), startedAt, policies);
  const recordSets = await ports.zone.read(zone, signal);
  const readAt = clock.now();
  const inventory = await source.take(reportTo(conduct, 'inventory'), signal);
  const isOfInterest = serviceInterest({ zone, recordSets }, policies);
  const services =
    isOfInterest &&
    (await source.readBalancedServices({ clusters: inventory.clusters, isOfInterest }, signal));

  const reading = { zone, recordSets, inventory, services };
  const first = questionsOf(reading, policies);
  const [unknownHosts, missing, targetHealth] = await Promise.all([
    lookUpHosts(first, reading, state, ports, signal),
    lookUpMissing(state.running, inventory, source, signal),
    lookUpTargets(endpointsToAskTargetsOf(first, explainedIn(conduct, zone)), source, signal),
  ]);
  const questions = withTargetHealth(first, targetHealth);
  const { probeTargets, matchings } = questions;
  const read = { ...reading, targetHealth, startedAt, readAt, now: clock.now() };
  const known = { ...read, unknownHosts, state, missing, matchings };
  const observed = (heard: Heard, grace: GraceLookup): Observation => ({
    ...known,
    now: clock.now(),
    probeResults: { ...heard, grace },
  });
  const options = {
    ...probeOptions(conduct, startedAt),
    onSlow: onSlow && ((heard: Heard) => onSlow(observed(heard, NO_GRACE))),
  };
  const heard = await askEndpoints(known, probeTargets, prober, options, signal);
  const failing = failingIn(questions, heard.outcomes);
  const grace = failing.length === 0 ? NO_GRACE : await source.lookUpGracePeriods(failing, signal);
  return observed(heard, grace);
}

/** What earlier runs have left, as far as the clock bears it out: a pause counts for half of the shortest delay at most. */
function asKnown(state: RunState, now: number, policies: readonly Policy[]): RunState {
  const delay = Math.min(...policies.map(({ limits }) => limits.budgetDelayMs));
  return withoutPause(notOfTheFuture(state, now), now, delay / 2);
}

/** Asks ECS of the services with too few tasks, where there are any: it costs nothing where all are there. */
async function lookUpMissing(
  before: RunState['running'],
  inventory: Inventory,
  source: Ports['inventory'],
  signal: AbortSignal | undefined,
): Promise<MissingTasks | undefined> {
  const missing = missingTasks(before?.tasks, countRunning(inventory), inventory);
  if (missing === undefined) return undefined;
  return unexplained(missing, await source.readServiceStates([...missing.services.keys()], signal));
}

/** Which entries are to be explained; none, unless there are any. */
function explainedIn({ explained }: Conduct, zone: Zone): Selection | undefined {
  return explained === undefined ? undefined : selectionOf(explained, normalizeName(zone.name));
}

/** Of the time that a run has, so much is kept for applying and reporting; at the most so many milliseconds. */
const APPLY_SHARE = 0.3;
const APPLY_MAX_MS = 15_000;

function probeOptions(conduct: Conduct, startedAt: number): ProbeOptions {
  const { deadline, waitUntil } = conduct;
  const onProgress = reportTo(conduct, 'probe');
  if (deadline === undefined) return { onProgress, waitUntil };
  const kept = Math.min(APPLY_MAX_MS, (deadline - startedAt) * APPLY_SHARE);
  return { onProgress, waitUntil, deadline: deadline - kept };
}

function reportTo({ progress }: Conduct, step: Progress['step']) {
  return (done: number, total: number) => progress?.({ step, done, total });
}
