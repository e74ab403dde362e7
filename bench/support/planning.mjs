// The pure part of a run on a fleet of any size, and what it allocates.
import { GCProfiler } from 'node:v8';
import { NO_GRACE, NO_UNKNOWN_HOSTS } from '../../dist/model/inventory.js';
import { probeKey } from '../../dist/model/probe.js';
import { EMPTY_STATE } from '../../dist/model/run-state.js';
import { questionsOf } from '../../dist/plan/observation.js';
import { candidateTargetsOf, makePlan } from '../../dist/plan/plan.js';
import { openParts } from './ports.mjs';
import { flagsFor } from './runs.mjs';

const HEALTHY = { kind: 'healthy', attempts: 1, durationMs: 1, status: 200 };

/** What a run would know of such a fleet, one entry in twenty stale and all containers healthy. */
export async function readFleet(sandbox, endpoints) {
  const { zone: name } = await sandbox.fleet({ endpoints: endpoints * 0.95, clusters: 10, stalePercent: 5 });
  const access = await sandbox.serve();
  const parts = openParts(flagsFor(name), access);
  const { zone, inventory } = await parts.create(new Map());
  const found = await zone.find(undefined);
  const recordSets = await zone.read(found, undefined);
  const taken = await inventory.take(() => {}, undefined);
  parts.clients.destroy();
  return { settings: parts.settings, zone: found, recordSets, inventory: taken };
}

/** The pure part of `reconcile`, through its doors: what to ask, what looks stale, and the plan. */
export function plan({ settings, zone, recordSets, inventory }) {
  const { manage, health, guardrails } = settings;
  const policy = { manage, health, limits: { ...guardrails, force: false } };
  const reading = { zone, recordSets, inventory, services: undefined };
  const { matchings, probeTargets } = questionsOf(reading, [policy]);
  const now = Date.now();
  const times = { startedAt: now, readAt: now, now };
  const unprobed = { ...reading, ...times, matchings, unknownHosts: NO_UNKNOWN_HOSTS, state: EMPTY_STATE };
  if (candidateTargetsOf(unprobed).size === 0) throw new Error('nothing looks stale');
  const outcomes = new Map(probeTargets.map((target) => [probeKey(target), HEALTHY]));
  const probeResults = { outcomes, answers: new Map(), grace: NO_GRACE };
  const made = makePlan({ ...unprobed, probeResults }, policy);
  if (made.removals === 0) throw new Error('the plan removes nothing');
  return made;
}

/** How many bytes the work allocates: what the heap has grown by, and what was collected meanwhile. */
export function allocated(work) {
  const profiler = new GCProfiler();
  const before = process.memoryUsage().heapUsed;
  profiler.start();
  const kept = work();
  const { statistics } = profiler.stop();
  const after = process.memoryUsage().heapUsed;
  const collected = statistics.reduce(
    (sum, { beforeGC, afterGC }) =>
      sum + beforeGC.heapStatistics.usedHeapSize - afterGC.heapStatistics.usedHeapSize,
    0,
  );
  return kept === undefined ? 0 : after - before + collected;
}
