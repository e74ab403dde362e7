// The pure part of a run on a fleet of any size, and what it allocates.
import { GCProfiler } from 'node:v8';
import { entriesOf, sortEntries } from '../../dist/model/entry.js';
import { NO_GRACE, NO_UNKNOWN_HOSTS } from '../../dist/model/inventory.js';
import { probeKey } from '../../dist/model/probe.js';
import { decide } from '../../dist/plan/change/decide.js';
import { checkResolver } from '../../dist/plan/judge/check-resolver.js';
import { probeTargetOf } from '../../dist/plan/judge/probe-targets.js';
import { matchEntries } from '../../dist/plan/match/match-entries.js';
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
  return { settings: parts.settings, recordSets, inventory: taken, zoneName: 'servicediscovery.internal' };
}

/** The pure part of `reconcile`. */
export function plan({ settings, recordSets, inventory, zoneName }) {
  const { manage, health, guardrails } = settings;
  const entries = sortEntries(entriesOf(recordSets));
  const matched = matchEntries({ zoneName, manage, recordSets, entries, inventory });
  const rule = { ...health, checkOf: checkResolver(health, health.services) };
  const probeTargets = matched.flatMap(({ match }) => probeTargetOf(match, rule) ?? []);
  const outcomes = new Map(probeTargets.map((target) => [probeKey(target), HEALTHY]));
  const { plan: made } = decide(matched, {
    inventory,
    unknownHosts: NO_UNKNOWN_HOSTS,
    outcomes,
    probeTargets,
    grace: NO_GRACE,
    history: new Map(),
    rule,
    thresholds: health,
    gracePeriodMs: health.gracePeriodMs,
    limits: { ...guardrails, force: false },
    now: Date.now(),
  });
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
