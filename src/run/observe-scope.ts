import { type Container, NO_GRACE } from '../model/inventory.ts';
import { type ProbeOutcome, type ProbeTarget, probeKey } from '../model/probe.ts';
import { NO_PROTECTIONS } from '../model/protection.ts';
import type { RecordSet } from '../model/record-set.ts';
import { EMPTY_STATE } from '../model/run-state.ts';
import type { Scope } from '../model/scope.ts';
import type { Zone } from '../model/zone.ts';
import {
  endpointsToAskTargetsOf,
  type Observation,
  questionsOf,
  type Reading,
  type Unprobed,
  withTargetHealth,
} from '../plan/observation.ts';
import type { Policy } from '../plan/policy.ts';
import { labelsOfScope, namesOfScope } from '../plan/scope-plan.ts';
import type { Prober } from '../probe/prober.ts';
import { explained } from '../route53/find-zone.ts';
import { askEndpoints, askedOnce } from './ask-endpoints.ts';
import { coverageOfScope } from './look-up-hosts.ts';
import { lookUpTargets } from './look-up-targets.ts';
import type { FleetPorts } from './ports.ts';

/** What is known of a scope's endpoints already, and until when (epoch milliseconds) the others are asked. */
export interface ScopeQuestions {
  readonly known: ReadonlyMap<string, ProbeOutcome>;
  readonly deadline: number;
}

/**
 * Reads what a scope is about: its tasks, and all sets of the names that they may have; and of services that may have a
 * CNAME, those of all clusters. The tasks are read first, because they say the names; no removal rests on what a scope
 * lacks, so no record can look stale for having come in between. Where that took long, and a task was told to stop, they
 * are read once more: by then it may have stopped, and its port may be another's.
 */
export async function readScope(
  scopes: readonly Scope[],
  ports: FleetPorts,
  policy: Policy,
  signal: AbortSignal | undefined,
): Promise<Reading & { readonly startedAt: number }> {
  const startedAt = ports.clock.now();
  const labels = labelsOfScope(scopes, policy);
  const [zone, inventory, services] = await Promise.all([
    ports.zone.find(signal),
    ports.inventory.takeScope(scopes, signal),
    labels.size === 0 ? undefined : ports.inventory.findServices((label) => labels.has(label), signal),
  ]);
  const names = namesOfScope(inventory, labels, zone);
  const recordSets = names.length === 0 ? [] : await readNames(zone, names, ports, signal);
  const isOld = ports.clock.now() > startedAt + FRESH_MS && inventory.containers.some(isStopping);
  const current = isOld ? await ports.inventory.takeScope(scopes, signal) : inventory;
  return { zone, recordSets, inventory: current, services, startedAt };
}

/** Less than it takes to stop a task, and to start another one on its port. */
const FRESH_MS = 5_000;

function isStopping({ phase }: Container): boolean {
  return phase === 'stopping';
}

/** Without them nothing of the scope can be told. */
function readNames(
  zone: Zone,
  names: readonly string[],
  ports: FleetPorts,
  signal: AbortSignal | undefined,
): Promise<readonly RecordSet[]> {
  const reading = ports.zone.readNames(zone, names, signal);
  return explained('route53:ListResourceRecordSets', signal, reading);
}

/** Asks how the endpoints of a scope are, once each, unless that is known; and what else may answer where something ends. */
export async function askScope(
  reading: Awaited<ReturnType<typeof readScope>>,
  { known, deadline }: ScopeQuestions,
  ports: FleetPorts,
  policy: Policy,
  signal: AbortSignal | undefined,
): Promise<Observation> {
  const { clock, prober } = ports;
  const first = questionsOf(reading, [policy]);
  const [unknownHosts, targetHealth] = await Promise.all([
    coverageOfScope(first, reading, ports, signal),
    lookUpTargets(endpointsToAskTargetsOf(first), ports.inventory, signal),
  ]);
  const { matchings, probeTargets } = withTargetHealth(first, targetHealth);
  const now = clock.now();
  const unprobed: Unprobed = {
    ...reading,
    targetHealth,
    readAt: now,
    now,
    unknownHosts,
    state: EMPTY_STATE,
    protections: NO_PROTECTIONS,
    matchings,
  };
  const targets = probeTargets.filter((target) => !known.has(probeKey(target))).map(askedOnce);
  const brief = quickToTell(prober, (deadline - now) / 2);
  const { outcomes, answers } = await askEndpoints(unprobed, targets, brief, { deadline }, signal);
  const all = new Map([...known, ...outcomes]);
  return { ...unprobed, now: clock.now(), probeResults: { outcomes: all, answers, grace: NO_GRACE } };
}

/** What is asked whether anything is there at all takes no longer than so many milliseconds: its silence has to be one. */
function quickToTell(prober: Prober, timeoutMs: number): Prober {
  const quick = (target: ProbeTarget) =>
    target.lingerMs === undefined
      ? target
      : { ...target, check: { ...target.check, timeoutMs: Math.min(target.check.timeoutMs, timeoutMs) } };
  return { probe: (targets, options, signal) => prober.probe(targets.map(quick), options, signal) };
}
